// Which markets there are: those of an underlying that a vote has listed, and by rule its next expiries and
// strikes. Spec: docs/markets.md.
import { be64, concatBytes } from '@causeway/primitives'
import type { Grid, Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import type { Context, ReadContext } from '../../block/context.ts'
import { errors } from './errors.ts'
import { emitMarket } from './events.ts'
import type { Market } from './market.ts'
import { readParams } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { nextExpiries } from './pure/expiries.ts'
import { isGrid, isPrice } from './pure/grid.ts'
import { strikesE9 } from './pure/strikes.ts'
import { isUnderlyingName, symbolOf } from './pure/symbols.ts'
import type { Instrument } from './pure/types.ts'
import { isSpotLot } from './spot.ts'
import {
  MARKETS_STORE,
  PREFIX,
  marketIdOf,
  readCount,
  readUnderlying,
  takeId,
  underlyings,
  writeMarket,
  writeUnderlying,
} from './state.ts'

/** So many are listed a block; the rest follows in the next. */
const LISTED_MAX = 200
const HOUR_SECONDS = 3_600n
/** What is at two caps together is still a size of 64 bits. */
const CAP_MAX = (1n << 62n) - 1n
const TIER_MAX = 3

/** Lists an underlying, or changes what is listed of it from now on. Throws `markets/40`. */
export function listUnderlying(context: Context, ports: MarketsPorts, underlying: Underlying): void {
  const store = context.store(MARKETS_STORE)
  judge(context, ports, underlying)
  writeUnderlying(store, underlying)
  for (const kind of ['perpetual', 'spot'] as const)
    list(context, ports, underlying, { kind, expirySeconds: 0n, strikeE9: 0n, isCall: false })
  store.delete(listedHourKey(underlying))
}

/**
 * Lists expiries and strikes that are missing: of each underlying once an hour, and as long as some are
 * missing or, where it has options, it has no price or no surface.
 */
export function listByRule(context: Context, ports: MarketsPorts): void {
  const store = context.store(MARKETS_STORE)
  if (readParams(store).automaticListing === 0n) return
  const hour = context.timeSeconds / HOUR_SECONDS
  let left = LISTED_MAX
  for (const underlying of [...underlyings(store)]) {
    const last = readCount(store, listedHourKey(underlying))
    if (last !== undefined && last >= hour) continue
    for (const instrument of due(context, ports, underlying)) {
      if (left === 0) return
      if (list(context, ports, underlying, instrument)) left--
    }
    if (canList(context, ports, underlying)) store.set(listedHourKey(underlying), be64(hour))
  }
}

function listedHourKey({ asset }: Underlying): Uint8Array {
  return concatBytes(PREFIX.listedHour, be64(asset))
}

/** Whether all that is due could be told: strikes need a price and a forward. */
function canList(context: ReadContext, ports: MarketsPorts, { asset, option }: Underlying): boolean {
  if (option === undefined) return true
  if (ports.prices.index(context, asset).state !== 'fresh') return false
  return nextExpiries(context.timeSeconds).some(
    (expiry) => ports.prices.forwardE9(context, asset, expiry) !== undefined,
  )
}

type Terms = Pick<Instrument, 'kind' | 'expirySeconds' | 'strikeE9' | 'isCall'>

function* due(context: ReadContext, ports: MarketsPorts, underlying: Underlying): Iterable<Terms> {
  const { asset, future, option } = underlying
  const { priceE9: spotE9, state } = ports.prices.index(context, asset)
  for (const expirySeconds of nextExpiries(context.timeSeconds)) {
    if (future !== undefined) yield { kind: 'future', expirySeconds, strikeE9: 0n, isCall: false }
    const forwardE9 = option && ports.prices.forwardE9(context, asset, expirySeconds)
    if (forwardE9 === undefined || state !== 'fresh') continue
    const secondsToExpiry = expirySeconds - context.timeSeconds
    for (const strikeE9 of strikesE9({ spotE9, forwardE9, secondsToExpiry })) {
      yield { kind: 'option', expirySeconds, strikeE9, isCall: true }
      yield { kind: 'option', expirySeconds, strikeE9, isCall: false }
    }
  }
}

/** Lists a market unless it is listed, or the underlying has none of its kind. */
function list(context: Context, ports: MarketsPorts, underlying: Underlying, terms: Terms): boolean {
  const store = context.store(MARKETS_STORE)
  const grid = underlying[terms.kind]
  const symbol = symbolOf({ ...terms, underlying: underlying.name })
  if (grid === undefined || marketIdOf(store, symbol) !== undefined) return false
  const market: Market = {
    ...terms,
    id: takeId(store, 'nextMarket', ports.zone(context)),
    symbol,
    underlying: underlying.asset,
    tickE9: grid.tickE9,
    lotE9: grid.lotE9,
    tier: underlying.tier as Market['tier'],
    status: 'open',
    ownerCapE9: underlying.ownerCapE9,
    openInterestCapE9: underlying.openInterestCapE9,
    openNotionalLowerE6: underlying.openNotionalLowerE6,
    openNotionalUpperE6: underlying.openNotionalUpperE6,
    statusUntilSeconds: 0n,
  }
  writeMarket(store, market)
  emitMarket(context, market)
  return true
}

function judge(context: ReadContext, ports: MarketsPorts, underlying: Underlying): void {
  const refuse = (reason: string) => errors.badListing({ reason })
  const { asset, name, tier, perpetual, future, option, spot, ownerCapE9, openInterestCapE9 } = underlying
  if (!isUnderlyingName(name)) throw refuse('its name is 1 to 16 of A-Z and 0-9')
  if (tier < 1 || tier > TIER_MAX) throw refuse('its tier is 1 to 3')
  const decimals = ports.assets.decimals(context, asset)
  if (decimals === undefined) throw refuse(`there is no asset ${asset}`)
  for (const grid of [perpetual, future, option, spot])
    if (grid !== undefined && !isGrid(grid)) throw refuse('tick times lot is a positive multiple of 10^12')
  if (spot !== undefined && !isSpotLot(spot.lotE9, decimals)) throw refuse('a spot lot is whole base units')
  const isCap = (cap: bigint) => cap > 0n && cap <= CAP_MAX
  if (!isCap(ownerCapE9) || !isCap(openInterestCapE9)) throw refuse('caps are positive and below 2^62')
  if (underlying.openNotionalLowerE6 >= underlying.openNotionalUpperE6)
    throw refuse('the lower bound of open notional is below the upper')
  judgeName(context, underlying)
  const index = ports.prices.index(context, asset)
  const most = [perpetual, future, spot].filter((grid): grid is Grid => grid !== undefined)
  const rounded = (grid: Grid) => index.priceE9 - (index.priceE9 % grid.tickE9)
  if (index.priceE9 > 0n && most.some((grid) => !isPrice(rounded(grid), grid)))
    throw refuse('its price is not within 1 to 2^52 ticks')
}

/** One name is one underlying's for ever: symbols of its markets begin with it. */
function judgeName(context: ReadContext, { asset, name }: Underlying): void {
  const store = context.store(MARKETS_STORE)
  const before = readUnderlying(store, asset)
  if (before !== undefined && before.name !== name) throw errors.badListing({ reason: 'it has another name' })
  for (const other of underlyings(store))
    if (other.name === name && other.asset !== asset) throw errors.badListing({ reason: 'the name is taken' })
}
