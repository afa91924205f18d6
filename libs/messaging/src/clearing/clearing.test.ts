import fc from 'fast-check'
import { decodeAbiParameters, encodeAbiParameters, parseAbiParameters, toHex as viemHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex, utf8 } from '@causeway/primitives'
import { refusal } from '../testing/refusal.fixture.ts'
import { CLEARING_KINDS, clearingPayload, readClearingPayload } from './clearing-payload.ts'
import { encodeGovernanceCall } from './governance-call.ts'
import { decodeStandbyLocked, encodeMarginCall, readPulled } from './standby-lines.ts'
import { TRADES_MAX, decodeTrades, encodeTradeAnswers } from './trades.ts'

const VALUE = parseAbiParameters('uint8 kind, bytes body')
const TRADES = parseAbiParameters(
  '(bytes32 tradeId, bytes20 buyer, uint16 buyerSub, bytes20 seller, uint16 sellerSub, ' +
    'uint64 market, uint64 sizeE9, uint64 priceE9)[]',
)
const STANDBY = parseAbiParameters(
  'bytes32 line, bytes32 token, uint256 amount, uint64 expirySeconds, bytes20 account, uint16 sub',
)

const hexOf = (bytes: Uint8Array) => viemHex(bytes)
const bytesOf = (hex: string) => fromHex(hex.slice(2))
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const u256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const u16 = fc.nat(0xffff)
const trade = fc.record({
  tradeId: bytes(32),
  buyer: bytes(20),
  buyerSubaccount: u16,
  seller: bytes(20),
  sellerSubaccount: u16,
  market: u64,
  sizeE9: u64,
  priceE9: u64,
})
type Trade = ReturnType<typeof decodeTrades>[number]

function encodeTrades(trades: readonly Trade[]): Uint8Array {
  const rows = trades.map((each) => ({
    tradeId: hexOf(each.tradeId),
    buyer: hexOf(each.buyer),
    buyerSub: each.buyerSubaccount,
    seller: hexOf(each.seller),
    sellerSub: each.sellerSubaccount,
    market: each.market,
    sizeE9: each.sizeE9,
    priceE9: each.priceE9,
  }))
  return bytesOf(encodeAbiParameters(TRADES, [rows]))
}

describe('as viem encodes', () => {
  it('a message', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 200 }), (kind, body) => {
        const payload = clearingPayload({ kind, body })
        expect(hexOf(payload.value)).toBe(encodeAbiParameters(VALUE, [kind, hexOf(body)]))
        expect(readClearingPayload(payload)).toEqual({ kind, body })
      }),
    )
  })

  it('trades', () => {
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 5 }), (trades) => {
        expect(decodeTrades(encodeTrades(trades))).toEqual(trades)
      }),
    )
  })

  it('answers to trades', () => {
    const answer = fc.record({ tradeId: bytes(32), code: fc.string({ maxLength: 80 }) })
    const types = parseAbiParameters('(bytes32 tradeId, string code)[]')
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 5 }), (answers) => {
        const rows = answers.map(({ tradeId, code }) => ({ tradeId: hexOf(tradeId), code }))
        expect(hexOf(encodeTradeAnswers(answers))).toBe(encodeAbiParameters(types, [rows]))
      }),
    )
  })

  it('a standby line', () => {
    fc.assert(
      fc.property(
        fc.record({
          line: bytes(32),
          token: bytes(32),
          amount: u256,
          expirySeconds: u64,
          account: bytes(20),
          subaccount: u16,
        }),
        (standby) => {
          const { line, token, amount, expirySeconds, account, subaccount } = standby
          const values = [
            hexOf(line),
            hexOf(token),
            amount,
            expirySeconds,
            hexOf(account),
            subaccount,
          ] as const
          expect(decodeStandbyLocked(bytesOf(encodeAbiParameters(STANDBY, values)))).toEqual(standby)
        },
      ),
    )
  })

  it('a margin call, its answer, and a call of governance', () => {
    fc.assert(
      fc.property(bytes(32), u256, fc.uint8Array({ maxLength: 200 }), (name, amount, data) => {
        const call = encodeAbiParameters(parseAbiParameters('bytes32 line, uint256 amount'), [
          hexOf(name),
          amount,
        ])
        expect(hexOf(encodeMarginCall({ line: name, amount }))).toBe(call)
        const pulled = encodeAbiParameters(parseAbiParameters('uint256 pulled'), [amount])
        expect(readPulled(bytesOf(pulled))).toBe(amount)
        const types = parseAbiParameters('bytes32 target, bytes data')
        const governed = hexOf(encodeGovernanceCall({ target: name, data }))
        expect(governed).toBe(encodeAbiParameters(types, [hexOf(name), hexOf(data)]))
        expect(decodeAbiParameters(types, governed as `0x${string}`)).toEqual([hexOf(name), hexOf(data)])
      }),
    )
  })
})

