import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { be16, be32, be64, fromBe16, fromBe64, le64 } from './fixed-width.ts'
import { mulDivCeil, mulDivFloor, parseDecimal, requireU64, U64_MAX } from './integers.ts'
import { readUvarint, uvarint, zigzagVarint } from './varint.ts'

const code = (number: number) => expect.objectContaining({ codespace: 'primitives', code: number })
const u64 = fc.bigInt({ min: 0n, max: U64_MAX })
const big = fc.bigInt({ min: -(1n << 200n), max: 1n << 200n })

describe('named rounding', () => {
  it('floor and ceil bracket the exact quotient by less than one', () => {
    fc.assert(
      fc.property(big, big, big, (a, b, d) => {
        fc.pre(d !== 0n)
        const sign = d < 0n ? -1n : 1n
        const floor = mulDivFloor(a, b, d)
        const ceil = mulDivCeil(a, b, d)
        expect(floor * d * sign <= a * b * sign && a * b * sign < (floor + 1n) * d * sign).toBe(true)
        expect(ceil * d * sign >= a * b * sign && a * b * sign > (ceil - 1n) * d * sign).toBe(true)
      }),
    )
  })

  it.each([
    [7n, 1n, 2n, 3n, 4n],
    [-7n, 1n, 2n, -4n, -3n],
    [7n, 1n, -2n, -4n, -3n],
    [-7n, 1n, -2n, 3n, 4n],
    [8n, 1n, 2n, 4n, 4n],
    [0n, 5n, 3n, 0n, 0n],
  ])('%d · %d / %d is between %d and %d', (a, b, d, floor, ceil) => {
    expect(mulDivFloor(a, b, d)).toBe(floor)
    expect(mulDivCeil(a, b, d)).toBe(ceil)
  })

  it('refuses to divide by zero', () => {
    expect(() => mulDivFloor(1n, 1n, 0n)).toThrow(code(21))
    expect(() => mulDivCeil(1n, 1n, 0n)).toThrow(code(21))
  })
})

describe('decimals', () => {
  it('reads what it should', () => {
    fc.assert(
      fc.property(u64, (n) => {
        expect(parseDecimal(n.toString(), 'amount')).toBe(n)
      }),
    )
  })

  it.each(['', '00', '01', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '0x1', '１', '9'.repeat(79)])(
    'refuses %j',
    (text) => {
      expect(() => parseDecimal(text, 'amount')).toThrow(code(5))
    },
  )

  it('requireU64 holds its bounds', () => {
    expect(requireU64(U64_MAX, 'n')).toBe(U64_MAX)
    expect(() => requireU64(U64_MAX + 1n, 'n')).toThrow(code(20))
    expect(() => requireU64(-1n, 'n')).toThrow(code(20))
  })
})

describe('fixed width', () => {
  it('agrees with Node', () => {
    fc.assert(
      fc.property(u64, fc.nat(0xffffffff), fc.nat(0xffff), (n, m, s) => {
        const buffer = Buffer.alloc(8)
        buffer.writeBigUInt64BE(n)
        expect(be64(n)).toEqual(new Uint8Array(buffer))
        expect(fromBe64(be64(n))).toBe(n)
        expect(le64(n)).toEqual(new Uint8Array(buffer).reverse())
        expect(Buffer.from(be32(m)).readUInt32BE()).toBe(m)
        expect(fromBe16(be16(s))).toBe(s)
      }),
    )
  })

  it('refuses what does not fit', () => {
    expect(() => be64(-1n)).toThrow(code(20))
    expect(() => le64(U64_MAX + 1n)).toThrow(code(20))
    expect(() => be32(1.5)).toThrow(code(20))
    expect(() => be32(2 ** 32)).toThrow(code(20))
    expect(() => be16(-1)).toThrow(code(20))
    expect(() => fromBe64(new Uint8Array(7))).toThrow(code(10))
    expect(() => fromBe64(new Uint8Array(8), 1)).toThrow(code(10))
    expect(() => fromBe16(new Uint8Array(1))).toThrow(code(10))
  })
})

describe('varints', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(u64, (n) => {
        const bytes = uvarint(n)
        expect(readUvarint(bytes, 0)).toEqual({ value: n, next: bytes.length })
      }),
    )
  })

  it('zigzag is that of Go', () => {
    expect(zigzagVarint(0n)).toEqual(Uint8Array.of(0))
    expect(zigzagVarint(-1n)).toEqual(Uint8Array.of(1))
    expect(zigzagVarint(1n)).toEqual(Uint8Array.of(2))
    expect(zigzagVarint(300n)).toEqual(Uint8Array.of(0xd8, 0x04))
    expect(zigzagVarint(-(1n << 63n))).toEqual(uvarint(U64_MAX))
  })

  it.each([
    ['cut short', [0x80], 10],
    ['empty', [], 10],
    ['not minimal', [0x80, 0x00], 11],
    ['above 64 bits', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], 11],
    ['eleven bytes', [...Array<number>(10).fill(0x80), 0x01], 11],
  ])('refuses a varint that is %s', (_what, bytes, number) => {
    expect(() => readUvarint(Uint8Array.from(bytes), 0)).toThrow(code(number))
  })
})
