import { decimalText } from './formats.ts'

const PRICE_SCALE = 9
const CASH_SCALE = 6

/** A price or a size in 10⁻⁹ as text. */
export function e9Text(value: bigint): string {
  return decimalText(value, PRICE_SCALE)
}

/** The same, or null. */
export function e9TextOrNull(value: bigint | null | undefined): string | null {
  return value === null || value === undefined ? null : e9Text(value)
}

/** Micro-cash as text. */
export function cashText(value: bigint): string {
  return decimalText(value, CASH_SCALE)
}

/** The same, or null. */
export function cashTextOrNull(value: bigint | null | undefined): string | null {
  return value === null || value === undefined ? null : cashText(value)
}

/** Seconds since 1970 as the scalar `Time` has them; 0 and null are never. */
export function secondsOrNull(seconds: bigint | null): bigint | null {
  return seconds === null || seconds === 0n ? null : seconds * 1_000_000_000n
}
