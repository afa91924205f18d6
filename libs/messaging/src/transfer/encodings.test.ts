import { U256_MAX, concatBytes, fromHex, isProtocolError, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusal } from '../testing/refusal.fixture.ts'
import { decodeAbi, encodeAbi } from './abi-encoding.ts'
import { decodeJson, encodeJson } from './json-encoding.ts'
import {
  MEMO_BYTES_MAX,
  TRANSFER_ENCODINGS,
  decodeTransfer,
  encodeTransfer,
  requireTransfer,
} from './packet-data.ts'
import type { FungibleTokenPacketData } from './packet-data.ts'

const data: FungibleTokenPacketData = {
  denom: 'uatom',
  amount: 1_000_000n,
  sender: 'sender',
  receiver: 'receiver',
  memo: 'memo',
}
const encodings = Object.values(TRANSFER_ENCODINGS)
const payload = (encoding: string, value: Uint8Array, over: object = {}) => ({
  ...encodeTransfer(data),
  encoding,
  value,
  ...over,
})

const account = fc.stringMatching(/^[\x21-\x7e]{1,80}$/)
const hop = fc.stringMatching(/^[a-z]{2,9}\/(07-tendermint|ethereum|channel)-[0-9]{1,3}\/$/)
const base = fc.stringMatching(/^[A-Za-z][A-Za-z0-9:._-]{0,60}$/)
const denom = fc.tuple(fc.array(hop, { maxLength: 4 }), base).map(([hops, name]) => hops.join('') + name)
const memo = fc
  .string({ unit: 'binary', maxLength: 200 })
  .filter((text) => !text.includes('\0') && text.isWellFormed())
const amount = fc.oneof(fc.bigInt({ min: 1n, max: U256_MAX }), fc.bigInt({ min: 1n, max: 1000n }))
const transfer: fc.Arbitrary<FungibleTokenPacketData> = fc.record({
  denom,
  amount,
  sender: account,
  receiver: account,
  memo,
})

/** A second, naive reading of the Solidity specification: follows offsets wherever they point. */
function naiveAbi(bytes: Uint8Array): FungibleTokenPacketData {
  const hex = toHex(bytes)
  const number = (byte: number) => BigInt(`0x${hex.slice(byte * 2, byte * 2 + 64)}`)
  const tuple = Number(number(0))
  const text = (slot: number) => {
    const at = tuple + Number(number(tuple + slot * 32))
    const length = Number(number(at))
    return new TextDecoder().decode(bytes.slice(at + 32, at + 32 + length))
  }
  return { denom: text(0), sender: text(1), receiver: text(2), amount: number(tuple + 96), memo: text(4) }
}

