// What can be traded, as the hub tells it.
import { MARKET_KINDS, MARKET_STATUSES } from './names.ts'
import type { MarketKind, MarketStatus } from './names.ts'
import {
  QueryMarketRequest,
  QueryMarketResponse,
  QueryMarketsRequest,
  QueryMarketsResponse,
  QueryUnderlyingsRequest,
  QueryUnderlyingsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import type { MarketInfo } from '@causeway/protocol/causeway/markets/v1/query'
import type { Grid, Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import { fromUnits, priceText, readInteger } from '../decimal.ts'
import { errors, isClientError } from '../errors.ts'
import { ask, queryOf } from '../rpc/queries.ts'
import type { Hub } from '../transactions/hub.ts'

/** A market. Prices are cash per 1.0 of the underlying, sizes in 1.0 of it; all numbers decimal texts. */
export interface MarketRow {
  readonly id: string
  /** `ETH-PERP`, `ETH-20270326-3000-C`. */
  readonly symbol: string
  readonly kind: MarketKind
  /** Id of the asset. */
  readonly underlying: string
  /** Seconds since 1970; absent where it never ends. */
  readonly expirySeconds?: number
  /** Of an option. */
  readonly strike?: string
  readonly optionType?: 'call' | 'put'
  /** Prices are multiples of the tick, sizes of the lot. */
  readonly tick: string
  readonly lot: string
  readonly tier: number
  readonly status: MarketStatus
  /** Absent where none is kept: options and spot are valued when it is needed. */
  readonly mark?: string
  readonly index?: string
  readonly openInterest: string
  /** Of a perpetual: what longs pay for 1.0 an hour; negative: what they get. */
  readonly fundingPerHour?: string
  /** What all accounts of one owner may hold, and what may be open in all. */
  readonly ownerCap: string
  readonly openInterestCap: string
}

/** What is listed of an underlying. */
export interface UnderlyingRow {
  readonly asset: string
  readonly name: string
  readonly tier: number
  /** Tick and lot of each kind that is listed. */
  readonly grids: Readonly<Partial<Record<MarketKind, { readonly tick: string; readonly lot: string }>>>
  readonly ownerCap: string
  readonly openInterestCap: string
}

const SERVICE = 'causeway.markets.v1'
const PAGE = 1_000
const PAGES_MAX = 100
const marketsQuery = queryOf(SERVICE, 'Markets', QueryMarketsRequest, QueryMarketsResponse)
const marketQuery = queryOf(SERVICE, 'Market', QueryMarketRequest, QueryMarketResponse)
const underlyingsQuery = queryOf(SERVICE, 'Underlyings', QueryUnderlyingsRequest, QueryUnderlyingsResponse)

/** The underlying of a name or asset id. Throws `client/20`. */
export async function findUnderlying(hub: Hub, named: string): Promise<UnderlyingRow> {
  const found = (await readUnderlyings(hub)).find(({ name, asset }) => name === named || asset === named)
  if (found !== undefined) return found
  throw errors.badArgument({ name: 'underlying', expected: 'the name of an underlying' })
}

/** All markets, ascending by id; of one underlying when its asset is named. */
export async function readMarkets(hub: Hub, underlying = '0'): Promise<MarketRow[]> {
  const rows: MarketRow[] = []
  let afterId = 0n
  for (let page = 0; page < PAGES_MAX; page++) {
    const request = { afterId, limit: PAGE, underlying: BigInt(underlying) }
    const { markets, height } = await ask(hub.rpc, marketsQuery, request)
    hub.sawHeight(height)
    for (const info of markets) {
      rows.push(marketRow(info))
      const id = info.market!.id
      if (id <= afterId) throw errors.badAnswer({ what: 'markets', reason: 'they are out of order' })
      afterId = id
    }
    if (markets.length < PAGE) return rows
  }
  throw errors.badAnswer({ what: 'markets', reason: `there are more than ${PAGE * PAGES_MAX}` })
}

/** One market by symbol. Throws `client/21`. */
export async function readMarket(hub: Hub, symbol: string): Promise<MarketRow> {
  const isSymbol = typeof symbol === 'string' && /^[A-Z0-9][A-Z0-9_.-]{0,63}$/.test(symbol)
  if (!isSymbol) throw errors.badArgument({ name: 'market', expected: 'a symbol such as ETH-PERP' })
  try {
    const { market, height } = await ask(hub.rpc, marketQuery, { id: 0n, symbol })
    hub.sawHeight(height)
    const row = marketRow(market)
    if (row.symbol !== symbol) throw errors.badAnswer({ what: symbol, reason: `it is of ${row.symbol}` })
    return row
  } catch (error) {
    const isUnknown = isClientError(error) && error.codespace === 'markets' && error.code === 1
    throw isUnknown ? errors.unknownMarket({ symbol }) : error
  }
}

/** What is listed, by underlying. */
export async function readUnderlyings(hub: Hub): Promise<UnderlyingRow[]> {
  const { underlyings } = await ask(hub.rpc, underlyingsQuery, {})
  return underlyings.map(underlyingRow)
}

function underlyingRow(underlying: Underlying): UnderlyingRow {
  const { perpetual, future, option, spot } = underlying
  const grids = Object.entries({ perpetual, future, option, spot })
    .filter((entry): entry is [string, Grid] => entry[1] !== undefined)
    .map(([kind, { tickE9, lotE9 }]) => [kind, { tick: priceText(tickE9), lot: priceText(lotE9) }])
  return {
    asset: underlying.asset.toString(),
    name: underlying.name,
    tier: underlying.tier,
    grids: Object.fromEntries(grids) as UnderlyingRow['grids'],
    ownerCap: priceText(underlying.ownerCapE9),
    openInterestCap: priceText(underlying.openInterestCapE9),
  }
}

function marketRow(info: MarketInfo | undefined): MarketRow {
  const { market, figures } = info ?? {}
  if (market === undefined) throw errors.badAnswer({ what: 'a market', reason: 'it is empty' })
  const kind = MARKET_KINDS[market.kind]
  const status = MARKET_STATUSES[market.status]
  if (kind === undefined || status === undefined) {
    throw errors.badAnswer({ what: market.symbol, reason: 'its kind or status is unknown' })
  }
  const { markE9 = 0n, indexE9 = 0n, openInterestE9 = '0', funding } = figures ?? {}
  const rate = funding === undefined ? undefined : readInteger(funding.rateE9PerHour || '0', 'funding')
  return {
    id: market.id.toString(),
    symbol: market.symbol,
    kind,
    underlying: market.underlying.toString(),
    ...(market.expirySeconds === 0n ? {} : { expirySeconds: Number(market.expirySeconds) }),
    ...(kind === 'option'
      ? { strike: priceText(market.strikeE9), optionType: market.isCall ? 'call' : 'put' }
      : {}),
    tick: priceText(market.tickE9),
    lot: priceText(market.lotE9),
    tier: market.tier,
    status,
    ...(markE9 === 0n ? {} : { mark: priceText(markE9) }),
    ...(indexE9 === 0n ? {} : { index: priceText(indexE9) }),
    openInterest: fromUnits(readInteger(openInterestE9 || '0', 'open interest'), 9),
    ...(rate === undefined ? {} : { fundingPerHour: priceText(rate) }),
    ownerCap: priceText(market.ownerCapE9),
    openInterestCap: priceText(market.openInterestCapE9),
  }
}
