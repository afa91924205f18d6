import { finiteNonNegative, finiteResult } from '../errors.ts'
import { expHalfSquare } from '../math/exp.ts'
import { LEAST_NORMAL, lnRatio } from '../math/ln.ts'
import { scaledTail, TAIL_MAX } from '../math/normal.ts'

/** From this total volatility on an option is worth its bound, and no more is computed. */
export const INFINITE_VOLATILITY = 24

/**
 * Value of a European option on a forward, today: Black (1976),
 *
 *     call = discount · (forward·N(d₁) − strike·N(d₂)),  d₁,₂ = ln(forward ÷ strike) ÷ v ± v ÷ 2
 *
 * with v the total volatility vol·√T. At v = 0 it is the discounted intrinsic value; from v = 24 on the
 * call is forward·discount and the put strike·discount; a strike or forward of 0 is defined likewise.
 * Throws `MarginError` for a number that is negative, infinite or NaN, and for a value beyond the doubles.
 *
 *     black76(1500, 1500, Math.sqrt(7 / 365), 1, true) // 82.805080668634…
 */
export function black76(
  forward: number,
  strike: number,
  totalVolatility: number,
  discount: number,
  isCall: boolean,
): number {
  finiteNonNegative('forward', forward)
  finiteNonNegative('strike', strike)
  finiteNonNegative('totalVolatility', totalVolatility)
  finiteNonNegative('discount', discount)
  const logRatio = logMoneyness(forward, strike)
  const value = valueOf(logRatio, forward, strike, totalVolatility, discount, isCall ? 1 : -1)
  return finiteResult('value', value)
}

/** ln(forward ÷ strike); numbers below 2⁻¹⁰²² count as 2⁻¹⁰²². */
export function logMoneyness(forward: number, strike: number): number {
  return lnRatio(
    forward > LEAST_NORMAL ? forward : LEAST_NORMAL,
    strike > LEAST_NORMAL ? strike : LEAST_NORMAL,
  )
}

/** What a total volatility of 0 is divided by. */
export const LEAST_VOLATILITY = 1e-300

/**
 * Black-76 with ln(forward ÷ strike) given, numbers that are known to be sound, and `sign` 1 for a call, −1
 * for a put. This is, operation by operation, what the kernel computes in each lane.
 *
 * The out-of-the-money option is computed and the intrinsic value added: with L, H the lesser and greater of
 * forward and strike and h = |ln(forward ÷ strike)|, it is L·N(v/2 − h/v) − H·N(−v/2 − h/v), where both tails
 * have the factor L·e^(−d₁²/2) in common (cf. P. Jäckel, "Let's be rational", 2015, eq. 2.4 on).
 */
export function valueOf(
  logRatio: number,
  forward: number,
  strike: number,
  totalVolatility: number,
  discount: number,
  sign: number,
): number {
  const v = totalVolatility > LEAST_VOLATILITY ? totalVolatility : LEAST_VOLATILITY
  const low = strike < forward ? strike : forward
  const distance = Math.abs(logRatio) / v
  const h = distance < TAIL_MAX ? distance : TAIL_MAX
  const t = v * 0.5
  const d1 = t - h
  const a1 = Math.abs(d1)
  const a2 = h + t
  const density = low * expHalfSquare(a1)
  const tail1 = scaledTail(a1)
  const tail2 = scaledTail(a2)
  const inner = d1 > 0 ? low - density * (tail1 + tail2) : density * (tail1 - tail2)
  const finite = totalVolatility < INFINITE_VOLATILITY ? inner : low
  const outer = finite > 0 ? finite : 0
  const difference = (forward - strike) * sign
  const intrinsic = difference > 0 ? difference : 0
  return discount * (totalVolatility > 0 ? outer + intrinsic : intrinsic)
}
