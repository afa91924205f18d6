import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uvarint, zigzagVarint } from '@causeway/primitives'
import { varintLength, VarintReader, writeVarint, writeZigzag, zigzagLength } from './varint.ts'

const number = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(300),
  fc.integer({ min: 0, max: 52 }).map((bits) => 2 ** bits),
)

describe('varints of safe integers', () => {
  it('are those of primitives', () => {
    fc.assert(
      fc.property(number, (value) => {
        const bytes = new Uint8Array(12)
        const end = writeVarint(value, bytes, 1)
        expect(bytes.slice(1, end)).toEqual(uvarint(value))
        expect(varintLength(value)).toBe(end - 1)
      }),
    )
  })

  it('in zigzag too', () => {
    fc.assert(
      fc.property(
        number.filter((value) => value < 2 ** 52),
        (value) => {
          const bytes = new Uint8Array(12)
          const end = writeZigzag(value, bytes, 0)
          expect(bytes.slice(0, end)).toEqual(zigzagVarint(BigInt(value)))
          expect(zigzagLength(value)).toBe(end)
        },
      ),
    )
  })

  it('are read back one after the other', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), (values) => {
        const bytes = new Uint8Array(values.length * 8 + 1)
        let end = 0
        for (const value of values) end = writeVarint(value, bytes, end)
        const reader = new VarintReader(bytes, 0)
        expect(values.map(() => reader.next())).toEqual(values)
        expect(reader.offset).toBe(end)
      }),
    )
  })

  it('change their length where they should', () => {
    for (const bits of [7, 14, 21, 28, 35, 42, 49]) {
      expect(varintLength(2 ** bits - 1)).toBe(bits / 7)
      expect(varintLength(2 ** bits)).toBe(bits / 7 + 1)
    }
  })
})
