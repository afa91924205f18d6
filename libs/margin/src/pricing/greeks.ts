import { finite, finiteNonNegative, finiteResult } from '../errors.ts'
import { exp, expHalfSquare } from '../math/exp.ts'
import { INVERSE_ROOT_TWO_PI, normalCdf } from '../math/normal.ts'
import { INFINITE_VOLATILITY, logMoneyness, valueOf } from './black76.ts'

/**
 * What an option on a forward depends on. `years` to expiry, `rate` continuous, both of one year of 365
 * days.
 */
export interface ForwardOption {
  readonly forward: number
  readonly strike: number
  /** Annual: 0.5 is 50 %. */
  readonly volatility: number
  readonly years: number
  readonly rate: number
  readonly isCall: boolean
}

/** Value and derivatives of one option, forward and rate held apart. All are per unit, none per percent. */
export interface ForwardGreeks {
  readonly value: number
  /** ∂value/∂forward */
  readonly forwardDelta: number
  /** ∂²value/∂forward² */
  readonly forwardGamma: number
  /** ∂value/∂volatility: for one percentage point divide by 100. */
  readonly vega: number
  /** −∂value/∂years at a constant forward, a year: for a day divide by 365. */
  readonly theta: number
  /** ∂value/∂rate at a constant forward: −years·value. */
  readonly rho: number
}

/**
 * Black-76 with its Greeks. Where the value has a corner (no volatility or time left, forward at the
 * strike) the delta is that half-way and gamma and the volatility's part of theta count as 0. Throws
 * `MarginError` for a number that is infinite or NaN, for all but the rate when negative, and when a result
 * exceeds the doubles.
 *
 * Source: F. Black, The pricing of commodity contracts (1976); E. G. Haug, Option Pricing Formulas, chapter
 * 2.
 */
export function black76Greeks(option: ForwardOption): ForwardGreeks {
  const { forward, strike, volatility, years, rate, isCall } = option
  finiteNonNegative('forward', forward)
  finiteNonNegative('strike', strike)
  finiteNonNegative('volatility', volatility)
  finiteNonNegative('years', years)
  const root = Math.sqrt(years)
  const v = finiteResult('totalVolatility', volatility * root)
  const discount = finiteResult('discount', exp(-finite('rate', rate) * years))
  const sign = isCall ? 1 : -1
  const logRatio = logMoneyness(forward, strike)
  const value = finiteResult('value', valueOf(logRatio, forward, strike, v, discount, sign))
  const d1 = standardised(logRatio, forward, strike, v)
  const density = discount * INVERSE_ROOT_TWO_PI * expHalfSquare(Math.abs(d1))
  const isCorner = v === 0 || forward === 0
  const decay = isCorner ? 0 : (density * forward * volatility) / (2 * root)
  return {
    value,
    // 0 + makes no −0 of it
    forwardDelta: 0 + sign * discount * normalCdf(sign * d1),
    forwardGamma: isCorner ? 0 : finiteResult('forwardGamma', density / forward / v),
    vega: finiteResult('vega', density * forward * root),
    theta: finiteResult('theta', rate * value - decay),
    rho: finiteResult('rho', -years * value),
  }
}

/** d₁ with its limits: ±Infinity where the option is certain or worthless, 0 at the corner. */
function standardised(logRatio: number, forward: number, strike: number, v: number): number {
  if (strike === 0 && forward > 0) return Number.POSITIVE_INFINITY
  if (forward === 0) return strike === 0 ? 0 : Number.NEGATIVE_INFINITY
  if (v >= INFINITE_VOLATILITY) return Number.POSITIVE_INFINITY
  if (v > 0) return logRatio / v + v * 0.5
  return logRatio > 0 ? Number.POSITIVE_INFINITY : logRatio < 0 ? Number.NEGATIVE_INFINITY : 0
}

/** What an option on a spot with a continuous dividend yield (or a foreign rate) depends on. */
export interface SpotOption extends Omit<ForwardOption, 'forward'> {
  readonly spot: number
  readonly dividendYield: number
}

/** Value and derivatives in terms of the spot. All are per unit. */
export interface SpotGreeks {
  readonly value: number
  /** ∂value/∂spot */
  readonly delta: number
  /** ∂value/∂forward, which is delta·spot ÷ forward. */
  readonly forwardDelta: number
  /** ∂²value/∂spot² */
  readonly gamma: number
  readonly vega: number
  /** −∂value/∂years at a constant spot, a year: for a day divide by 365. */
  readonly theta: number
  /** ∂value/∂rate at a constant spot. */
  readonly rho: number
  /** ∂value/∂dividendYield at a constant spot. */
  readonly dividendRho: number
  /** delta·spot ÷ value; 0 for what is worth nothing. */
  readonly elasticity: number
}

/**
 * Black–Scholes–Merton: Black-76 on the forward spot·e^((rate − dividendYield)·years). Errors and corners
 * are those of `black76Greeks`.
 *
 * Source: R. C. Merton, Theory of rational option pricing (1973); E. G. Haug, Option Pricing Formulas,
 * chapter 2.
 */
export function blackScholesGreeks(option: SpotOption): SpotGreeks {
  const { spot, years, rate, dividendYield } = option
  finiteNonNegative('spot', spot)
  finiteNonNegative('years', years)
  finite('rate', rate)
  finite('dividendYield', dividendYield)
  const carry = rate - dividendYield
  const growth = finiteResult('growth', exp(carry * years))
  const forward = finiteResult('forward', spot * growth)
  const { value, forwardDelta, forwardGamma, vega, theta } = black76Greeks({ ...option, forward })
  const delta = finiteResult('delta', forwardDelta * growth)
  return {
    value,
    delta,
    forwardDelta,
    gamma: finiteResult('gamma', forwardGamma * growth * growth),
    vega,
    theta: finiteResult('theta', theta - carry * forward * forwardDelta),
    rho: finiteResult('rho', years * (forward * forwardDelta - value)),
    dividendRho: finiteResult('dividendRho', -years * forward * forwardDelta),
    elasticity: value === 0 ? 0 : finiteResult('elasticity', (delta * spot) / value),
  }
}
