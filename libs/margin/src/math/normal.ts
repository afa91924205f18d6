import { expHalfSquare } from './exp.ts'
import { ln } from './ln.ts'

/**
 * Numerator and denominator of e^(a²/2)·N(−a), lowest degree first: minimax on 0 … 39, relative error
 * 8.2e-17; beyond, the quotient falls off as 1 ÷ a (made by `test/python/minimax.py`). No coefficient is
 * negative, so that nothing cancels.
 */
export const TAIL_NUMERATOR = [
  0.5, 0.7745038090553278, 0.5935017966042578, 0.28893834696299914, 0.09751988102110738, 0.023566764417806786,
  0.004077292114133089, 0.0004886451835124428, 3.7089449129919016e-5, 1.378140843205865e-6,
] as const
/** See TAIL_NUMERATOR. */
export const TAIL_DENOMINATOR = [
  1, 2.346892178913514, 2.559552628632859, 1.7126196496819912, 0.7809192365660458, 0.2544803959935452,
  0.06029106132314503, 0.010313225147711262, 0.0012283063202616488, 9.296946187736444e-5,
  3.4544868040141667e-6,
] as const

const [P0, P1, P2, P3, P4, P5, P6, P7, P8, P9] = TAIL_NUMERATOR
const [, Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q8, Q9, Q10] = TAIL_DENOMINATOR

/** 1 ÷ √(2π) */
export const INVERSE_ROOT_TWO_PI = 0.3989422804014327

/** Density of the standard normal distribution, relative error of 2 ulp. NaN for NaN. */
export function normalPdf(x: number): number {
  if (x !== x) return x
  return INVERSE_ROOT_TWO_PI * expHalfSquare(x < 0 ? -x : x)
}

/**
 * Distribution function of the standard normal, N(x). In the left tail the *relative* error stays below 7e-16
 * down to −37.5, where the subnormal numbers begin; 0 from −38.5 on. ½ at 0; N(x) + N(−x) is 1. NaN for NaN.
 */
export function normalCdf(x: number): number {
  if (x !== x) return x
  const a = x < 0 ? -x : x
  const tail = expHalfSquare(a) * scaledTail(a < TAIL_MAX ? a : TAIL_MAX)
  return x > 0 ? 1 - tail : tail
}

/** Beyond it `scaledTail` is not asked: its powers would overflow. */
export const TAIL_MAX = 1099511627776

/**
 * e^(a²/2)·N(−a) for 0 ≤ a ≤ 2⁴⁰ (Mills' ratio ÷ √(2π)), as one quotient of polynomials. The order of
 * operations is the kernel's.
 */
export function scaledTail(a: number): number {
  const a2 = a * a
  const a4 = a2 * a2
  const a8 = a4 * a4
  const p = P0 + P1 * a + (P2 + P3 * a) * a2 + (P4 + P5 * a + (P6 + P7 * a) * a2) * a4 + (P8 + P9 * a) * a8
  const q =
    1 + Q1 * a + (Q2 + Q3 * a) * a2 + (Q4 + Q5 * a + (Q6 + Q7 * a) * a2) * a4 + (Q8 + Q9 * a + Q10 * a2) * a8
  return p / q
}

/**
 * The x with N(x) = p, relative error below 1e-15 for 0 < p < 1. −Infinity at 0, Infinity at 1, NaN outside.
 *
 * Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
 */
export function normalInverse(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (q <= 0.425 && q >= -0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, CENTRE_TOP)) / polynomial(r, CENTRE_BOTTOM)
  }
  const tail = q < 0 ? p : 1 - p
  if (tail === 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const r = Math.sqrt(-ln(tail))
  const x =
    r <= 5
      ? polynomial(r - 1.6, MIDDLE_TOP) / polynomial(r - 1.6, MIDDLE_BOTTOM)
      : polynomial(r - 5, FAR_TOP) / polynomial(r - 5, FAR_BOTTOM)
  return q < 0 ? -x : x
}

function polynomial(x: number, coefficients: readonly number[]): number {
  let value = 0
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i]!
  return value
}

const CENTRE_TOP = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
  45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
]
const CENTRE_BOTTOM = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867,
  39307.89580009271061, 28729.085735721942674, 5226.495278852854561,
]
const MIDDLE_TOP = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
]
const MIDDLE_BOTTOM = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
  0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
]
const FAR_TOP = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
  0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
]
const FAR_BOTTOM = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
]