describe('what is not canonical is refused', () => {
  it('only what is written again the same is read', () => {
    const value = clearingPayload({ kind: 1, body: utf8('some body of 37 bytes, which is padded') }).value
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = value.with(at, value[at]! ^ flip)
        const payload = { ...clearingPayload({ kind: 1, body: utf8('x') }), value: changed }
        try {
          const read = readClearingPayload(payload)
          expect(clearingPayload(read).value).toEqual(changed)
        } catch (error) {
          expect((error as { codespace?: string }).codespace).toBe('clearing')
        }
      }),
      { numRuns: 500 },
    )
  })

  it('trades, too, wherever a byte differs', () => {
    const trades = fc.sample(trade, { numRuns: 2, seed: 7 })
    const body = encodeTrades(trades)
    for (let at = 0; at < body.length; at++) {
      const changed = body.with(at, body[at]! ^ 1)
      try {
        expect(toHex(encodeTrades(decodeTrades(changed)))).toBe(toHex(changed))
      } catch (error) {
        expect((error as { codespace?: string }).codespace, `byte ${at}`).toBe('clearing')
      }
    }
  })

  it.each([
    ['no bytes', new Uint8Array(0)],
    ['a kind of two bytes', bytesOf(encodeAbiParameters(parseAbiParameters('uint16, bytes'), [256, '0x']))],
    [
      'more behind',
      Uint8Array.of(...clearingPayload({ kind: 1, body: utf8('x') }).value, ...new Uint8Array(32)),
    ],
    ['a body that does not fit', clearingPayload({ kind: 1, body: utf8('x') }).value.subarray(0, 96)],
  ])('%s', (_, value) => {
    expect(
      refusal(() => readClearingPayload({ ...clearingPayload({ kind: 1, body: utf8('x') }), value })),
    ).toBe('clearing/4')
  })

  it('other ports, versions, encodings', () => {
    const payload = clearingPayload({ kind: CLEARING_KINDS.trades, body: utf8('x') })
    const judge = (change: Partial<typeof payload>) =>
      refusal(() => readClearingPayload({ ...payload, ...change }))
    expect(judge({})).toBe('accepted')
    expect(judge({ sourcePort: 'transfer' })).toBe('clearing/1')
    expect(judge({ destinationPort: 'transfer' })).toBe('clearing/1')
    expect(judge({ version: 'ics20-1' })).toBe('clearing/2')
    expect(judge({ encoding: 'application/json' })).toBe('clearing/3')
  })

  it('too many trades, dirty padding, numbers too long, answers of another length', () => {
    const some = fc.sample(trade, { numRuns: 1, seed: 3 })
    const many = encodeTrades(Array.from({ length: TRADES_MAX + 1 }, () => some[0]!))
    expect(refusal(() => decodeTrades(many))).toBe('clearing/5')
    expect(decodeTrades(encodeTrades(Array.from({ length: TRADES_MAX }, () => some[0]!)))).toHaveLength(
      TRADES_MAX,
    )
    const body = encodeTrades(some)
    // The last byte of the buyer's word, and the first of its subaccount's.
    expect(refusal(() => decodeTrades(body.with(64 + 63, 1)))).toBe('clearing/4')
    expect(refusal(() => decodeTrades(body.with(64 + 64, 1)))).toBe('clearing/4')
    expect(refusal(() => decodeTrades(body.subarray(0, -1)))).toBe('clearing/4')
    expect(refusal(() => decodeStandbyLocked(new Uint8Array(6 * 32 + 1)))).toBe('clearing/4')
    expect([readPulled(new Uint8Array(31)), readPulled(new Uint8Array(64))]).toEqual([undefined, undefined])
  })
})
