import { finite, finitePositive, marginErrors } from '../errors.ts'
import { expHalfSquare } from '../math/exp.ts'
import { ln } from '../math/ln.ts'
import { INVERSE_ROOT_TWO_PI } from '../math/normal.ts'
import { INFINITE_VOLATILITY, logMoneyness, valueOf } from './black76.ts'

/** Each step at least halves the bracket once in two, from 24 down to the last bit of a double. */
const STEPS_MAX = 200

/**
 * The annual volatility at which Black-76 gives this price: `impliedTotalVolatility` ÷ √years. Throws
 * `MarginError` like it, and for years that are not positive.
 */
export function impliedVolatility(
  price: number,
  forward: number,
  strike: number,
  years: number,
  discount: number,
  isCall: boolean,
): number {
  finitePositive('years', years)
  return impliedTotalVolatility(price, forward, strike, discount, isCall) / Math.sqrt(years)
}

/**
 * The total volatility vol·√T at which Black-76 gives this price: 0 at the lower no-arbitrage bound
 * (discount·max(0, ±(forward − strike))), 24 at the upper one (discount·forward for a call, discount·strike
 * for a put). Throws `MarginError` outside them. It always ends: Newton's steps within a bracket that is
 * halved where they are slow.
 *
 * The steps are taken on the out-of-the-money option in coordinates that make its price nearly linear, by
 * where the price lies (P. Jäckel, "Let's be rational", 2015, section 3): ln price over 1/v² in the lower
 * part, the price over v above its inflection at v² = 2·|ln(forward ÷ strike)|, ln(bound − price) over v²
 * near the upper bound.
 */
export function impliedTotalVolatility(
  price: number,
  forward: number,
  strike: number,
  discount: number,
  isCall: boolean,
): number {
  finite('price', price)
  finitePositive('forward', forward)
  finitePositive('strike', strike)
  finitePositive('discount', discount)
  const difference = isCall ? forward - strike : strike - forward
  const intrinsic = difference > 0 ? difference : 0
  const low = discount * intrinsic
  const high = discount * (isCall ? forward : strike)
  if (!(price >= low && price <= high)) throw marginErrors.noImpliedVolatility({ price, low, high })
  if (price === low) return 0
  const bound = forward < strike ? forward : strike
  const wanted = price / discount - intrinsic
  if (price === high || wanted >= bound) return INFINITE_VOLATILITY
  return wanted > 0
    ? solve({ h: Math.abs(logMoneyness(forward, strike)), forward, strike, bound, wanted })
    : 0
}

interface Problem {
  /** |ln(forward ÷ strike)| */
  readonly h: number
  readonly forward: number
  readonly strike: number
  /** What the out-of-the-money option approaches. */
  readonly bound: number
  /** Its price, undiscounted. */
  readonly wanted: number
}

type Step = (v: number, value: number, vega: number, problem: Problem) => number

function solve(problem: Problem): number {
  const inflection = Math.sqrt(2 * problem.h)
  const step = stepFor(problem, inflection)
  let [low, high] = [0, INFINITE_VOLATILITY]
  let v = inflection > 0 && inflection < INFINITE_VOLATILITY ? inflection : 1
  for (let i = 0; i < STEPS_MAX; i++) {
    const value = outOfTheMoney(problem, v)
    if (value === problem.wanted) return v
    if (value < problem.wanted) low = v
    else high = v
    const next = step(v, value, vegaOf(problem, v), problem)
    const inside = next > low && next < high
    // Every third step halves the bracket, unless Newton is nearly there already.
    const halve = !inside || (i % 3 === 2 && Math.abs(next - v) > 1e-3 * v)
    const from = v
    v = halve ? (low + high) * 0.5 : next
    if (Math.abs(v - from) <= 2e-16 * v || !(v > low && v < high)) return v
  }
  return v
}

function stepFor(problem: Problem, inflection: number): Step {
  if (inflection > 0 && problem.wanted < outOfTheMoney(problem, inflection)) return lowerStep
  return problem.wanted < 0.5 * problem.bound ? middleStep : upperStep
}

function lowerStep(v: number, value: number, vega: number, { wanted }: Problem): number {
  if (value === 0 || vega === 0) return Number.NaN
  const u = 1 / (v * v) + (2 * value * ln(value / wanted)) / (vega * v * v * v)
  return u > 0 ? 1 / Math.sqrt(u) : Number.NaN
}

function middleStep(v: number, value: number, vega: number, { wanted }: Problem): number {
  return vega > 0 ? v + (wanted - value) / vega : Number.NaN
}

function upperStep(v: number, value: number, vega: number, { wanted, bound }: Problem): number {
  if (value >= bound || vega === 0) return Number.NaN
  const w = v * v + (2 * v * (bound - value) * ln((bound - value) / (bound - wanted))) / vega
  return w > 0 ? Math.sqrt(w) : Number.NaN
}

function outOfTheMoney({ h, forward, strike }: Problem, v: number): number {
  return valueOf(h, forward, strike, v, 1, forward < strike ? 1 : -1)
}

/** Derivative of the undiscounted price by the total volatility. */
function vegaOf({ h, bound }: Problem, v: number): number {
  return bound * INVERSE_ROOT_TWO_PI * expHalfSquare(Math.abs(v * 0.5 - h / v))
}
