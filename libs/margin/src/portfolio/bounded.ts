import { finite, marginErrors } from '../errors.ts'

/** Prices and strikes: up to here every product in this library stays finite. */
export const PRICE_MAX = 1e12
/** The least price: three digits below the ledger's 10⁻⁹; shocked forwards stay normal doubles. */
export const PRICE_MIN = 1e-12
/** Sizes and amounts of cash. */
export const AMOUNT_MAX = 1e15
/** Yearly rates, either way. */
export const RATE_MAX = 20
/** Volatilities: published cases go to 2,500 right before expiry. */
export const VOLATILITY_MAX = 1e6
/** Times to expiry: 20 years. */
export const SECONDS_MAX = 20 * 365 * 86_400

/**
 * The value when it is a number within bounds. Throws `MarginError` 1 or 3, named by what it belongs to and
 * its field: the name is only put together then.
 */
export function bounded(owner: string, field: string, value: number, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value
  const name = `${owner} ${field}`
  throw marginErrors.outOfRange({ name, value: finite(name, value), min, max })
}

/** A size or an amount of cash, signed. Throws `MarginError` 1 or 3. */
export function boundedAmount(owner: string, field: string, value: number): number {
  return bounded(owner, field, value, -AMOUNT_MAX, AMOUNT_MAX)
}

/** A price above zero. Throws `MarginError` 1 to 4. */
export function boundedPrice(owner: string, field: string, value: number): number {
  if (typeof value === 'number' && value >= PRICE_MIN && value <= PRICE_MAX) return value
  if (value === 0) throw marginErrors.notPositive({ name: `${owner} ${field}`, value })
  boundedNonNegative(owner, field, value, PRICE_MAX)
  return bounded(owner, field, value, PRICE_MIN, PRICE_MAX)
}

/** A number that is not below zero, at most `max`. Throws `MarginError` 1, 2 or 3. */
export function boundedNonNegative(owner: string, field: string, value: number, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value
  const name = `${owner} ${field}`
  if (finite(name, value) < 0) throw marginErrors.negative({ name, value })
  return bounded(owner, field, value, 0, max)
}
