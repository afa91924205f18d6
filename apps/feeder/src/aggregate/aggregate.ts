// One price out of several sources. The rule is docs/feeder.md, "One price of many".
import { assert } from '@causeway/primitives'

/** The last that a source said of an asset. */
export interface SourceReading {
  readonly source: string
  readonly priceE9: bigint
  readonly publishTimeMs: number
  /** Older than this it does not count. */
  readonly staleAfterMs: number
}

/** How much agreement a price needs. */
export interface AggregateTerms {
  /** A price is that of at least so many sources. */
  readonly minSources: number
  /** A source further from the median of all than this is left out. */
  readonly maxDeviationBps: bigint
}

/** Why a source does not count. */
export type LeftOut = 'stale' | 'future' | 'outlier'

/** What became of each source. */
export interface SourceVerdict extends SourceReading {
  readonly ageMs: number
  readonly leftOut?: LeftOut
}

/** A price, or why there is none; with the sources either way. */
export type Aggregate =
  | {
      readonly kind: 'price'
      readonly priceE9: bigint
      /** More than half of the sources used were published then or later. */
      readonly publishTimeMs: number
      /** Sources used. */
      readonly used: number
      /** Highest less lowest price used. */
      readonly spreadE9: bigint
      readonly verdicts: readonly SourceVerdict[]
    }
  | {
      readonly kind: 'none'
      readonly reason: 'too-few-sources' | 'sources-disagree'
      readonly verdicts: readonly SourceVerdict[]
    }

/** A source's clock may be ahead of this one by so much. */
export const AHEAD_MS_MAX = 2_000
// A normal distribution's standard deviation is 1.4826 median absolute deviations; three of them.
const MAD_FACTOR_E4 = 44_478n
/** Closer to the median than this nothing is an outlier, however much the others agree. */
const TOLERANCE_BPS = 10n
const BPS = 10_000n

/**
 * The median of the sources that are fresh and no outliers. There is none when fewer than `minSources` are
 * left, or not more than half of the fresh ones: of two camps that disagree, neither is believed.
 */
export function aggregate(
  readings: readonly SourceReading[],
  terms: AggregateTerms,
  nowMs: number,
): Aggregate {
  assert(terms.minSources > 0, 'a price needs a source')
  const timed = readings.map((reading) => judgeTime(reading, nowMs))
  const fresh = timed.filter(({ leftOut }) => leftOut === undefined)
  if (fresh.length < terms.minSources) return { kind: 'none', reason: 'too-few-sources', verdicts: timed }
  const isOutlier = outlierTest(
    fresh.map(({ priceE9 }) => priceE9),
    terms.maxDeviationBps,
  )
  const verdicts = timed.map((verdict): SourceVerdict =>
    verdict.leftOut === undefined && isOutlier(verdict.priceE9)
      ? { ...verdict, leftOut: 'outlier' }
      : verdict,
  )
  const used = verdicts.filter(({ leftOut }) => leftOut === undefined)
  if (used.length * 2 <= fresh.length) return { kind: 'none', reason: 'sources-disagree', verdicts }
  if (used.length < terms.minSources) return { kind: 'none', reason: 'too-few-sources', verdicts }
  const prices = used.map(({ priceE9 }) => priceE9).sort(ascending)
  return {
    kind: 'price',
    priceE9: medianOf(prices),
    publishTimeMs: majorityTime(used.map(({ publishTimeMs }) => publishTimeMs)),
    used: used.length,
    spreadE9: prices.at(-1)! - prices[0]!,
    verdicts,
  }
}

function judgeTime(reading: SourceReading, nowMs: number): SourceVerdict {
  const ageMs = nowMs - reading.publishTimeMs
  if (ageMs < -AHEAD_MS_MAX) return { ...reading, ageMs, leftOut: 'future' }
  return ageMs > reading.staleAfterMs ? { ...reading, ageMs, leftOut: 'stale' } : { ...reading, ageMs }
}

/**
 * Whether a price is too far from the median: by more than three standard deviations as the median absolute
 * deviation tells them, but not less than 0.1 % and not more than the deviation allowed.
 */
function outlierTest(prices: readonly bigint[], maxDeviationBps: bigint): (priceE9: bigint) => boolean {
  const median = medianOf([...prices].sort(ascending))
  const deviations = prices.map((price) => distance(price, median)).sort(ascending)
  const spread = (medianOf(deviations) * MAD_FACTOR_E4) / 10_000n
  const least = (median * TOLERANCE_BPS) / BPS
  const most = (median * maxDeviationBps) / BPS
  const wanted = spread > least ? spread : least
  const limit = wanted < most ? wanted : most
  return (price) => distance(price, median) > limit
}

/** Of ascending prices; of an even number the mean of the middle two, rounded down. */
function medianOf(prices: readonly bigint[]): bigint {
  const middle = prices.length >> 1
  const upper = prices[middle]!
  return prices.length % 2 === 1 ? upper : (prices[middle - 1]! + upper) / 2n
}

/** The latest time that more than half have reached: a slow feed among fast ones makes no price old. */
function majorityTime(times: readonly number[]): number {
  return [...times].sort((a, b) => b - a)[times.length >> 1]!
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
