import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '@causeway/primitives'
import { codeOf } from '../../refusal.fixture.ts'
import type { RlpItem } from './rlp.ts'
import { decodeRlp, encodeRlp, minimalBytes } from './rlp.ts'

const decode = (hex: string) => codeOf(() => decodeRlp(fromHex(hex)))
const bytes = (length: number) => new Uint8Array(length).fill(0xab)

describe('RLP', () => {
  it('has the lengths of the yellow paper', () => {
    expect(toHex(encodeRlp(bytes(55))).slice(0, 2)).toBe('b7')
    expect(toHex(encodeRlp(bytes(56))).slice(0, 4)).toBe('b838')
    expect(toHex(encodeRlp(bytes(256))).slice(0, 6)).toBe('b90100')
    expect(toHex(encodeRlp(Array.from({ length: 55 }, () => Uint8Array.of(1)))).slice(0, 2)).toBe('f7')
    expect(toHex(encodeRlp(Array.from({ length: 56 }, () => Uint8Array.of(1)))).slice(0, 4)).toBe('f838')
  })

  it('round-trips every item', () => {
    const { item } = fc.letrec<{ item: RlpItem }>((tie) => ({
      item: fc.oneof(
        { maxDepth: 6 },
        fc.uint8Array({ maxLength: 300 }),
        fc.array(tie('item'), { maxLength: 6 }),
      ),
    }))
    fc.assert(
      fc.property(item, (value) => {
        const encoded = encodeRlp(value)
        expect(encodeRlp(decodeRlp(encoded))).toEqual(encoded)
      }),
    )
  })

  it('decodes no two byte strings to the same item: what decodes, encodes to itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (random) => {
        if (codeOf(() => decodeRlp(random)) === 'accepted')
          expect(encodeRlp(decodeRlp(random))).toEqual(random)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['nothing', ''],
    ['a trailing byte', '0000'],
    ['a byte in a string of its own', '8105'],
    ['a cut string', '83abab'],
    ['a cut list', 'c3abab'],
    ['an item that leaves its list', 'c283ab'],
    ['a long form of a short string', 'b801ff'],
    ['a leading zero in a length', 'b90038' + 'ab'.repeat(56)],
    ['a cut length', 'b9ff'],
    ['a length of five bytes', 'bc0100000000'],
    ['a length of eight bytes', 'ffffffffffffffffff'],
  ])('refuses %s', (_, hex) => {
    expect(decode(hex)).toBe('ethereum/40')
  })

  it('bounds how deep lists nest', () => {
    const nested = (depth: number): RlpItem => (depth === 0 ? [] : [nested(depth - 1)])
    expect(codeOf(() => decodeRlp(encodeRlp(nested(14))))).toBe('accepted')
    expect(codeOf(() => decodeRlp(encodeRlp(nested(15))))).toBe('ethereum/40')
    expect(decode('ff'.repeat(1000))).toBe('ethereum/40')
  })

  it('writes numbers without leading zeros', () => {
    expect(minimalBytes(0n)).toEqual(new Uint8Array(0))
    expect(minimalBytes(256n)).toEqual(Uint8Array.of(1, 0))
    expect(() => minimalBytes(-1n)).toThrow('negative')
  })
})
