import { setImmediate as breath } from 'node:timers/promises'
import { calendarViolations, sviFromIntegers } from '@causeway/margin'
import type { OptionTicker, OptionTickers } from '../formats/deribit-options.ts'
import { GRID } from './fit-expiry.ts'
import {
  HELD_TAU_SECONDS_MAX,
  LAST_FIT_SECONDS,
  fitQuoted,
  joinExpiries,
  readExpiry,
  risingExpiries,
} from './fit-surface.ts'
import type { ExpiryLeftOut, FittedExpiry } from './fit-surface.ts'
import type { Smile } from './smile.ts'

/** The surface of an underlying at one time. */
export interface TrackedSurface {
  readonly publishTimeMs: number
  /** Ascending by expiry. */
  readonly smiles: readonly Smile[]
  readonly leftOut: readonly ExpiryLeftOut[]
}

/**
 * The surface that follows from new tickers: every expiry fitted anew, but for those of the last half
 * hour, whose last smile stays if it is of the hour before the end. Expiries beyond the first `maxExpiries`
 * are not looked at. Other work gets its turn between two expiries.
 */
export async function nextSurface(
  previous: TrackedSurface | undefined,
  { options, publishTimeMs }: OptionTickers,
  maxExpiries: number,
): Promise<TrackedSurface> {
  const nowSeconds = Math.floor(publishTimeMs / 1_000)
  const lastFit = nowSeconds + LAST_FIT_SECONDS
  const byExpiry = Map.groupBy(options, ({ expirySeconds }: OptionTicker) => expirySeconds)
  const expiries = [...byExpiry.keys()].filter((expiry) => expiry > lastFit).sort((a, b) => a - b)
  const fitted: FittedExpiry[] = []
  const leftOut: ExpiryLeftOut[] = []
  const quoted = expiries.slice(0, maxExpiries).flatMap((expiry) => {
    const read = readExpiry(byExpiry.get(expiry)!, expiry, nowSeconds)
    if ('quotes' in read) return [read]
    leftOut.push(read)
    return []
  })
  const rising = risingExpiries(quoted)
  for (const expiry of rising.kept.toReversed()) {
    const fit = fitQuoted(expiry, fitted[0]?.surface)
    if ('surface' in fit) fitted.unshift(fit)
    else leftOut.push(fit)
    await breath()
  }
  const joined = joinExpiries(fitted)
  const ending = (previous?.smiles ?? []).filter(
    ({ expirySeconds, tauRefSeconds }) =>
      expirySeconds > BigInt(nowSeconds) &&
      expirySeconds <= BigInt(lastFit) &&
      tauRefSeconds <= HELD_TAU_SECONDS_MAX,
  )
  const [first] = joined.smiles
  const smiles = [...ending.filter((smile) => isBelow(smile, first)), ...joined.smiles].slice(0, maxExpiries)
  return { publishTimeMs, smiles, leftOut: [...leftOut, ...rising.leftOut, ...joined.leftOut] }
}

/** Whether a smile of before goes together with the first new one. */
function isBelow(smile: Smile, next: Smile | undefined): boolean {
  if (next === undefined) return true
  const [near, far] = [sviFromIntegers(smile), sviFromIntegers(next)]
  return near.tau < far.tau && calendarViolations([near, far], GRID).length === 0
}
