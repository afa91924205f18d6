// The arithmetic of cash: shares of two indices. An account holds shares, below 0 for a debt; shares times
// index are its cash. Only the indices move when interest accrues, so nobody's record is touched.
import { assert } from '@causeway/primitives'
import { HUB_BORROW_TERMS, borrowRate } from '@causeway/margin'

/** All cash of a zone. Sums have no sign. */
export interface CashPool {
  /** What 1.0 of debt at the beginning has become, in 10⁻¹⁸. */
  readonly debtIndex: bigint
  readonly creditIndex: bigint
  readonly debtShares: bigint
  readonly creditShares: bigint
  /** What was converted less what was redeemed, micro-cash at par. */
  readonly parE6: bigint
  /** Signed micro-cash that bears no interest: what markets owe and are owed between blocks. */
  readonly idleE6: bigint
}

/** An index at the beginning. */
export const INDEX_ONE = 10n ** 18n
/** Shares times index over this are micro-cash: a share is so small that rounding it moves nobody's cash. */
export const SHARE_SCALE = 10n ** 36n
const YEAR_SECONDS = 31_536_000n
const BASIS_POINTS = 10_000n

/** A zone where nobody has cash. */
export const EMPTY_POOL: CashPool = {
  debtIndex: INDEX_ONE,
  creditIndex: INDEX_ONE,
  debtShares: 0n,
  creditShares: 0n,
  parE6: 0n,
  idleE6: 0n,
}

/** Signed micro-cash of shares, rounded against the account. */
export function cashOf({ debtIndex, creditIndex }: CashPool, shares: bigint): bigint {
  if (shares < 0n) return -ceilDiv(-shares * debtIndex, SHARE_SCALE)
  return (shares * creditIndex) / SHARE_SCALE
}

/** Shares that are exactly so much cash: `cashOf` gives it back. */
export function sharesOf({ debtIndex, creditIndex }: CashPool, cashE6: bigint): bigint {
  if (cashE6 < 0n) return -((-cashE6 * SHARE_SCALE) / debtIndex)
  return ceilDiv(cashE6 * SHARE_SCALE, creditIndex)
}

/** The pool when one account's shares change. */
export function withShares(pool: CashPool, before: bigint, after: bigint): CashPool {
  const credit = (shares: bigint) => (shares > 0n ? shares : 0n)
  const debt = (shares: bigint) => (shares < 0n ? -shares : 0n)
  const creditShares = pool.creditShares + credit(after) - credit(before)
  const debtShares = pool.debtShares + debt(after) - debt(before)
  assert(creditShares >= 0n && debtShares >= 0n, 'sums of shares hold each account’s')
  return { ...pool, creditShares, debtShares }
}

/** What debtors owe (rounded up) and all others have (rounded down), micro-cash. */
export function sumsOf(pool: CashPool): { readonly borrowedE6: bigint; readonly lentE6: bigint } {
  return {
    borrowedE6: ceilDiv(pool.debtShares * pool.debtIndex, SHARE_SCALE),
    lentE6: (pool.creditShares * pool.creditIndex) / SHARE_SCALE,
  }
}

/** The yearly rate that debts pay now, in 10⁻¹⁸. */
export function rateOf(pool: CashPool): bigint {
  return borrowRate({ ...pool, ...sumsOf(pool) })
}

/**
 * The pool some seconds later: debts grow by the borrow rate, rounded up; nine tenths of what they grow by go
 * to credits, rounded down. What is left is `surplus`, insurance's.
 *
 * DIFFERS FROM SPEC: libs/margin's `accrueInterest` rounds whole sums to micro-cash each time. At a block a
 * second that is more than what small debts owe, so only its rate is used, and sums stay exact.
 */
export function accrue(pool: CashPool, seconds: bigint): CashPool {
  assert(seconds >= 0n, 'block time does not go back')
  if (pool.debtShares === 0n || seconds === 0n) return pool
  const growth = ceilDiv(rateOf(pool) * seconds, YEAR_SECONDS)
  const debtIndex = ceilDiv(pool.debtIndex * (INDEX_ONE + growth), INDEX_ONE)
  const interest = pool.debtShares * (debtIndex - pool.debtIndex)
  const before = surplus(pool)
  // Rounding shares can make the surplus negative by less than a billionth of a micro-cash: paid back first.
  const shared = (interest * (BASIS_POINTS - HUB_BORROW_TERMS.insuranceBps)) / BASIS_POINTS
  const toCredits = before < 0n ? shared + before : shared
  const step = pool.creditShares > 0n && toCredits > 0n ? toCredits / pool.creditShares : 0n
  return { ...pool, debtIndex, creditIndex: pool.creditIndex + step }
}

/** What the pool holds beyond all accounts' exact cash, in micro-cash times `SHARE_SCALE`. */
export function surplus(pool: CashPool): bigint {
  const { parE6, idleE6, creditShares, creditIndex, debtShares, debtIndex } = pool
  return (parE6 - idleE6) * SHARE_SCALE - creditShares * creditIndex + debtShares * debtIndex
}

/** Whole micro-cash of the surplus. */
export function surplusE6(pool: CashPool): bigint {
  const left = surplus(pool)
  return left > 0n ? left / SHARE_SCALE : 0n
}

/**
 * The pool with the highest index of credits, at most what it is, that its par covers; nothing where positive
 * cash can't bear what is missing.
 */
export function loweredCredit(pool: CashPool): CashPool | undefined {
  const { parE6, idleE6, creditShares, creditIndex, debtShares, debtIndex } = pool
  const covered = (parE6 - idleE6) * SHARE_SCALE + debtShares * debtIndex
  if (creditShares === 0n) return covered < 0n ? undefined : pool
  if (covered < creditShares) return undefined
  const index = covered / creditShares
  return index < creditIndex ? { ...pool, creditIndex: index } : pool
}

/** A billionth of what the index of credits began with: below it, interest would be lost in rounding. */
const CREDIT_INDEX_LEAST = 10n ** 9n

/** What positive cash can lose, whole micro-cash: its index stays one that counts; a unit is rounding's. */
export function bearableE6(pool: CashPool): bigint {
  const lost = pool.creditIndex - CREDIT_INDEX_LEAST
  const most = (pool.creditShares * lost + surplus(pool)) / SHARE_SCALE - 1n
  return most > 0n ? most : 0n
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}