describe('every encoding', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(transfer, fc.constantFrom(...encodings), (any, encoding) => {
        expect(decodeTransfer(encodeTransfer(any, encoding))).toEqual(any)
      }),
      { numRuns: 500 },
    )
  })

  it('answers any bytes with a transfer or a refusal, never otherwise', () => {
    const bytes = fc.uint8Array({ maxLength: 400 })
    fc.assert(
      fc.property(bytes, fc.constantFrom(...encodings), (value, encoding) => judge(payload(encoding, value))),
      { numRuns: 2000 },
    )
  })

  it('answers damaged transfers with the same transfer or a refusal that is ours', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.nat({ max: 40 }) })
    fc.assert(
      fc.property(transfer, fc.constantFrom(...encodings), damage, (any, encoding, { at, byte, cut }) => {
        const value = encodeTransfer(any, encoding).value.slice()
        value[at % value.length] = byte
        judge(payload(encoding, value))
        judge(payload(encoding, value.slice(0, Math.max(0, value.length - cut))))
        judge(payload(encoding, concatBytes(value, value.slice(0, cut))))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['a source port', { sourcePort: 'clearing' }, 'transfer/1'],
    ['a destination port', { destinationPort: 'clearing' }, 'transfer/1'],
    ['a version', { version: 'ics20-2' }, 'transfer/2'],
    ['an encoding', { encoding: 'application/xml' }, 'transfer/3'],
    ['no encoding', { encoding: '' }, 'transfer/3'],
  ])('refuses %s of others', (_name, over, expected) => {
    expect(refusal(() => decodeTransfer(payload(TRANSFER_ENCODINGS.json, encodeJson(data), over)))).toBe(
      expected,
    )
  })

  it.each([
    ['no amount', { amount: 0n }, 'transfer/40'],
    ['a negative amount', { amount: -1n }, 'transfer/40'],
    ['an amount of 257 bits', { amount: U256_MAX + 1n }, 'transfer/40'],
    ['no sender', { sender: '' }, 'transfer/41'],
    ['a blank sender', { sender: ' ' }, 'transfer/41'],
    ['no receiver', { receiver: '' }, 'transfer/41'],
    ['a receiver with a line end', { receiver: 'cway1x\n' }, 'transfer/41'],
    ['a receiver bomb', { receiver: 'r'.repeat(2049) }, 'transfer/41'],
    ['a memo bomb', { memo: 'm'.repeat(MEMO_BYTES_MAX + 1) }, 'transfer/42'],
    ['a memo bomb of long characters', { memo: 'é'.repeat(MEMO_BYTES_MAX / 2 + 1) }, 'transfer/42'],
    ['a NUL in the memo', { memo: 'a\0b' }, 'transfer/43'],
    ['half a character in the memo', { memo: '\ud800' }, 'transfer/43'],
    ['no denomination', { denom: '' }, 'transfer/20'],
    ['a base with a slash', { denom: 'gamm/pool/1' }, 'transfer/20'],
  ])('refuses to write and to read %s', (_name, over, expected) => {
    const bad = { ...data, ...over }
    expect(refusal(() => requireTransfer(bad))).toBe(expected)
    for (const encoding of encodings) expect(refusal(() => encodeTransfer(bad, encoding))).toBe(expected)
  })

  it('takes the greatest of everything', () => {
    const most = { ...data, amount: U256_MAX, memo: 'm'.repeat(MEMO_BYTES_MAX), receiver: 'r'.repeat(2048) }
    for (const encoding of encodings) expect(decodeTransfer(encodeTransfer(most, encoding))).toEqual(most)
  })

  it('refuses bombs quickly, whatever they are made of', () => {
    const size = 262_144
    for (const byte of ['[', '{', '"', '\\', ' ', '\0', '\xff']) {
      const value = new Uint8Array(size).fill(byte.charCodeAt(0))
      for (const encoding of encodings) judge(payload(encoding, value))
    }
    judge(payload(TRANSFER_ENCODINGS.json, utf8(`{"memo":"${'\\u0061'.repeat(40_000)}"}`)))
  })

  it('uses JSON where none is named', () => {
    expect(encodeTransfer(data).encoding).toBe('application/json')
  })
})

