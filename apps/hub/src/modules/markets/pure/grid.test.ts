import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  NOTIONAL_UNIT,
  ORDER_LOTS_MAX,
  isGrid,
  isOrderSize,
  isPrice,
  toLots,
  toTicks,
  tradeNotionalE6,
} from './grid.ts'

const grid = { tickE9: 10_000_000n, lotE9: 100_000n }

describe('a grid', () => {
  it.each([
    [10_000_000n, 100_000n, true],
    [1n, NOTIONAL_UNIT, true],
    [500_000n, 4_000_000n, true],
    [500_000n, 1_000_000n, false],
    [0n, NOTIONAL_UNIT, false],
    [NOTIONAL_UNIT, 0n, false],
    [-1n, -NOTIONAL_UNIT, false],
  ])('of tick %s and lot %s: %s', (tickE9, lotE9, is) => {
    expect(isGrid({ tickE9, lotE9 })).toBe(is)
  })

  it('lets prices and sizes on it through, and nothing too large', () => {
    expect([0n, 1n, 9_999_999n, 10_000_000n, 20_000_000n].map((price) => isPrice(price, grid))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ])
    expect(isPrice(10_000_000n * (1n << 52n), grid)).toBe(true)
    expect(isPrice(10_000_000n * ((1n << 52n) + 1n), grid)).toBe(false)
    expect([-100_000n, 0n, 50_000n, 100_000n].map((size) => isOrderSize(size, grid))).toEqual([
      false,
      false,
      false,
      true,
    ])
    expect(isOrderSize(100_000n * BigInt(ORDER_LOTS_MAX), grid)).toBe(true)
    expect(isOrderSize(100_000n * BigInt(ORDER_LOTS_MAX + 1), grid)).toBe(false)
  })

  it('rounds a limit towards filling less', () => {
    expect(toTicks(1_015_000_000n, true, grid)).toBe(101)
    expect(toTicks(1_015_000_000n, false, grid)).toBe(102)
    expect([true, false].map((isBuy) => toTicks(1_010_000_000n, isBuy, grid))).toEqual([101, 101])
  })

  it('is left only by a bug', () => {
    expect(() => toLots(150_000n, grid)).toThrow('multiple')
    expect(() => toTicks(-1n, true, grid)).toThrow('negative')
    expect(() => toTicks(10_000_000n << 53n, true, grid)).toThrow('2^52')
    expect(() => tradeNotionalE6(1n, 1n)).toThrow('whole')
  })

  it('makes every notional exact, with the sign of the size', () => {
    expect(tradeNotionalE6(100_000n, 2_000_010_000_000n)).toBe(200_001n)
    expect(tradeNotionalE6(-100_000n, 2_000_010_000_000n)).toBe(-200_001n)
    const grids = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
      .map(([tickE9, lot]) => ({ tickE9, lotE9: lot * (NOTIONAL_UNIT / gcd(NOTIONAL_UNIT, tickE9)) }))
    fc.assert(
      fc.property(grids, fc.bigInt(1n, 1n << 40n), fc.bigInt(1n, 1n << 36n), (any, ticks, lots) => {
        expect(isGrid(any)).toBe(true)
        const cash = tradeNotionalE6(lots * any.lotE9, ticks * any.tickE9)
        expect(cash * NOTIONAL_UNIT).toBe(lots * any.lotE9 * ticks * any.tickE9)
        expect(toLots(lots * any.lotE9, any)).toBe(Number(lots))
        expect(toTicks(ticks * any.tickE9, true, any)).toBe(Number(ticks))
      }),
    )
  })
})

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
