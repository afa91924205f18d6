import { marginErrors } from '../errors.ts'
import { checkSvi, sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

/** Total variance can't grow faster than this with log-moneyness: R. Lee, The moment formula (2004). */
export const WING_SLOPE_MAX = 2

/** Where smiles are looked at: `steps` + 1 log-moneynesses from `from` to `to`. */
export interface MoneynessGrid {
  readonly from: number
  readonly to: number
  readonly steps: number
}

/** Three to either side in steps of 1/64. */
export const WIDE_GRID: MoneynessGrid = { from: -3, to: 3, steps: 384 }

/**
 * g(k) of a smile: the implied density of the price at expiry has its sign. Not finite where the variance
 * is 0.
 *
 * Source: J. Gatheral, A. Jacquier, Arbitrage-free SVI volatility surfaces (2014), eq. 2.1 (V. Durrleman's
 * condition).
 */
export function butterflyDensity(surface: SviSurface, k: number): number {
  const { b, rho, m, sigma } = surface
  const x = k - m
  const root = Math.sqrt(x * x + sigma * sigma)
  const w = sviVariance(surface, k)
  const slope = b * (root > 0 ? rho + x / root : rho)
  const curvature = root > 0 ? (b * sigma * sigma) / (root * root * root) : 0
  const tilt = 1 - (k * slope) / (2 * w)
  return tilt * tilt - (slope * slope * (1 / w + 0.25)) / 4 + curvature / 2
}

/** A log-moneyness at which a smile has butterfly arbitrage, and g there. */
export interface ButterflyViolation {
  readonly k: number
  readonly density: number
}

/** Where on the grid a smile's density is negative or undefined. Throws `MarginError` like `checkSvi`. */
export function butterflyViolations(
  surface: SviSurface,
  grid: MoneynessGrid = WIDE_GRID,
): readonly ButterflyViolation[] {
  checkSvi(surface)
  return pointsOf(grid)
    .map((k) => ({ k, density: butterflyDensity(surface, k) }))
    .filter(({ density }) => !(density >= 0))
}

/** The steeper wing's slope, b·(1 + |ρ|): beyond 2 there is arbitrage at far strikes. */
export function wingSlope({ b, rho }: SviSurface): number {
  return b * (1 + Math.abs(rho))
}

/** A log-moneyness at which a later expiry has less total variance than an earlier one. */
export interface CalendarViolation {
  readonly k: number
  /** Years of the earlier and the later expiry. */
  readonly near: number
  readonly far: number
}

/**
 * Where on the grid total variance falls from one expiry to the next, each at its own forward's
 * log-moneyness. Surfaces may come in any order. Throws `MarginError` like `checkSvi`.
 */
export function calendarViolations(
  surfaces: readonly SviSurface[],
  grid: MoneynessGrid = WIDE_GRID,
): readonly CalendarViolation[] {
  surfaces.forEach(checkSvi)
  const byTime = [...surfaces].sort((a, b) => a.tau - b.tau)
  return byTime.slice(1).flatMap((far, i) => {
    const near = byTime[i]!
    return pointsOf(grid)
      .filter((k) => sviVariance(far, k) < sviVariance(near, k))
      .map((k) => ({ k, near: near.tau, far: far.tau }))
  })
}

/**
 * Throws `MarginError` for the first butterfly, wing or calendar arbitrage among the expiries of an
 * underlying.
 */
export function checkNoArbitrage(
  underlying: string,
  surfaces: readonly SviSurface[],
  grid: MoneynessGrid = WIDE_GRID,
): void {
  for (const surface of surfaces) {
    const [worst] = butterflyViolations(surface, grid)
    if (worst !== undefined) throw marginErrors.butterflyArbitrage({ k: worst.k, density: worst.density })
    const slope = wingSlope(surface)
    if (slope > WING_SLOPE_MAX)
      throw marginErrors.outOfRange({ name: 'wing slope', value: slope, min: 0, max: WING_SLOPE_MAX })
  }
  const [crossed] = calendarViolations(surfaces, grid)
  if (crossed !== undefined) throw marginErrors.crossedSurfaces({ underlying, ...crossed })
}

function pointsOf({ from, to, steps }: MoneynessGrid): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps)
}
