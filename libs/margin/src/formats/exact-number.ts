import { marginErrors } from '../errors.ts'

/** A number as a JSON text wrote it: no digit is lost before something is compared with it. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A decimal number: `digits` · 10^−`scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const DECIMAL = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/
const DIGITS_MAX = 400
const SCALE_MAX = 1_200

/** The decimal that a text writes, `undefined` when it writes none. Bounded: 400 digits, exponent ± 1,200. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = text.length <= DIGITS_MAX ? DECIMAL.exec(text) : null
  if (!match) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const scale = fraction.length - Number(exponent)
  if (scale > SCALE_MAX || scale < -SCALE_MAX) return undefined
  const digits = BigInt(whole + fraction) * (scale < 0 ? 10n ** BigInt(-scale) : 1n)
  return { digits: sign === '-' ? -digits : digits, scale: scale < 0 ? 0 : scale }
}

/** The double nearest to a decimal, correctly rounded. */
export function nearestDouble({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`)
}

/**
 * A decimal in units of 10⁻¹⁸, rounded towards minus infinity: what a confidence or a price may be cut to.
 */
export function toE18Down({ digits, scale }: Decimal): bigint {
  if (scale <= 18) return digits * 10n ** BigInt(18 - scale)
  const unit = 10n ** BigInt(scale - 18)
  const quotient = digits / unit
  return digits < 0n && quotient * unit !== digits ? quotient - 1n : quotient
}

/** An integer in units of 10⁻¹⁸ as the nearest double. */
export function doubleFromE18(value: bigint): number {
  return nearestDouble({ digits: value, scale: 18 })
}

/**
 * Reads a JSON text; every number in it becomes an `ExactNumber`. Throws `MarginError` for what is no JSON.
 */
export function parseExactJson(text: string): unknown {
  try {
    JSON.parse(text)
  } catch (error) {
    throw marginErrors.notJson({ reason: error instanceof Error ? error.message : String(error) })
  }
  // Valid JSON from here on: outside of strings, a digit or a minus begins a number.
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${MARK}${token}"`,
  )
  return JSON.parse(quoted, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? new ExactNumber(value.slice(MARK.length)) : value,
  )
}

/** A private character: a text that begins with it can only be mistaken for a number, and is then refused. */
const MARK = '\uE000'
