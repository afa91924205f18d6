// All expiries of an underlying together, free of calendar arbitrage. The rules are docs/feeder.md,
// "Surfaces".
import { calendarViolations, isMarginError, sviFromIntegers, sviVariance, wingSlope } from '@causeway/margin'
import type { SviSurface, VolatilityQuote } from '@causeway/margin'
import type { OptionTicker } from '../formats/deribit-options.ts'
import { GRID, calibrated, fitExpiry, withoutButterflies } from './fit-expiry.ts'
import { forwardOf, median } from './forward.ts'
import { smileOf } from './smile.ts'
import type { Smile } from './smile.ts'
import { volatilityQuotes } from './volatility-quotes.ts'

/** What the options of an expiry say. */
export interface QuotedExpiry {
  readonly expirySeconds: number
  readonly forward: number
  readonly years: number
  /** Ascending by strike. */
  readonly quotes: readonly VolatilityQuote[]
  /** Forward ÷ index of the same moment. */
  readonly forwardRatio: number
  readonly rate: number
}

/** A fitted expiry. */
export interface FittedExpiry extends Pick<
  QuotedExpiry,
  'expirySeconds' | 'quotes' | 'forwardRatio' | 'rate'
> {
  readonly surface: SviSurface
}

/** Why an expiry has no smile. */
export interface ExpiryLeftOut {
  readonly expirySeconds: number
  readonly reason: string
}

/** Fitted for the last time so long before the end: within, the settlement mean is fixed bit by bit. */
export const LAST_FIT_SECONDS = 1_800
/** A hub takes no smile that was fitted longer before the end than this. */
export const HELD_TAU_SECONDS_MAX = 3_600n
const YEAR_SECONDS = 365 * 86_400
const REFITS = 4
/**
 * How far below its neighbour an expiry is drawn, and how far one may be raised, as shares of its
 * variance.
 */
const MARGIN = 1e-6
const LIFT_MAX = 0.02
const RATE_MAX = 1
const CALENDAR = 'calendar arbitrage'

/** The quotes of one expiry's options, as of whole seconds, as a hub keeps them. */
export function readExpiry(
  options: readonly OptionTicker[],
  expirySeconds: number,
  nowSeconds: number,
): QuotedExpiry | ExpiryLeftOut {
  const years = (expirySeconds - nowSeconds) / YEAR_SECONDS
  const found = forwardOf(options)
  if ('reason' in found) return { expirySeconds, reason: found.reason }
  const { forward } = found
  const index = median(options.map((option) => option.index).filter((each) => each > 0))
  if (index === undefined) return { expirySeconds, reason: 'no index' }
  const forwardRatio = forward / index
  if (!(forwardRatio >= 0.5 && forwardRatio <= 2))
    return { expirySeconds, reason: 'a forward far from the index' }
  const rate = median(options.map((option) => option.rate)) ?? 0
  if (Math.abs(rate) > RATE_MAX) return { expirySeconds, reason: 'a rate beyond 100 %' }
  const quotes = volatilityQuotes(options, forward, years)
  if (quotes.length === 0) return { expirySeconds, reason: 'no quotes' }
  return { expirySeconds, forward, years, quotes, forwardRatio, rate }
}

/**
 * The most expiries (ascending) whose variances at the money rise with time, but for 2 %: what a single
 * wrong one contradicts is the others, not the other way round.
 */
export function risingExpiries(quoted: readonly QuotedExpiry[]): {
  readonly kept: readonly QuotedExpiry[]
  readonly leftOut: readonly ExpiryLeftOut[]
} {
  const variances = quoted.map(atTheMoney)
  // The longest chain that ends at each expiry, and what comes before it there.
  const chains: { readonly length: number; readonly before: number }[] = []
  for (const [i, variance] of variances.entries()) {
    let [length, before] = [1, -1]
    for (let j = 0; j < i; j++)
      if (variances[j]! <= variance * (1 + LIFT_MAX) && chains[j]!.length >= length)
        [length, before] = [chains[j]!.length + 1, j]
    chains.push({ length, before })
  }
  const longest = Math.max(0, ...chains.map(({ length }) => length))
  const kept = new Set<number>()
  for (let i = chains.findLastIndex(({ length }) => length === longest); i >= 0; i = chains[i]!.before)
    kept.add(i)
  return {
    kept: quoted.filter((_, i) => kept.has(i)),
    leftOut: quoted
      .filter((_, i) => !kept.has(i))
      .map(({ expirySeconds }) => ({ expirySeconds, reason: CALENDAR })),
  }
}

