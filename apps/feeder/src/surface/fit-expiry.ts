import {
  butterflyViolations,
  calibrateSvi,
  isMarginError,
  sviVariance,
  sviVolatility,
} from '@causeway/margin'
import type { MoneynessGrid, SviSurface, VolatilityQuote } from '@causeway/margin'
import { median } from './forward.ts'

/** Where a hub looks for arbitrage, four times as fine: docs/oracle.md, "Surfaces". */
export const GRID: MoneynessGrid = { from: -1.5, to: 1.5, steps: 192 }
/** A smile is that of at least so many quotes. */
export const QUOTES_MIN = 6
/** Of the quotes, so much must fit together. */
const KEPT_MIN = 0.6
/** A quote further from its neighbours' median than this, as a share of it, is none. */
const NEIGHBOUR_TOLERANCE = 0.3
const NEIGHBOURS = 2
/** A quote further from the fit than this is none, however wide the others lie; annual volatility. */
const RESIDUAL_MIN = 0.02
const MAD_FACTOR = 4 * 1.4826
const REFITS = 2
/** The bend of a smile is at least so many standard deviations wide: quotes that say otherwise are noise. */
const BEND_MIN = 0.5

/** A smile with the quotes that it was fitted to, or why there is none. */
export type FitOrReason =
  { readonly surface: SviSurface; readonly quotes: readonly VolatilityQuote[] } | { readonly reason: string }

/** Log-moneynesses at which others say what nobody quotes, and how much that counts beside the quotes. */
const ANCHORS = [-1.5, -1, -0.5, -0.25, 0.25, 0.5, 1, 1.5] as const
const ANCHOR_SHARE = 0.2

/**
 * Fits an expiry, outliers left out: first quotes that stick out of their neighbours, then, as long as
 * there are any, those too far from the fit. Beyond the strikes that are quoted the volatilities of the
 * next expiry count a little. Free of butterfly arbitrage on the grid, or refused.
 */
export function fitExpiry(
  quotes: readonly VolatilityQuote[],
  forward: number,
  years: number,
  next?: SviSurface,
): FitOrReason {
  const least = Math.max(QUOTES_MIN, quotes.length * KEPT_MIN)
  let kept = withoutSpikes(quotes)
  for (let round = 0; ; round++) {
    if (kept.length < least) return { reason: `only ${kept.length} of ${quotes.length} quotes fit together` }
    const fitted = calibrated([...kept, ...anchors(kept, forward, next)], forward, years)
    if (fitted === undefined) return { reason: 'no smile fits the quotes' }
    const near = round === REFITS ? kept : withoutOutliers(kept, fitted)
    if (near.length < kept.length) {
      kept = near
      continue
    }
    const surface = isFree(fitted) ? fitted : tamed(kept, forward, years)
    return surface === undefined ? { reason: 'butterfly arbitrage' } : { surface, quotes: kept }
  }
}

/** The fit of quotes, if there is one that has a volatility everywhere. */
export function calibrated(
  quotes: readonly VolatilityQuote[],
  forward: number,
  years: number,
): SviSurface | undefined {
  const volatility = median(quotes.map((quote) => quote.volatility)) ?? 0
  try {
    return calibrateSvi(quotes, forward, years, BEND_MIN * volatility * Math.sqrt(years)).surface
  } catch (error) {
    if (isMarginError(error)) return undefined
    throw error
  }
}

/**
 * The smile, flattened at its money as little as frees it of butterfly arbitrage: slope and wings shrink
 * together, the variance at the forward stays. Nothing if that takes more than half.
 */
export function withoutButterflies(fitted: SviSurface): SviSurface | undefined {
  for (let share = 1; share >= 0.5; share -= 0.05) {
    const flatter = { ...fitted, b: fitted.b * share, rho: fitted.rho * share }
    const surface = { ...flatter, a: flatter.a + sviVariance(fitted, 0) - sviVariance(flatter, 0) }
    if (isFree(surface)) return surface
  }
  return undefined
}

function isFree(surface: SviSurface): boolean {
  try {
    return butterflyViolations(surface, GRID).length === 0
  } catch (error) {
    if (isMarginError(error)) return false
    throw error
  }
}

/** A fit whose wings, where nobody quotes, are those of the outermost quotes; flattened if need be. */
function tamed(quotes: readonly VolatilityQuote[], forward: number, years: number): SviSurface | undefined {
  const [lowest, highest] = [quotes[0]!, quotes.at(-1)!]
  const flat = beyond(quotes, forward, (k) => (k < 0 ? lowest : highest).volatility)
  const fitted = calibrated([...quotes, ...flat], forward, years)
  return fitted && withoutButterflies(fitted)
}

function anchors(
  quotes: readonly VolatilityQuote[],
  forward: number,
  next: SviSurface | undefined,
): VolatilityQuote[] {
  return next === undefined ? [] : beyond(quotes, forward, (k) => Math.sqrt(sviVariance(next, k) / next.tau))
}

/** Quotes where there are none. */
function beyond(
  quotes: readonly VolatilityQuote[],
  forward: number,
  volatilityAt: (k: number) => number,
): VolatilityQuote[] {
  const [low, high] = [quotes[0]!.strike, quotes.at(-1)!.strike]
  const weight = quotes.reduce((sum, quote) => sum + quote.weight, 0) * (ANCHOR_SHARE / ANCHORS.length)
  return ANCHORS.flatMap((k) => {
    const strike = forward * Math.exp(k)
    return strike > low * 0.95 && strike < high * 1.05
      ? []
      : [{ strike, volatility: volatilityAt(k), weight }]
  })
}

function withoutSpikes(quotes: readonly VolatilityQuote[]): readonly VolatilityQuote[] {
  return quotes.filter(({ volatility }, i) => {
    const around = quotes.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1)
    const middle = median(around.map((quote) => quote.volatility))!
    return Math.abs(volatility - middle) <= NEIGHBOUR_TOLERANCE * middle
  })
}

function withoutOutliers(
  quotes: readonly VolatilityQuote[],
  surface: SviSurface,
): readonly VolatilityQuote[] {
  const residuals = quotes.map(({ strike, volatility }) =>
    Math.abs(sviVolatility(surface, strike) - volatility),
  )
  const limit = Math.max(RESIDUAL_MIN, MAD_FACTOR * median(residuals)!)
  return quotes.filter((_, i) => residuals[i]! <= limit)
}
