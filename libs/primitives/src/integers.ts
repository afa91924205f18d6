import { errors } from './primitive-errors.ts'

/** A type that only its constructor makes, so that two of them don't mix. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name }

/** Whole seconds since 1970 or a span of them. */
export type Seconds = Brand<bigint, 'Seconds'>
/** Nanoseconds since 1970 or a span of them. */
export type Nanoseconds = Brand<bigint, 'Nanoseconds'>

/** Names a number as seconds. */
export function seconds(value: bigint): Seconds {
  return value as Seconds
}

/** Names a number as nanoseconds. */
export function nanoseconds(value: bigint): Nanoseconds {
  return value as Nanoseconds
}

/** Nanoseconds in a second. */
export const NANOSECONDS_PER_SECOND = 1_000_000_000n

/** 2⁶⁴ − 1. */
export const U64_MAX = (1n << 64n) - 1n
/** 2²⁵⁶ − 1. */
export const U256_MAX = (1n << 256n) - 1n

/** ⌊a·b/d⌋, exact, towards −∞ (so that a credit is never rounded up). Throws `primitives/21`. */
export function mulDivFloor(a: bigint, b: bigint, divisor: bigint): bigint {
  if (divisor === 0n) throw errors.divisionByZero()
  const product = a * b
  const quotient = product / divisor
  const inexact = quotient * divisor !== product
  return inexact && product < 0n !== divisor < 0n ? quotient - 1n : quotient
}

/** ⌈a·b/d⌉, exact, towards +∞ (so that a debit is never rounded down). Throws `primitives/21`. */
export function mulDivCeil(a: bigint, b: bigint, divisor: bigint): bigint {
  return -mulDivFloor(-a, b, divisor)
}

/** Passes a u64 through; throws `primitives/20` for anything else. */
export function requireU64(value: bigint, what: string): bigint {
  if (value < 0n || value > U64_MAX) throw errors.outOfRange({ what, max: U64_MAX })
  return value
}

const DECIMAL_DIGITS_MAX = 78

/** Reads an unsigned decimal: no sign, no leading zero, at most 78 digits. Throws `primitives/5`. */
export function parseDecimal(text: string, what: string): bigint {
  if (text.length > DECIMAL_DIGITS_MAX || !/^(0|[1-9][0-9]*)$/.test(text)) throw errors.badDecimal({ what })
  return BigInt(text)
}