/** The smile of an expiry; `next` is the fit of the one after it. */
export function fitQuoted(expiry: QuotedExpiry, next: SviSurface | undefined): FittedExpiry | ExpiryLeftOut {
  const { expirySeconds, quotes, forward, years, forwardRatio, rate } = expiry
  const fit = fitExpiry(quotes, forward, years, next)
  return 'reason' in fit
    ? { expirySeconds, reason: fit.reason }
    : { expirySeconds, surface: fit.surface, quotes: fit.quotes, forwardRatio, rate }
}

/** The variance that the quotes nearest the forward say. */
function atTheMoney({ quotes, forward, years }: QuotedExpiry): number {
  const near = quotes.toSorted((a, b) => Math.abs(a.strike / forward - 1) - Math.abs(b.strike / forward - 1))
  return median(near.slice(0, 5).map(({ volatility }) => volatility * volatility))! * years
}

/**
 * Expiries (ascending) joined into a surface without calendar arbitrage. From the last to the first, one
 * that rises above the next where it has no quotes is fitted again, held down there; then, from the first
 * to the last, one that still lies below is raised, by 2 % of its variance at most; if that is not enough,
 * the nearer of the two is left out.
 */
export function joinExpiries(fitted: readonly FittedExpiry[]): {
  readonly smiles: readonly Smile[]
  readonly leftOut: readonly ExpiryLeftOut[]
} {
  const held: FittedExpiry[] = []
  for (const expiry of [...fitted].reverse()) held.unshift(heldBelow(expiry, held[0]?.surface))
  const leftOut: ExpiryLeftOut[] = []
  const joined: { readonly smile: Smile; readonly surface: SviSurface }[] = []
  for (const expiry of held) {
    for (;;) {
      const before = joined.at(-1)
      const raised = raisedAbove(expiry.surface, before?.surface)
      if (raised !== undefined) {
        const smile = smileOf({ ...expiry, surface: raised })
        joined.push({ smile, surface: sviFromIntegers(smile) })
        break
      }
      if (before === undefined) {
        leftOut.push({ expirySeconds: expiry.expirySeconds, reason: 'arbitrage' })
        break
      }
      const { expirySeconds } = joined.pop()!.smile
      leftOut.push({ expirySeconds: Number(expirySeconds), reason: CALENDAR })
    }
  }
  return { smiles: joined.map(({ smile }) => smile), leftOut }
}

/** Fitted again with the next expiry's variance, a trifle less, wherever it was above. */
function heldBelow(expiry: FittedExpiry, next: SviSurface | undefined): FittedExpiry {
  if (next === undefined) return expiry
  let { surface } = expiry
  const weight = expiry.quotes.reduce((sum, quote) => sum + quote.weight, 0)
  const limits = new Map<number, VolatilityQuote>()
  for (let round = 0; round < REFITS; round++) {
    const crossed = calendarViolations([surface, next], GRID)
    if (crossed.length === 0) return { ...expiry, surface }
    for (const { k } of crossed) limits.set(k, limitAt(surface, next, k, weight / crossed.length))
    const refit = calibrated([...expiry.quotes, ...limits.values()], surface.forward, surface.tau)
    const free = refit === undefined ? undefined : withoutButterflies(refit)
    if (free === undefined) return expiry
    surface = free
  }
  return { ...expiry, surface }
}

function limitAt(surface: SviSurface, next: SviSurface, k: number, weight: number): VolatilityQuote {
  const variance = sviVariance(next, k) * (1 - MARGIN) * 0.98
  return { strike: surface.forward * Math.exp(k), volatility: Math.sqrt(variance / surface.tau), weight }
}

/** Raised as far as it lies below the one before; nothing if that is too far, or not enough. */
function raisedAbove(surface: SviSurface, before: SviSurface | undefined): SviSurface | undefined {
  if (before === undefined) return isSound(surface, undefined) ? surface : undefined
  const shortfalls = calendarViolations([before, surface], GRID).map(
    ({ k }) => sviVariance(before, k) - sviVariance(surface, k),
  )
  const lift = shortfalls.reduce((most, one) => Math.max(most, one), 0)
  if (lift > LIFT_MAX * sviVariance(surface, 0)) return undefined
  const raised = lift === 0 ? surface : { ...surface, a: surface.a + lift * (1 + MARGIN) + 1e-11 }
  return isSound(raised, before) ? raised : undefined
}

/** What a hub would let pass, of the numbers as it will have them. */
function isSound(surface: SviSurface, before: SviSurface | undefined): boolean {
  const exact = sviFromIntegers(smileOf({ expirySeconds: 0, surface, forwardRatio: 1, rate: 0 }))
  try {
    const free = withoutButterflies(exact)
    if (free === undefined || free.b !== exact.b || wingSlope(exact) > 2) return false
    return (
      before === undefined ||
      (before.tau < exact.tau && calendarViolations([before, exact], GRID).length === 0)
    )
  } catch (error) {
    if (isMarginError(error)) return false
    throw error
  }
}
