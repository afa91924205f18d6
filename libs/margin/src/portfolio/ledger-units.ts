import { finite } from '../errors.ts'

// The border between the ledger (integers) and risk (doubles): each conversion has a name and a direction.

/** Risk's results are trusted to this share of what was added up; errors are six orders below it. */
const ROUNDING_SHARE = 1e-9
const E6 = 1e6
const E9 = 1e9

/** Signed micro-cash as cash: the nearest double. */
export function cashFromE6(cashE6: bigint): number {
  return Number(cashE6) / E6
}

/** A price in 10⁻⁹ as cash per 1.0: the nearest double. */
export function priceFromE9(priceE9: bigint): number {
  return Number(priceE9) / E9
}

/** A signed size in 10⁻⁹ of the underlying: the nearest double. */
export function sizeFromE9(sizeE9: bigint): number {
  return Number(sizeE9) / E9
}

/** Base units of an asset with 0 to 18 decimals as 1.0 of it: the nearest double. Throws `MarginError` 1. */
export function amountFromBaseUnits(amount: bigint, decimals: number): number {
  return finite('amount', Number(`${amount}e-${decimals}`))
}

/** What an account has, in whole micro-cash: floor((x − 10⁻⁹·gross)·10⁶). Throws `MarginError` 1. */
export function toMicroCashDown(cash: number, gross: number): bigint {
  return BigInt(finite('micro-cash', Math.floor((cash - ROUNDING_SHARE * gross) * E6)))
}

/** What is required of an account, in whole micro-cash: rounded up by that rule. Throws `MarginError` 1. */
export function toMicroCashUp(cash: number, gross: number): bigint {
  return -toMicroCashDown(-cash, gross)
}
