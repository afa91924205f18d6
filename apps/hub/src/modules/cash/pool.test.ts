import { accrueInterest } from '@causeway/margin'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_POOL,
  INDEX_ONE,
  SHARE_SCALE,
  accrue,
  cashOf,
  rateOf,
  sharesOf,
  sumsOf,
  surplus,
  surplusE6,
  withShares,
} from './pool.ts'
import type { CashPool } from './pool.ts'

const index = fc.bigInt(INDEX_ONE, 5n * INDEX_ONE)
const cash = fc.bigInt(-(10n ** 18n), 10n ** 18n)
const pools = fc
  .tuple(index, index)
  .map(([debtIndex, creditIndex]): CashPool => ({ ...EMPTY_POOL, debtIndex, creditIndex }))

/** A pool of one lender and one debtor; the rest of what was lent is at par. */
function poolOf(lentE6: bigint, borrowedE6: bigint): CashPool {
  const lent = withShares(EMPTY_POOL, 0n, sharesOf(EMPTY_POOL, lentE6))
  const pool = withShares(lent, 0n, sharesOf(lent, -borrowedE6))
  return { ...pool, parE6: lentE6 - borrowedE6 }
}

describe('shares', () => {
  it('are exactly the cash that they were made of', () => {
    fc.assert(
      fc.property(pools, cash, (pool, amount) => {
        expect(cashOf(pool, sharesOf(pool, amount))).toBe(amount)
      }),
    )
  })

  it('grow with their index, rounded against the account', () => {
    fc.assert(
      fc.property(cash, index, (amount, now) => {
        const pool = { ...EMPTY_POOL, debtIndex: now, creditIndex: now }
        const grown = cashOf(pool, sharesOf(EMPTY_POOL, amount))
        expect(grown * INDEX_ONE <= amount * now && (grown + 1n) * INDEX_ONE > amount * now).toBe(true)
      }),
    )
  })

  it('sum to what debtors owe and the others have', () => {
    const pool = poolOf(100n, 40n)
    expect(sumsOf(pool)).toEqual({ borrowedE6: 40n, lentE6: 100n })
    expect(surplus(pool)).toBe(0n)
    expect(() => withShares(pool, -(10n ** 30n), 0n)).toThrow('hold each account')
  })
})

describe('interest', () => {
  it('is 5 % of u up to 80 %, then 60 % more over the rest', () => {
    const percent = (lent: bigint, borrowed: bigint) => Number(rateOf(poolOf(lent, borrowed))) / 1e16
    expect(percent(100n, 0n)).toBe(0)
    expect(percent(100n, 40n)).toBeCloseTo(2, 12)
    expect(percent(100n, 90n)).toBeCloseTo(34, 12)
    expect(percent(100n, 100n)).toBeCloseTo(64, 12)
  })

  it('of a year at 2 %: nine tenths to lenders, a tenth stays for insurance', () => {
    const after = accrue(poolOf(100_000_000n, 40_000_000n), 31_536_000n)
    expect(sumsOf(after)).toEqual({ borrowedE6: 40_800_000n, lentE6: 100_720_000n })
    expect(surplusE6(after)).toBe(80_000n)
  })

  it('is libs/margin’s in one step, but for its rounding to micro-cash', () => {
    const sums = fc.bigInt(10n ** 6n, 10n ** 15n)
    fc.assert(
      fc.property(sums, sums, fc.bigInt(1n, 10_000_000n), (lent, borrowed, seconds) => {
        const before = poolOf(lent, borrowed)
        const theirs = accrueInterest({ ...before, borrowedE6: borrowed, lentE6: lent }, seconds)
        const ours = accrue(before, seconds)
        expect(ours.debtIndex).toBe(theirs.debtIndex)
        const { borrowedE6, lentE6 } = sumsOf(ours)
        expect(borrowedE6).toBe(theirs.borrowedE6)
        expect(Number(lentE6 - theirs.lentE6)).toBeLessThanOrEqual(2)
        expect(Number(lentE6 - theirs.lentE6)).toBeGreaterThanOrEqual(-2)
      }),
    )
  })

  it('makes nothing of nothing, block after block: a small debt pays no more than its rate', () => {
    // A cash of debt in ten of credit, a day of blocks: 0.5 % a year of it is 13.7 micro-cash.
    let pool = poolOf(10_000_000n, 1_000_000n)
    for (let block = 0; block < 86_400; block += 20) pool = accrue(pool, 20n)
    const { borrowedE6, lentE6 } = sumsOf(pool)
    expect(borrowedE6).toBe(1_000_014n)
    expect(lentE6).toBe(10_000_012n)
    expect(surplus(pool) >= 0n && surplus(pool) < 3n * SHARE_SCALE).toBe(true)
  })

  it('never pays out more than was paid in, whatever the steps', () => {
    const sums = fc.bigInt(0n, 10n ** 15n)
    const steps = fc.array(fc.bigInt(0n, 100_000n), { maxLength: 30 })
    fc.assert(
      fc.property(sums, sums, steps, (lent, borrowed, seconds) => {
        let pool = poolOf(lent, borrowed)
        for (const step of seconds) {
          const next = accrue(pool, step)
          expect(next.debtIndex >= pool.debtIndex && next.creditIndex >= pool.creditIndex).toBe(true)
          expect(surplus(next) >= surplus(pool)).toBe(true)
          pool = next
        }
        expect(surplus(pool) >= 0n).toBe(true)
      }),
    )
  })

  it('pays back first what rounding of shares took', () => {
    const pool = poolOf(10n ** 12n, 10n ** 11n)
    const short = { ...pool, creditShares: pool.creditShares + 10n ** 10n }
    expect(surplus(short)).toBeLessThan(0n)
    expect(surplus(accrue(short, 1n))).toBeGreaterThan(0n)
  })

  it('is none without debts, and time doesn’t go back', () => {
    const pool = poolOf(100n, 0n)
    expect(accrue(pool, 1_000n)).toBe(pool)
    expect(() => accrue(pool, -1n)).toThrow('does not go back')
  })
})
