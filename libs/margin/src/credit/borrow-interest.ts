import { marginErrors } from '../errors.ts'

/** All cash of a zone, each sum in whole micro-cash and not negative, and the two indices it grows with. */
export interface CashPool {
  /** Σ of negative cash, without its sign. */
  readonly borrowedE6: bigint
  readonly lentE6: bigint
  /** What 1.0 of cash at the beginning has become, in 10⁻¹⁸. */
  readonly debtIndex: bigint
  readonly creditIndex: bigint
}

/** Yearly rates by utilisation, in 10⁻¹⁸. Defaults: docs/markets.md. */
export interface BorrowTerms {
  /** Per unit of utilisation, up to the knee. */
  readonly slope: bigint
  readonly knee: bigint
  /** From the rate at the knee, over the rest. */
  readonly steepRise: bigint
  /** What insurance keeps of the interest. */
  readonly insuranceBps: bigint
}

const ONE = 10n ** 18n
const YEAR_SECONDS = 31_536_000n
const BASIS_POINTS = 10_000n

/** 5 %·u up to u = 0.8, then 4 % + 60 %·(u − 0.8)/0.2; 10 % of the interest to insurance. */
export const HUB_BORROW_TERMS: BorrowTerms = {
  slope: ONE / 20n,
  knee: (ONE * 8n) / 10n,
  steepRise: (ONE * 6n) / 10n,
  insuranceBps: 1_000n,
}

/** The yearly rate that negative cash pays, in 10⁻¹⁸, rounded up; utilisation counts up to 1. */
export function borrowRate(pool: CashPool, terms: BorrowTerms = HUB_BORROW_TERMS): bigint {
  checkPool(pool)
  if (pool.borrowedE6 === 0n) return 0n
  const used = pool.borrowedE6 >= pool.lentE6 ? ONE : ceilDiv(pool.borrowedE6 * ONE, pool.lentE6)
  if (used <= terms.knee) return ceilDiv(terms.slope * used, ONE)
  const atKnee = ceilDiv(terms.slope * terms.knee, ONE)
  return atKnee + ceilDiv(terms.steepRise * (used - terms.knee), ONE - terms.knee)
}

/**
 * The pool after some seconds: both sums and indices grown, debt rounded up, credit down. What lies between
 * them is insurance's. Throws `MarginError` 2.
 */
export function accrueInterest(
  pool: CashPool,
  seconds: bigint,
  terms: BorrowTerms = HUB_BORROW_TERMS,
): CashPool & { readonly insuranceE6: bigint } {
  if (seconds < 0n) throw marginErrors.negative({ name: 'seconds', value: Number(seconds) })
  const growth = ceilDiv(borrowRate(pool, terms) * seconds, YEAR_SECONDS)
  const debtIndex = ceilDiv(pool.debtIndex * (ONE + growth), ONE)
  const borrowedE6 = ceilDiv(pool.borrowedE6 * debtIndex, pool.debtIndex)
  const interestE6 = borrowedE6 - pool.borrowedE6
  const toLendersE6 = (interestE6 * (BASIS_POINTS - terms.insuranceBps)) / BASIS_POINTS
  const creditIndex =
    pool.lentE6 === 0n ? pool.creditIndex : (pool.creditIndex * (pool.lentE6 + toLendersE6)) / pool.lentE6
  const lentE6 = (pool.lentE6 * creditIndex) / pool.creditIndex
  return { borrowedE6, lentE6, debtIndex, creditIndex, insuranceE6: interestE6 - (lentE6 - pool.lentE6) }
}

/**
 * Signed cash with its interest, in whole micro-cash, rounded against the account: by the debt index below
 * 0, by the credit index above. `then` are the indices when the cash was last settled.
 */
export function cashWithInterestE6(
  cashE6: bigint,
  then: Pick<CashPool, 'debtIndex' | 'creditIndex'>,
  now: Pick<CashPool, 'debtIndex' | 'creditIndex'>,
): bigint {
  if (cashE6 < 0n) return -ceilDiv(-cashE6 * now.debtIndex, then.debtIndex)
  return (cashE6 * now.creditIndex) / then.creditIndex
}

function checkPool(pool: CashPool): void {
  for (const name of ['borrowedE6', 'lentE6'] as const)
    if (pool[name] < 0n) throw marginErrors.negative({ name, value: Number(pool[name]) })
  for (const name of ['debtIndex', 'creditIndex'] as const)
    if (pool[name] <= 0n) throw marginErrors.notPositive({ name, value: Number(pool[name]) })
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
