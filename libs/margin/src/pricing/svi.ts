import { finite, finiteNonNegative, finitePositive, finiteResult, marginErrors } from '../errors.ts'
import { logMoneyness } from './black76.ts'

/**
 * One expiry's raw SVI smile (J. Gatheral, 2004): total variance w(k) = a + b·(ρ·(k − m) + √((k − m)² +
 * σ²)) at the log-moneyness k = ln(strike ÷ forward). `forward` and `tau` (years) are those it was fitted
 * with and travel with it: not the live ones.
 */
export interface SviSurface {
  readonly a: number
  readonly b: number
  readonly rho: number
  readonly m: number
  readonly sigma: number
  readonly forward: number
  readonly tau: number
}

/** No total variance counts above it. */
export const TOTAL_VARIANCE_MAX = 144
const MONEYNESS_ROOTS_MAX = 4

/** Total variance of the smile at log-moneyness k as the formula says, without caps; may be negative. */
export function sviVariance(surface: SviSurface, k: number): number {
  const x = k - surface.m
  return surface.a + surface.b * (surface.rho * x + Math.sqrt(x * x + surface.sigma * surface.sigma))
}

/**
 * Annual volatility of the smile at a strike. The log-moneyness is clamped to ±4·√(a + b·σ) and the total
 * variance to 144; strike 0 has volatility 0. Throws `MarginError` where a variance is negative, for a
 * forward or tau that is not positive, for what is no finite number, and for a tau so small that the
 * volatility is none.
 */
export function sviVolatility(surface: SviSurface, strike: number): number {
  checkSvi(surface)
  finiteNonNegative('strike', strike)
  if (strike === 0) return 0
  const clamped = clampedMoneyness(surface, logMoneyness(strike, surface.forward))
  const variance = sviVariance(surface, clamped)
  if (!(variance >= 0)) throw marginErrors.negativeVariance({ k: clamped, variance })
  const counted = variance < TOTAL_VARIANCE_MAX ? variance : TOTAL_VARIANCE_MAX
  return finiteResult('volatility', Math.sqrt(counted / surface.tau))
}

/** The log-moneyness that a smile is read at for k: within ±4·√(a + b·σ). */
export function clampedMoneyness({ a, b, sigma }: SviSurface, k: number): number {
  const limit = MONEYNESS_ROOTS_MAX * Math.sqrt(a + b * sigma)
  return k > limit ? limit : k < -limit ? -limit : k
}

/** Throws `MarginError` unless all numbers are finite, forward and tau positive and a + b·σ not negative. */
export function checkSvi(surface: SviSurface): void {
  finite('a', surface.a)
  finite('b', surface.b)
  finite('rho', surface.rho)
  finite('m', surface.m)
  finite('sigma', surface.sigma)
  finitePositive('forward', surface.forward)
  finitePositive('tau', surface.tau)
  const level = surface.a + surface.b * surface.sigma
  if (!(level >= 0)) throw marginErrors.negativeVariance({ k: 0, variance: level })
}