describe('ABI', () => {
  it('agrees with a second reading of the specification', () => {
    fc.assert(
      fc.property(transfer, (any) => {
        const bytes = encodeAbi(any)
        expect(bytes.length % 32).toBe(0)
        expect(naiveAbi(bytes)).toEqual(any)
      }),
      { numRuns: 500 },
    )
  })

  it('reads one encoding only of each transfer', () => {
    const word = fc.nat({ max: 30 })
    const nearby = fc.oneof(fc.bigInt({ min: 0n, max: 700n }), fc.constant(U256_MAX), fc.constant(2n ** 63n))
    fc.assert(
      fc.property(transfer, word, nearby, (any, index, value) => {
        const bytes = encodeAbi(any)
        const at = (index % (bytes.length / 32)) * 32
        bytes.set(fromHex(value.toString(16).padStart(64, '0')), at)
        try {
          expect(toHex(encodeAbi(decodeAbi(bytes)))).toBe(toHex(bytes))
        } catch (error) {
          if (!isProtocolError(error)) throw error
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['nothing', (_hex: string) => ''],
    ['a tuple that begins elsewhere', (hex: string) => word(64n) + word(0n) + hex.slice(64)],
    ['an offset into the head', (hex: string) => hex.slice(0, 64) + word(0n) + hex.slice(128)],
    ['an offset of 2^256 - 1', (hex: string) => hex.slice(0, 64) + word(U256_MAX) + hex.slice(128)],
    ['a length of 2^256 - 1', (hex: string) => hex.slice(0, 384) + word(U256_MAX) + hex.slice(448)],
    [
      'a length that reaches into the next field',
      (hex: string) => hex.slice(0, 384) + word(40n) + hex.slice(448),
    ],
    ['dirt in the padding', (hex: string) => `${hex.slice(0, 510)}01${hex.slice(512)}`],
    ['a word too many', (hex: string) => hex + word(0n)],
    ['a byte too many', (hex: string) => `${hex}00`],
    ['a word too few', (hex: string) => hex.slice(0, -64)],
  ])('refuses %s', (_name, damage) => {
    const hex = damage(toHex(encodeAbi(data)))
    expect(refusal(() => decodeAbi(fromHex(hex)))).toBe('transfer/7')
  })

  it('refuses text that is no UTF-8', () => {
    const hex = toHex(encodeAbi(data))
    expect(refusal(() => decodeAbi(fromHex(`${hex.slice(0, 448)}ff${hex.slice(450)}`)))).toBe('primitives/2')
  })
})

describe('JSON', () => {
  it('reads like JSON.parse whatever it reads at all', () => {
    const member = fc.tuple(
      fc.constantFrom('denom', 'amount', 'sender', 'receiver', 'memo', 'x'),
      fc.string(),
    )
    const space = fc.constantFrom('', ' ', '\n\t')
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), space, (members, gap) => {
        const written = members.map(([name, value]) => `${gap}"${name}"${gap}:${JSON.stringify(value)}`)
        const text = `${gap}{${written.join(`${gap},`)}}${gap}`
        try {
          const mine = decodeJson(utf8(text))
          const parsed = JSON.parse(text) as Record<string, string>
          expect({ ...mine, amount: mine.amount.toString() }).toEqual({
            denom: '',
            sender: '',
            receiver: '',
            memo: '',
            ...parsed,
          })
        } catch (error) {
          if (!isProtocolError(error)) throw error
        }
      }),
    )
  })

  it.each([
    ['', 'transfer/4'],
    ['{', 'transfer/4'],
    ['{"denom"}', 'transfer/4'],
    ['{"denom":}', 'transfer/4'],
    ['{"denom":"a",}', 'transfer/4'],
    ['{"denom":"a"}}', 'transfer/4'],
    ['{"denom":"\\x"}', 'transfer/4'],
    ['{"denom":"\\u12g4"}', 'transfer/4'],
    ['{"denom":"a', 'transfer/4'],
    ['{"denom":"a\\', 'transfer/4'],
    ['{"denom":"\\udc00"}', 'transfer/4'],
    ['{"denom":["a"]}', 'transfer/4'],
    ["{'denom':'a'}", 'transfer/4'],
    ['{"other":"a"}', 'transfer/5'],
    ['{"__proto__":"a"}', 'transfer/5'],
    ['{"Denom":"a"}', 'transfer/5'],
    ['{"denom":"a","denom":"a"}', 'transfer/6'],
    ['{"denom":"a","d\\u0065nom":"b"}', 'transfer/6'],
    ['{}', 'transfer/40'],
  ])('refuses %s', (text, expected) => {
    expect(refusal(() => decodeJson(utf8(text)))).toBe(expected)
  })

  it('writes Go escapes', () => {
    const text = new TextDecoder().decode(encodeJson({ ...data, memo: '<&>\u2028é\x7f' }))
    expect(text).toContain('"memo":"\\u003c\\u0026\\u003e\\u2028é\x7f"')
  })
})

function judge(value: Parameters<typeof decodeTransfer>[0]): void {
  try {
    requireTransfer(decodeTransfer(value))
  } catch (error) {
    if (!isProtocolError(error)) throw error
  }
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}
