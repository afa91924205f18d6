// Prices out of decimal text: exact, never through a float.
import { U64_MAX } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { has, numberTextIn } from './fields.ts'
import type { JsonObject } from './fields.ts'

const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/
/** A mid counts if bid and ask are at most this far apart, in percent of the bid. */
export const SPREAD_PERCENT_MAX = 5n

/**
 * A positive decimal in units of 10⁻⁹; places beyond the ninth are cut. Throws `feeder/3` for what is no
 * decimal (NaN, Infinity and 0x10 among it), `feeder/4` for what is not above zero then, and `feeder/5`
 * beyond u64.
 */
export function decimalE9(text: string, what: string): bigint {
  return scaledDecimal(text, 9, what)
}

/** The same in units of 10^−`places`. */
export function scaledDecimal(text: string, places: number, what: string): bigint {
  const match = DECIMAL.exec(text)
  if (match === null) throw errors.notDecimal({ what })
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const shift = places + Number(exponent) - fraction.length
  const digits = BigInt(whole + fraction)
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
  if (sign === '-' || value === 0n) throw errors.notPositive({ what })
  if (value > U64_MAX) throw errors.tooLarge({ what })
  return value
}

/** A member that is a price. Throws like `decimalE9`, and `feeder/2` if it is missing. */
export function priceIn(object: JsonObject, key: string): bigint {
  return decimalE9(numberTextIn(object, key), key)
}

/**
 * The mid of bid and ask, rounded down; the last price where the source names no bid or no ask. Throws
 * `feeder/6` if they are more than 5 % apart and `feeder/7` if bid is above ask: such a book has no price.
 */
export function midIn(object: JsonObject, keys: { bid: string; ask: string; last: string }): bigint {
  if (!has(object, keys.bid) || !has(object, keys.ask)) return priceIn(object, keys.last)
  const bid = priceIn(object, keys.bid)
  const ask = priceIn(object, keys.ask)
  const texts = { bid: numberTextIn(object, keys.bid), ask: numberTextIn(object, keys.ask) }
  if (bid > ask) throw errors.crossedBook(texts)
  if ((ask - bid) * 100n > bid * SPREAD_PERCENT_MAX) throw errors.wideSpread(texts)
  return (bid + ask) / 2n
}
