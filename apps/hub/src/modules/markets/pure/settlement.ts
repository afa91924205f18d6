// The price that an expiry settles at. Spec: docs/markets.md.
import { assert } from '@causeway/primitives'
import type { IndexBucket, Settlement } from './types.ts'

const MINUTE_SECONDS = 60n
const NANOSECONDS = 1_000_000_000n
const MINUTE_NANOSECONDS = MINUTE_SECONDS * NANOSECONDS
/** The mean is that of the last half hour. */
export const SETTLEMENT_WINDOW_SECONDS = 1_800n
/** One sample counts for so long at most. */
export const SAMPLE_SECONDS_MAX = 30n
/** 80 % of the window. */
export const COVERAGE_SECONDS_MIN = 1_440n
/** So long after expiry the window may be extended. */
export const EXTENSION_SECONDS_MAX = 21_600n

/** A fresh index price and when it was seen: the time of its block. */
export interface IndexSample {
  readonly priceE9: bigint
  readonly timeNanoseconds: bigint
}

/**
 * The history one block later: the price of the block before stood until now, for 30 s at most. Buckets are
 * minutes of block time, ascending; a minute without a price has none. Only the last bucket changes, or
 * buckets are added.
 */
export function addSample(
  history: readonly IndexBucket[],
  { priceE9, timeNanoseconds }: IndexSample,
  nowNanoseconds: bigint,
): IndexBucket[] {
  assert(timeNanoseconds <= nowNanoseconds && priceE9 > 0n, 'a sample is a price of the past')
  const longest = timeNanoseconds + SAMPLE_SECONDS_MAX * NANOSECONDS
  const end = nowNanoseconds < longest ? nowNanoseconds : longest
  const buckets = [...history]
  for (let at = timeNanoseconds; at < end;) {
    const minute = at / MINUTE_NANOSECONDS
    const minuteEnd = (minute + 1n) * MINUTE_NANOSECONDS
    const until = end < minuteEnd ? end : minuteEnd
    addToLast(buckets, minute, priceE9, until - at)
    at = until
  }
  return buckets
}

/**
 * Without the buckets that no settlement needs any more: `since` is the earliest expiry that is not settled
 * yet, or now if none is due. Kept are the last covered 1,800 s before it, which reach back at least to where
 * its window begins, and what came since.
 */
export function trimHistory(history: readonly IndexBucket[], sinceSeconds: bigint): IndexBucket[] {
  const needed = requireMinute(sinceSeconds - (sinceSeconds % MINUTE_SECONDS))
  let covered = 0n
  let first = history.length
  while (first > 0 && (covered < windowNanoseconds || history[first - 1]!.minute >= needed)) {
    const bucket = history[--first]!
    if (bucket.minute < needed) covered += bucket.coveredNanoseconds
  }
  return history.slice(first)
}

/**
 * Where a settlement stands at a block time from expiry on: the mean of the covered part of the last 1,800 s
 * if that is at least 1,440 s; else of these and what followed, as soon as 1,440 s are covered; after 6 h of
 * the last covered 1,800 s before expiry, in whole minutes but for the earliest, of which the needed part
 * counts at its mean. Rounded down. `expirySeconds` is a full minute.
 */
export function settlementAt(
  history: readonly IndexBucket[],
  expirySeconds: bigint,
  nowNanoseconds: bigint,
): Settlement {
  assert(nowNanoseconds >= expirySeconds * NANOSECONDS, 'nothing settles before its expiry')
  const expiry = requireMinute(expirySeconds)
  const start = expiry - SETTLEMENT_WINDOW_SECONDS / MINUTE_SECONDS
  const window = total(history, start, expiry)
  if (window.covered >= coverageNanoseconds) return settled(window, 'window')
  const extended = total(history, start, expiry + EXTENSION_SECONDS_MAX / MINUTE_SECONDS)
  if (extended.covered >= coverageNanoseconds) return settled(extended, 'extended')
  if (nowNanoseconds < (expirySeconds + EXTENSION_SECONDS_MAX) * NANOSECONDS)
    return { isSettled: false, coveredNanoseconds: extended.covered, isNever: false }
  const last = lastCovered(history, expiry)
  if (last.covered === 0n) return { isSettled: false, coveredNanoseconds: 0n, isNever: true }
  return settled(last, 'fallback')
}

/** Mean of what was covered from a minute on, in 10⁻⁹ rounded down, and how much that is; 0 of nothing. */
export function meanSince(
  history: readonly IndexBucket[],
  fromMinute: bigint,
): { readonly meanE9: bigint; readonly coveredNanoseconds: bigint } {
  const { sum, covered } = total(history, fromMinute, 1n << 64n)
  return { meanE9: covered === 0n ? 0n : sum / covered, coveredNanoseconds: covered }
}

/** What the settlement mean has fixed already: Σ index·Δt so far ÷ 1800, in 10⁻⁹, rounded down. */
export function observedPartE9(history: readonly IndexBucket[], expirySeconds: bigint): bigint {
  const expiry = requireMinute(expirySeconds)
  const { sum } = total(history, expiry - SETTLEMENT_WINDOW_SECONDS / MINUTE_SECONDS, expiry)
  return sum / windowNanoseconds
}

const windowNanoseconds = SETTLEMENT_WINDOW_SECONDS * NANOSECONDS
const coverageNanoseconds = COVERAGE_SECONDS_MIN * NANOSECONDS

interface Covered {
  readonly sum: bigint
  readonly covered: bigint
}

function settled({ sum, covered }: Covered, rule: 'window' | 'extended' | 'fallback'): Settlement {
  return { isSettled: true, priceE9: sum / covered, rule }
}

function addToLast(buckets: IndexBucket[], minute: bigint, priceE9: bigint, nanoseconds: bigint): void {
  const last = buckets.at(-1)
  assert(last === undefined || last.minute <= minute, 'samples come in order of time')
  const before = last?.minute === minute ? buckets.pop() : undefined
  const coveredNanoseconds = (before?.coveredNanoseconds ?? 0n) + nanoseconds
  assert(coveredNanoseconds <= MINUTE_NANOSECONDS, 'no time counts twice')
  buckets.push({ minute, sum: (before?.sum ?? 0n) + priceE9 * nanoseconds, coveredNanoseconds })
}

/** From the first minute to before the second. */
function total(history: readonly IndexBucket[], from: bigint, to: bigint): Covered {
  let [sum, covered] = [0n, 0n]
  for (const bucket of history) {
    if (bucket.minute < from || bucket.minute >= to) continue
    sum += bucket.sum
    covered += bucket.coveredNanoseconds
  }
  return { sum, covered }
}

function lastCovered(history: readonly IndexBucket[], before: bigint): Covered {
  let [sum, covered] = [0n, 0n]
  for (let i = history.length - 1; i >= 0 && covered < windowNanoseconds; i--) {
    const bucket = history[i]!
    if (bucket.minute >= before) continue
    const missing = windowNanoseconds - covered
    const part = bucket.coveredNanoseconds < missing ? bucket.coveredNanoseconds : missing
    sum += (bucket.sum * part) / bucket.coveredNanoseconds
    covered += part
  }
  return { sum, covered }
}

function requireMinute(seconds: bigint): bigint {
  assert(seconds % MINUTE_SECONDS === 0n, 'an expiry is at a full minute')
  return seconds / MINUTE_SECONDS
}
