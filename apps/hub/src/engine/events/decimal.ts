/** An exact decimal number: units · 10^−scale. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const DIGITS_MAX = 128

/** Reads a decimal without sign, or with a minus; `undefined` when it is none or has over 128 digits. */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > DIGITS_MAX) return undefined
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return undefined
  const decimals = match[3] ?? ''
  return { units: BigInt(`${match[1]}${match[2]}${decimals}`), scale: decimals.length }
}

/** The number that a text begins with, as in `6.5stake`; `undefined` when it begins with none. */
export function leadingDecimal(text: string): Decimal | undefined {
  const match = /^\d+(\.\d+)?/.exec(text)
  return match ? parseDecimal(match[0]) : undefined
}

/** Negative when a < b, 0 when they are equal, positive when a > b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const left = a.units * 10n ** BigInt(b.scale)
  const right = b.units * 10n ** BigInt(a.scale)
  return left < right ? -1 : left > right ? 1 : 0
}
