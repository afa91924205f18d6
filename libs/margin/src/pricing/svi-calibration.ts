import { finitePositive, finiteNonNegative, marginErrors } from '../errors.ts'
import { logMoneyness } from './black76.ts'
import { fitSmile } from './svi-inner-fit.ts'
import type { SmileFit, SmilePoint } from './svi-inner-fit.ts'
import type { SviSurface } from './svi.ts'

/** One quote: the annual volatility at a strike, and how much it counts. */
export interface VolatilityQuote {
  readonly strike: number
  readonly volatility: number
  readonly weight: number
}

/** A fitted smile and how well it fits. */
export interface SviCalibration {
  readonly surface: SviSurface
  /** Root of the weighted mean square error in total variance. */
  readonly error: number
}

const QUOTES_MIN = 5
const QUOTES_MAX = 10_000
const STEPS_MAX = 400
const SIGMA_MIN = 1e-4
const SIGMA_MAX = 10

/**
 * Fits raw SVI to the quotes of one expiry: the weighted least squares in total variance under b·(1 + |ρ|)
 * ≤ 2 and a variance that is nowhere negative. The same quotes in the same order give the same bits. The
 * fit is not free of butterfly arbitrage by construction: ask `butterflyViolations`. Throws `MarginError`
 * for fewer than five quotes with a weight and for numbers that are none. `sigmaMin` keeps the smile's
 * bend at least so wide: narrower ones follow the noise of single quotes.
 *
 * Method: S. De Marco, C. Martini, Quasi-explicit calibration of Gatheral's SVI model (Zeliade, 2009): a, b
 * and ρ are the solution of a linear problem for each (m, σ), which Nelder and Mead's simplex then
 * searches.
 */
export function calibrateSvi(
  quotes: readonly VolatilityQuote[],
  forward: number,
  tau: number,
  sigmaMin: number = SIGMA_MIN,
): SviCalibration {
  const points = pointsOf(quotes, finitePositive('forward', forward), finitePositive('tau', tau))
  const least = Math.min(Math.max(finitePositive('sigmaMin', sigmaMin), SIGMA_MIN), SIGMA_MAX)
  const errorOf = ([m, sigma]: Place): number => fitAt(points, m, sigma, least).error
  const [m, found] = search(errorOf, bestOfGrid(points, errorOf))
  const sigma = boundedSigma(found, least)
  const { a, b, rho, error } = fitAt(points, m, sigma, least)
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  return { surface: { a, b, rho, m, sigma, forward, tau }, error: Math.sqrt(error / total) }
}

type Place = readonly [m: number, sigma: number]

function pointsOf(quotes: readonly VolatilityQuote[], forward: number, tau: number): SmilePoint[] {
  if (quotes.length > QUOTES_MAX)
    throw marginErrors.outOfRange({ name: 'quotes', value: quotes.length, min: QUOTES_MIN, max: QUOTES_MAX })
  const points = quotes.flatMap(({ strike, volatility, weight }) => {
    const k = logMoneyness(finitePositive('strike', strike), forward)
    const w = finiteNonNegative('volatility', volatility) * volatility * tau
    return finiteNonNegative('weight', weight) > 0 ? [{ k, w: finiteNonNegative('variance', w), weight }] : []
  })
  if (points.length < QUOTES_MIN) throw marginErrors.tooFewPoints({ have: points.length, need: QUOTES_MIN })
  return points
}

function boundedSigma(sigma: number, least: number): number {
  return sigma < least ? least : sigma > SIGMA_MAX ? SIGMA_MAX : sigma
}

function fitAt(points: readonly SmilePoint[], m: number, sigma: number, least: number): SmileFit {
  const bounded = boundedSigma(sigma, least)
  const fit = fitSmile(points, m, bounded)
  // Beyond its bounds σ costs, so that the search comes back.
  return bounded === sigma ? fit : { ...fit, error: fit.error * (1 + Math.abs(sigma - bounded)) }
}

function bestOfGrid(points: readonly SmilePoint[], errorOf: (place: Place) => number): Place {
  const ks = points.map(({ k }) => k)
  const from = ks.reduce((a, b) => Math.min(a, b))
  const width = ks.reduce((a, b) => Math.max(a, b)) - from
  let best: Place = [from, 0.1]
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i <= 12; i++) {
    for (let sigma = 0.005; sigma < 3; sigma *= 2) {
      const place: Place = [from + (width * i) / 12, sigma]
      const error = errorOf(place)
      if (error < least) [best, least] = [place, error]
    }
  }
  return best
}

/** Nelder–Mead in two dimensions with the usual coefficients (1, 2, ½, ½). */
function search(errorOf: (place: Place) => number, start: Place): Place {
  const at = (m: number, sigma: number) => ({ place: [m, sigma] as Place, error: errorOf([m, sigma]) })
  let simplex = [at(...start), at(start[0] + 0.05, start[1]), at(start[0], start[1] * 1.25)]
  for (let step = 0; step < STEPS_MAX; step++) {
    simplex.sort((a, b) => a.error - b.error)
    const [best, good, worst] = simplex as [Vertex, Vertex, Vertex]
    const size = Math.abs(worst.place[0] - best.place[0]) + Math.abs(worst.place[1] - best.place[1])
    if (size < 1e-12) break
    const along = (t: number): Vertex => {
      const coordinate = (i: 0 | 1) => {
        const centre = (best.place[i] + good.place[i]) / 2
        return centre + t * (centre - worst.place[i])
      }
      return at(coordinate(0), coordinate(1))
    }
    const next = replacement(along, best, good, worst)
    if (next !== undefined) simplex = [best, good, next]
    else {
      const shrunk = ({ place }: Vertex) => at((place[0] + best.place[0]) / 2, (place[1] + best.place[1]) / 2)
      simplex = [best, shrunk(good), shrunk(worst)]
    }
  }
  return simplex.reduce((a, b) => (b.error < a.error ? b : a)).place
}

interface Vertex {
  readonly place: Place
  readonly error: number
}

function replacement(
  along: (t: number) => Vertex,
  best: Vertex,
  good: Vertex,
  worst: Vertex,
): Vertex | undefined {
  const reflected = along(1)
  if (reflected.error < best.error) {
    const expanded = along(2)
    return expanded.error < reflected.error ? expanded : reflected
  }
  if (reflected.error < good.error) return reflected
  const contracted = reflected.error < worst.error ? along(0.5) : along(-0.5)
  return contracted.error < Math.min(reflected.error, worst.error) ? contracted : undefined
}
