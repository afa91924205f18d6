// What shares of the vault are worth. Shares are counted in 10⁻¹² of 1.0, worth in micro-cash, the worth of
// 1.0 in 10⁻¹⁸ cash. Spec: docs/vault.md.
import { assert } from '@causeway/primitives'

/** 10⁻¹⁸ cash of 1.0 from micro-cash and shares: 10⁻⁶ · 10¹² · 10¹⁸. */
const WORTH_SCALE = 10n ** 24n
/**
 * Nobody's: 1.0 shares and the 1 cash that they are worth at first, added where shares are sold. Whoever
 * moves the worth of an empty vault pays them too, so that a later depositor's rounding is no prey.
 */
export const NOBODYS_SHARES = 10n ** 12n
const NOBODYS_E6 = 10n ** 6n
/** 10⁻⁶ cash: a vault whose shares are worth less is lost, and takes nothing in. */
export const SHARE_E18_MIN = 10n ** 12n
const BPS = 10_000n

/** A vault. */
export interface VaultWorth {
  /** What it has, micro-cash; may be negative. */
  readonly worthE6: bigint
  /** Of all holders. */
  readonly shares: bigint
}

/** What 1.0 costs: its part, nobody's shares counted, rounded up; at least 0. */
export function buyingE18({ worthE6, shares }: VaultWorth): bigint {
  const costE18 = ceil((worthE6 + NOBODYS_E6) * WORTH_SCALE, shares + NOBODYS_SHARES)
  return costE18 > 0n ? costE18 : 0n
}

/**
 * What 1.0 brings: the less of its part with and without them, rounded down; at least 0. So all holders
 * together get no more than there is.
 */
export function sellingE18({ worthE6, shares }: VaultWorth): bigint {
  if (worthE6 < 0n || (worthE6 === 0n && shares > 0n)) return 0n
  const withNobodys = ((worthE6 + NOBODYS_E6) * WORTH_SCALE) / (shares + NOBODYS_SHARES)
  if (shares === 0n) return withNobodys
  const alone = (worthE6 * WORTH_SCALE) / shares
  return alone < withNobodys ? alone : withNobodys
}

/** Shares for a deposit at what 1.0 costs; `leftBps` of it stays with the others. */
export function sharesFor(amountE6: bigint, buyingAtE18: bigint, leftBps: bigint): bigint {
  assert(amountE6 >= 0n && buyingAtE18 > 0n, 'shares have a price')
  return (amountE6 * (BPS - leftBps) * WORTH_SCALE) / (BPS * buyingAtE18)
}

/** Micro-cash for shares at what 1.0 brings; `leftBps` of it stays with the others. */
export function cashFor(shares: bigint, sellingAtE18: bigint, leftBps: bigint): bigint {
  assert(shares >= 0n && sellingAtE18 >= 0n, 'shares are worth nothing or more')
  return (shares * sellingAtE18 * (BPS - leftBps)) / (BPS * WORTH_SCALE)
}

/** Shares that so much cash is paid for, rounded up. */
export function sharesPaidBy(cashE6: bigint, sellingAtE18: bigint, leftBps: bigint): bigint {
  assert(cashE6 >= 0n && sellingAtE18 > 0n, 'what brings nothing is not paid')
  return ceil(cashE6 * BPS * WORTH_SCALE, sellingAtE18 * (BPS - leftBps))
}

/** Whether 1.0 has lost this share, or more, of what it was worth. */
export function hasLost(nowE18: bigint, thenE18: bigint, lossBps: bigint): boolean {
  return nowE18 * BPS < thenE18 * (BPS - lossBps)
}

function ceil(dividend: bigint, divisor: bigint): bigint {
  return dividend > 0n ? (dividend + divisor - 1n) / divisor : dividend / divisor
}
