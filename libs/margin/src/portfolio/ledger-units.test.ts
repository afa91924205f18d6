import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import {
  amountFromBaseUnits,
  cashFromE6,
  priceFromE9,
  sizeFromE9,
  toMicroCashDown,
  toMicroCashUp,
} from './ledger-units.ts'

describe('from the ledger', () => {
  it('is the nearest double', () => {
    expect(cashFromE6(-1_500_000n)).toBe(-1.5)
    expect(priceFromE9(3_000_100_000_000n)).toBe(3_000.1)
    expect(sizeFromE9(-10_000_000n)).toBe(-0.01)
    expect(amountFromBaseUnits(1_234_567_890_123_456_789n, 18)).toBe(1.2345678901234568)
    expect(amountFromBaseUnits(5n, 0)).toBe(5)
  })

  it('refuses decimals that are none and amounts beyond the doubles', () => {
    for (const decimals of [-1, 1.5, Number.NaN])
      expect(() => amountFromBaseUnits(1n, decimals)).toThrow(MarginError)
    expect(() => amountFromBaseUnits(10n ** 400n, 0)).toThrow(MarginError)
  })
})

describe('to the ledger', () => {
  it('rounds down what an account has and up what is required of it', () => {
    expect(toMicroCashDown(1.0000019, 0)).toBe(1_000_001n)
    expect(toMicroCashDown(-1.0000011, 0)).toBe(-1_000_002n)
    expect(toMicroCashUp(1.0000011, 0)).toBe(1_000_002n)
    expect(toMicroCashUp(0, 0)).toBe(0n)
  })

  it('refuses what is no number, and what is none in micro-cash', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 1e308])
      for (const convert of [toMicroCashDown, toMicroCashUp])
        expect(() => convert(bad, 0)).toThrow(MarginError)
    expect(() => toMicroCashDown(0, Number.NaN)).toThrow(MarginError)
  })

  it('takes 10⁻⁹ of what was added up, so that no rounding error favours the account', () => {
    expect(toMicroCashDown(1_000, 1_000_000)).toBe(999_999_000n)
    expect(toMicroCashUp(1_000, 1_000_000)).toBe(1_000_001_000n)
  })

  it('the same number goes down and up against the account', () => {
    const cash = fc.double({ min: -1e12, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(cash, fc.double({ min: 0, max: 1e12, noNaN: true }), (amount, other) => {
        const gross = Math.abs(amount) + other
        expect(toMicroCashDown(amount, gross) <= toMicroCashUp(amount, gross)).toBe(true)
        expect(Number(toMicroCashDown(amount, gross)) / 1e6).toBeLessThanOrEqual(amount)
        expect(toMicroCashUp(amount, gross)).toBe(-toMicroCashDown(-amount, gross))
      }),
    )
  })

  it('cash that was read from the ledger never grows on its way back', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 21n), 10n ** 21n), (cashE6) => {
        const cash = cashFromE6(cashE6)
        expect(toMicroCashDown(cash, Math.abs(cash)) <= cashE6).toBe(true)
      }),
    )
  })
})
