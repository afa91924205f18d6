import { powerOfTwo } from './binary-exponent.ts'

/** 1.5·2⁵²: adding and taking it away rounds to the nearest integer, ties to even. */
export const ROUND_TO_INTEGER = 6755399441055744
/** 1 ÷ ln 2. */
export const LOG2_E = 1.4426950408889634
/** ln 2 to 33 binary places: its product with an exponent is exact. */
export const LN2_HIGH = 0.6931471804855391
/** ln 2 − LN2_HIGH. */
export const LN2_LOW = 7.440617110012397e-11

/**
 * (eʳ − 1 − r) ÷ r² for |r| ≤ ½·ln 2, lowest degree first: minimax in the relative error of eʳ, which is
 * 3.6e-18 (made by `test/python/minimax.py`).
 */
export const EXP_COEFFICIENTS = [
  0.5000000000000011, 0.16666666666666413, 0.04166666666653047, 0.008333333333494584, 0.0013888888943521748,
  0.0001984126950703824, 2.4801493226952928e-5, 2.755758520577961e-6, 2.7630198543386357e-7,
  2.5000641510216723e-8,
] as const

const [C0, C1, C2, C3, C4, C5, C6, C7, C8, C9] = EXP_COEFFICIENTS
const OVERFLOW = 709.782712893384
const UNDERFLOW = -745.1332191019412

/**
 * eˣ, within 1 ulp (subnormal results included). NaN for NaN, Infinity above 709.78…, 0 below −745.13….
 *
 * The argument is reduced to x = n·ln 2 + r as in fdlibm's e_exp.c (Sun Microsystems, 1993), ln 2 in two
 * parts; eʳ is a polynomial.
 */
export function exp(x: number): number {
  if (x > OVERFLOW) return Number.POSITIVE_INFINITY
  if (x < UNDERFLOW) return 0
  if (x !== x) return x
  const n = x * LOG2_E + ROUND_TO_INTEGER - ROUND_TO_INTEGER
  const p = expReduced(x - n * LN2_HIGH - n * LN2_LOW)
  // One rounding at most: halving and doubling p is exact.
  if (n > 1023) return p * 2 * powerOfTwo(1023)
  if (n < -1074) return p * 0.5 * powerOfTwo(-1074)
  return p * powerOfTwo(n)
}

/** eʳ for |r| ≤ ½·ln 2. The order of operations is the kernel's: four chains that don't wait for another. */
export function expReduced(r: number): number {
  const r2 = r * r
  const r4 = r2 * r2
  const low = C0 + C1 * r + (C2 + C3 * r) * r2
  const middle = C4 + C5 * r + (C6 + C7 * r) * r2
  const q = low + (middle + (C8 + C9 * r) * r4) * r4
  return 1 + (r + r2 * q)
}

/** Rounds to a multiple of 1/64 below 2⁴⁵. */
export const ROUND_TO_64TH = 105553116266496
/** Where e^(−a²/2) has become 0. */
export const HALF_SQUARE_MAX = 39

/**
 * e^(−a²/2) for a ≥ 0, with a relative error of an ulp or two however large a is: a² is taken apart into the
 * exact square of a rounded to 1/64 and the small rest, as fdlibm's s_erf.c does.
 */
export function expHalfSquare(a: number): number {
  const t = a < HALF_SQUARE_MAX ? a : HALF_SQUARE_MAX
  const high = t + ROUND_TO_64TH - ROUND_TO_64TH
  const square = high * high * -0.5
  const rest = (t - high) * (t + high) * -0.5
  const n = (square + rest) * LOG2_E + ROUND_TO_INTEGER - ROUND_TO_INTEGER
  const r = square - n * LN2_HIGH + rest - n * LN2_LOW
  return expReduced(r) * powerOfTwo(n + 256) * SCALE_DOWN
}

/** 2⁻²⁵⁶: a result that may be subnormal is scaled in two steps, of which only the last can round. */
export const SCALE_DOWN = powerOfTwo(-256)
