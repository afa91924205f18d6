import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accrueInterest, borrowRate, cashWithInterestE6, type CashPool } from './borrow-interest.ts'

const ONE = 10n ** 18n
const pool = (borrowedE6: bigint, lentE6: bigint): CashPool => ({
  borrowedE6,
  lentE6,
  debtIndex: ONE,
  creditIndex: ONE,
})
const percent = (rate: bigint) => Number(rate) / 1e16

describe('borrow rate', () => {
  it('follows 5 %·u up to 80 %, then rises to 64 %', () => {
    expect(percent(borrowRate(pool(0n, 100n)))).toBe(0)
    expect(percent(borrowRate(pool(40n, 100n)))).toBeCloseTo(2, 12)
    expect(percent(borrowRate(pool(80n, 100n)))).toBeCloseTo(4, 12)
    expect(percent(borrowRate(pool(90n, 100n)))).toBeCloseTo(34, 12)
    expect(percent(borrowRate(pool(100n, 100n)))).toBeCloseTo(64, 12)
    expect(percent(borrowRate(pool(500n, 100n)))).toBeCloseTo(64, 12)
    expect(percent(borrowRate(pool(1n, 0n)))).toBeCloseTo(64, 12)
  })
})

describe('accrual', () => {
  it('a year at 2 %: debtors pay it, lenders get nine tenths, insurance one', () => {
    const after = accrueInterest(pool(40_000_000n, 100_000_000n), 31_536_000n)
    expect(after.borrowedE6).toBe(40_800_000n)
    expect(after.lentE6).toBe(100_720_000n)
    expect(after.insuranceE6).toBe(80_000n)
  })

  it('nothing is made from nothing: what debtors owe more is what lenders and insurance have more', () => {
    const sums = fc.bigInt(0n, 10n ** 15n)
    fc.assert(
      fc.property(
        sums,
        sums,
        fc.bigInt(0n, 86_400n),
        fc.bigInt(ONE, 3n * ONE),
        (borrowed, lent, seconds, index) => {
          const before = { ...pool(borrowed, lent), debtIndex: index, creditIndex: index }
          const after = accrueInterest(before, seconds)
          expect(after.borrowedE6 - borrowed).toBe(after.lentE6 - lent + after.insuranceE6)
          expect(after.insuranceE6 >= 0n).toBe(true)
          expect(after.debtIndex >= index && after.creditIndex >= index).toBe(true)
        },
      ),
    )
  })

  it('each account is rounded against itself', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.bigInt(ONE, 3n * ONE), (cashE6, index) => {
        const now = { debtIndex: index, creditIndex: index }
        const grown = cashWithInterestE6(cashE6, pool(0n, 0n), now)
        expect(grown * ONE <= cashE6 * index && (grown + 1n) * ONE > cashE6 * index).toBe(true)
      }),
    )
  })

  it('refuses negative sums and times, and an index of 0', () => {
    expect(() => accrueInterest(pool(1n, 1n), -1n)).toThrow(/seconds/)
    expect(() => borrowRate(pool(-1n, 1n))).toThrow(/borrowedE6/)
    expect(() => borrowRate({ ...pool(1n, 1n), debtIndex: 0n })).toThrow(/debtIndex/)
  })
})
