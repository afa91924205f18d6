// Numbers at the door are decimal texts, inside whole numbers of the smallest unit: nothing is ever a float.
import { errors } from './errors.ts'

/** Digits after the point of prices and sizes, and of cash. */
export const PRICE_DIGITS = 9
/** 10⁻⁶: micro-cash. */
export const CASH_DIGITS = 6

const LENGTH_MAX = 96
const FORM = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/

/**
 * Reads `1500`, `0.25` or `-3.5` as whole units of 10^-digits. Throws `client/20` for any other form, and
 * for more digits after the point than there are units for.
 *
 *     toUnits('0.25', 9, 'size') // 250_000_000n
 */
export function toUnits(text: string, digits: number, name: string): bigint {
  const match = typeof text === 'string' && text.length <= LENGTH_MAX ? FORM.exec(text) : null
  if (match === null) throw errors.badArgument({ name, expected: 'a decimal number as text, such as "1.5"' })
  const [, sign, whole, fraction = ''] = match
  const kept = fraction.replace(/0+$/, '')
  if (kept.length > digits) {
    throw errors.badArgument({ name, expected: `at most ${digits} digits after the point` })
  }
  const units = BigInt(whole! + kept.padEnd(digits, '0'))
  return sign === '-' ? -units : units
}

/** The same, above zero. Throws `client/20`. */
export function toPositiveUnits(text: string, digits: number, name: string): bigint {
  const units = toUnits(text, digits, name)
  if (units <= 0n) throw errors.badArgument({ name, expected: 'a number above zero' })
  return units
}

/** Writes whole units of 10^-digits as a decimal text without trailing zeros. */
export function fromUnits(units: bigint, digits: number): string {
  const isNegative = units < 0n
  const text = (isNegative ? -units : units).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const fraction = text.slice(text.length - digits).replace(/0+$/, '')
  return `${isNegative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Reads a whole number that the hub wrote as text; `what` is named when it is none. Throws `client/2`. */
export function readInteger(text: string, what: string): bigint {
  if (text.length > LENGTH_MAX || !/^-?(0|[1-9][0-9]*)$/.test(text)) {
    throw errors.badAnswer({ what, reason: 'expected a whole number' })
  }
  return BigInt(text)
}

/** A number of micro-cash that the hub wrote as text, as a decimal of cash. Throws `client/2`. */
export function cashText(textE6: string, what: string): string {
  return fromUnits(readInteger(textE6, what), CASH_DIGITS)
}

/** A price or size in 10⁻⁹ as a decimal. */
export function priceText(unitsE9: bigint): string {
  return fromUnits(unitsE9, PRICE_DIGITS)
}
