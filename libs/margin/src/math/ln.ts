import { exponentOf, powerOfTwo } from './binary-exponent.ts'
import { exp, LN2_HIGH, LN2_LOW } from './exp.ts'

/** Below it a double is subnormal. */
export const LEAST_NORMAL = 2.2250738585072014e-308
/** √2 ÷ 2 */
export const HALF_ROOT = 0.7071067811865476

/**
 * (ln((1 + s) ÷ (1 − s)) − 2s) ÷ s³ as a polynomial in s², lowest degree first, for |s| ≤ (√2 − 1)²: minimax,
 * relative error of the logarithm 1.3e-18 (made by `test/python/minimax.py`).
 */
export const LN_COEFFICIENTS = [
  0.6666666666666733, 0.39999999999420927, 0.28571428741066396, 0.22222198700959647, 0.18183558093818994,
  0.1531419985841806, 0.14794552987390094,
] as const

const [L0, L1, L2, L3, L4, L5, L6] = LN_COEFFICIENTS

/**
 * Natural logarithm, within 1 ulp. NaN below zero and for NaN, −Infinity at zero, Infinity at Infinity.
 *
 * x = 2ᵏ·(1 + f) with √½ ≤ 1 + f ≤ √2 and s = f ÷ (2 + f); the parts are added as in fdlibm's e_log.c (Sun
 * Microsystems, 1993).
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  if (x === Number.POSITIVE_INFINITY) return x
  const normal = x < LEAST_NORMAL ? x * TWO_TO_54 : x
  const exponent = exponentOf(normal)
  const significand = normal * powerOfTwo(-exponent)
  const over = significand * HALF_ROOT > 1
  const m = over ? significand * 0.5 : significand
  const k = exponent + (over ? 1 : 0) - (x < LEAST_NORMAL ? 54 : 0)
  const f = m - 1
  const s = f / (2 + f)
  const z = s * s
  const halfSquare = 0.5 * f * f
  const tail = s * (halfSquare + z * seriesOf(z))
  return k * LN2_HIGH - (halfSquare - (tail + k * LN2_LOW) - f)
}

const TWO_TO_54 = 18014398509481984

/**
 * ln(a ÷ b) of two positive normal doubles, within 2 ulp, without a rounded quotient: near a = b the relative
 * error stays small. The order of operations is the kernel's.
 *
 * With a = 2ⁱ·p, b = 2ʲ·q and p ÷ q brought within √½ … √2, it is (i − j)·ln 2 + 2·artanh((p − q) ÷ (p + q)).
 */
export function lnRatio(a: number, b: number): number {
  const i = exponentOf(a)
  const j = exponentOf(b)
  const p = a * powerOfTwo(-i)
  const q = b * powerOfTwo(-j)
  const e = i - j
  const up = p * HALF_ROOT > q
  const down = q * HALF_ROOT > p
  const top = down ? p + p : p
  const bottom = up ? q + q : q
  const k = up ? e + 1 : down ? e - 1 : e
  const s = (top - bottom) / (top + bottom)
  const z = s * s
  return k * LN2_HIGH + (s + s + (s * z * seriesOf(z) + k * LN2_LOW))
}

function seriesOf(z: number): number {
  const z2 = z * z
  const low = L0 + L1 * z + (L2 + L3 * z) * z2
  return low + (L4 + L5 * z + L6 * z2) * (z2 * z2)
}

/**
 * base^exponent for a base ≥ 0, as e^(exponent·ln base): exact where the exponent is 0 or 1 or the base is 1,
 * otherwise with a relative error below (2 + |exponent·ln base|)·2.3e-16. 0^0 = 1, 0^positive = 0,
 * 0^negative = Infinity; NaN for a negative base.
 */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1
  if (exponent === 1) return base < 0 ? Number.NaN : base
  if (base === 1) return exponent === exponent ? 1 : exponent
  return exp(exponent * ln(base))
}
