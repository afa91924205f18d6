import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collateralValueE6, totalCollateralValueE6 } from './index.ts'

const usdc = { decimals: 6, priceE9: 1_000_000_000n, weightBps: 10_000 }

describe('collateralValueE6', () => {
  it('values whole units at the price and the weight', () => {
    expect(collateralValueE6({ ...usdc, amount: 1_000_000n })).toBe(1_000_000n)
    expect(
      collateralValueE6({ amount: 1_500_000n, decimals: 6, priceE9: 2_000_000_000n, weightBps: 9_000 }),
    ).toBe(2_700_000n)
    expect(
      collateralValueE6({ amount: 10n ** 18n, decimals: 18, priceE9: 3_000n * 10n ** 9n, weightBps: 8_500 }),
    ).toBe(2_550_000_000n)
  })

  it('rounds down, once', () => {
    expect(
      collateralValueE6({ amount: 1n, decimals: 18, priceE9: 3_000n * 10n ** 9n, weightBps: 10_000 }),
    ).toBe(0n)
    // 3 units of 1/3 each would lose more if the weight were applied to an already rounded value.
    expect(collateralValueE6({ amount: 3n, decimals: 6, priceE9: 333_333_333n, weightBps: 9_999 })).toBe(0n)
    expect(collateralValueE6({ amount: 4n, decimals: 6, priceE9: 333_333_333n, weightBps: 10_000 })).toBe(1n)
  })

  it('is nothing without amount, price or weight', () => {
    expect(collateralValueE6({ ...usdc, amount: 0n })).toBe(0n)
    expect(collateralValueE6({ ...usdc, amount: 5n, priceE9: 0n })).toBe(0n)
    expect(collateralValueE6({ ...usdc, amount: 5_000_000n, weightBps: 0 })).toBe(0n)
  })

  it('is exact at the ends of the ranges', () => {
    const amount = 2n ** 256n - 1n
    const priceE9 = 2n ** 64n - 1n
    const value = collateralValueE6({ amount, decimals: 0, priceE9, weightBps: 10_000 })
    expect(value).toBe((amount * priceE9) / 1_000n)
  })

  it('refuses numbers outside their range', () => {
    expect(() => collateralValueE6({ ...usdc, amount: -1n })).toThrow(RangeError)
    expect(() => collateralValueE6({ ...usdc, amount: 1n, priceE9: -1n })).toThrow(RangeError)
    for (const decimals of [-1, 19, 1.5, Number.NaN]) {
      expect(() => collateralValueE6({ ...usdc, amount: 1n, decimals })).toThrow(RangeError)
    }
    for (const weightBps of [-1, 10_001, 0.5, Number.NaN]) {
      expect(() => collateralValueE6({ ...usdc, amount: 1n, weightBps })).toThrow(RangeError)
    }
  })

  it('never exceeds the exact value, and never misses it by a micro-unit', () => {
    const cases = fc.record({
      amount: fc.bigInt(0n, 2n ** 128n),
      decimals: fc.integer({ min: 0, max: 18 }),
      priceE9: fc.bigInt(0n, 2n ** 64n - 1n),
      weightBps: fc.integer({ min: 0, max: 10_000 }),
    })
    fc.assert(
      fc.property(cases, (c) => {
        const value = collateralValueE6(c)
        const scale = 10n ** BigInt(c.decimals) * 10_000_000n
        const exact = c.amount * c.priceE9 * BigInt(c.weightBps)
        return value * scale <= exact && exact < (value + 1n) * scale
      }),
    )
  })

  it('grows with the amount, and splitting a balance gains nothing', () => {
    const amounts = fc.tuple(fc.bigInt(0n, 2n ** 100n), fc.bigInt(0n, 2n ** 100n))
    fc.assert(
      fc.property(amounts, fc.bigInt(1n, 2n ** 60n), ([a, b], priceE9) => {
        const of = (amount: bigint) => collateralValueE6({ amount, decimals: 6, priceE9, weightBps: 9_137 })
        return of(a) + of(b) <= of(a + b) && of(a) <= of(a + b)
      }),
    )
  })
})

describe('totalCollateralValueE6', () => {
  it('adds up', () => {
    const list = [
      { ...usdc, amount: 2_000_000n },
      { amount: 10n ** 8n, decimals: 8, priceE9: 60_000n * 10n ** 9n, weightBps: 9_000 },
    ]
    expect(totalCollateralValueE6(list)).toBe(2_000_000n + 54_000_000_000n)
    expect(totalCollateralValueE6([])).toBe(0n)
  })
})
