// Statuses that are set from outside: by a vote, or by the council for at most 72 hours.
import type { Context } from '../../block/context.ts'
import { statusOf } from './codecs.ts'
import { errors } from './errors.ts'
import { emitMarket } from './events.ts'
import type { Market } from './market.ts'
import { MARKETS_STORE, readMarket, writeMarket } from './state.ts'

/** As votes and queries number it. */
const PAUSED = 3

/** A status that ends by itself does within a year. */
const SECONDS_MAX = 31_536_000n

/** Sets a market's status for so many seconds; 0 = until it is set again. Throws `markets/1`, `/41`. */
export function setStatus(
  context: Context,
  id: bigint,
  change: { readonly status: number; readonly seconds: bigint },
): void {
  const store = context.store(MARKETS_STORE)
  const market = readMarket(store, id)
  if (market === undefined) throw errors.unknownMarket({ market: id })
  const status = statusOf(change.status)
  if (status === undefined || status === 'settling') throw errors.badStatus({ reason: 'expected 1 to 3' })
  if (change.seconds > SECONDS_MAX) throw errors.badStatus({ reason: `at most ${SECONDS_MAX} seconds` })
  if (market.status === 'settling') throw errors.badStatus({ reason: 'the market is over' })
  const isForAWhile = change.seconds > 0n && status !== 'open'
  const statusUntilSeconds = isForAWhile ? context.timeSeconds + change.seconds : 0n
  save(context, { ...market, status, statusUntilSeconds })
}

/**
 * Pauses a market that is open, for a while. What a vote has restricted stays as it is: the end of this pause
 * would open it. Throws `markets/1`, `/41`.
 */
export function pauseOpen(context: Context, id: bigint, seconds: bigint): void {
  const market = readMarket(context.store(MARKETS_STORE), id)
  if (market !== undefined && market.status !== 'open')
    throw errors.badStatus({ reason: `the market is ${market.status} already` })
  setStatus(context, id, { status: PAUSED, seconds })
}

/** Opens what was paused for a while that is over. */
export function endPauses(context: Context, markets: Iterable<Market>): void {
  for (const market of [...markets]) {
    const { statusUntilSeconds } = market
    if (statusUntilSeconds === 0n || statusUntilSeconds > context.timeSeconds) continue
    save(context, { ...market, status: 'open', statusUntilSeconds: 0n })
  }
}

function save(context: Context, market: Market): void {
  writeMarket(context.store(MARKETS_STORE), market)
  emitMarket(context, market)
}
