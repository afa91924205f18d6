import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import {
  QueryBookRequest,
  QueryBookResponse,
  QueryIndexMeanRequest,
  QueryIndexMeanResponse,
  QueryMarketRequest,
  QueryMarketResponse,
  QueryMarketsRequest,
  QueryMarketsResponse,
  QueryOrdersRequest,
  QueryOrdersResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
  QueryProtectionRequest,
  QueryProtectionResponse,
  QueryUnderlyingsRequest,
  QueryUnderlyingsResponse,
  QueryVenueGrantsRequest,
  QueryVenueGrantsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import type { BookLevel, MarketInfo } from '@causeway/protocol/causeway/markets/v1/query'
import type { ReadContext } from '../../block/context.ts'
import { defineQuery } from '../../block/module.ts'
import type { QueryMethod } from '../../block/module.ts'
import type { AddressCodec } from '../../identifiers.ts'
import type { BookOrder } from './book-order.ts'
import type { Level } from './sorted-levels.ts'
import { figuresMessage, marketMessage, orderMessage } from './codecs.ts'
import { errors } from './errors.ts'
import type { Market } from './market.ts'
import type { MarketsBlocks } from './markets.ts'
import { currentFigures } from './marks.ts'
import { readParams } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { readProtection } from './protection.ts'
import { readVolatility } from './quoted-volatility.ts'
import {
  MARKETS_STORE,
  marketIdOf,
  markets,
  readFigures,
  readMarket,
  readPositions,
  storedOrders,
  underlyings,
} from './state.ts'
import { fundingE6, isLinear, unsettledE6 } from './trading-accounts.ts'
import { grantsOf } from './grants.ts'
import { history } from './history.ts'
import { SETTLEMENT_WINDOW_SECONDS, meanSince } from './pure/settlement.ts'

const SERVICE = 'causeway.markets.v1'
const LIMIT_DEFAULT = 100
const LIMIT_MAX = 1_000
const DEPTH_DEFAULT = 20
const DEPTH_MAX = 200
const MINUTE_SECONDS = 60n
/**
 * So long the history of an index is kept at least: a settlement may look for what it needs for six hours.
 */
const WINDOW_SECONDS_MAX = 25_200n

/** Queries of the module. */
export function queries(blocks: MarketsBlocks, ports: MarketsPorts): readonly QueryMethod[] {
  const { addresses } = ports
  return [
    marketsQuery(ports),
    marketQuery(ports),
    underlyingsQuery,
    indexMeanQuery,
    positionsQuery(ports),
    ordersQuery(addresses),
    bookQuery(blocks),
    protectionQuery(addresses),
    grantsQuery(addresses),
    paramsQuery,
  ]
}

function marketsQuery(ports: MarketsPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Markets`,
    requestTypeName: `${SERVICE}.QueryMarketsRequest`,
    requestCodec: QueryMarketsRequest,
    responseCodec: QueryMarketsResponse,
    answer(context, { afterId, limit, underlying }) {
      const most = limit === 0 ? LIMIT_DEFAULT : Math.min(limit, LIMIT_MAX)
      const found: MarketInfo[] = []
      for (const market of markets(context.store(MARKETS_STORE), afterId)) {
        if (found.length === most) break
        if (underlying === 0n || market.underlying === underlying) found.push(infoOf(context, ports, market))
      }
      return { markets: found, height: context.height }
    },
  })
}

function marketQuery(ports: MarketsPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Market`,
    requestTypeName: `${SERVICE}.QueryMarketRequest`,
    requestCodec: QueryMarketRequest,
    responseCodec: QueryMarketResponse,
    answer(context, { id: asked, symbol }) {
      const id = asked === 0n ? (marketIdOf(context.store(MARKETS_STORE), symbol) ?? 0n) : asked
      return { market: infoOf(context, ports, requireMarket(context, id)), height: context.height }
    },
  })
}

const underlyingsQuery = defineQuery({
  path: `/${SERVICE}.Query/Underlyings`,
  requestTypeName: `${SERVICE}.QueryUnderlyingsRequest`,
  requestCodec: QueryUnderlyingsRequest,
  responseCodec: QueryUnderlyingsResponse,
  answer: (context) => ({
    underlyings: [...underlyings(context.store(MARKETS_STORE))],
    height: context.height,
  }),
})

const indexMeanQuery = defineQuery({
  path: `/${SERVICE}.Query/IndexMean`,
  requestTypeName: `${SERVICE}.QueryIndexMeanRequest`,
  requestCodec: QueryIndexMeanRequest,
  responseCodec: QueryIndexMeanResponse,
  answer(context, { asset, windowSeconds }) {
    const { height, timeSeconds } = context
    const asked = windowSeconds === 0n ? SETTLEMENT_WINDOW_SECONDS : windowSeconds
    const window = asked < WINDOW_SECONDS_MAX ? asked : WINDOW_SECONDS_MAX
    const fromMinute = timeSeconds < window ? 0n : (timeSeconds - window) / MINUTE_SECONDS
    const { meanE9, coveredNanoseconds } = meanSince(
      history(context.store(MARKETS_STORE), asset, fromMinute),
      fromMinute,
    )
    const coveredSeconds = coveredNanoseconds / NANOSECONDS_PER_SECOND
    return { meanE9, coveredSeconds, fromSeconds: fromMinute * MINUTE_SECONDS, height }
  },
})

const paramsQuery = defineQuery({
  path: `/${SERVICE}.Query/Params`,
  requestTypeName: `${SERVICE}.QueryParamsRequest`,
  requestCodec: QueryParamsRequest,
  responseCodec: QueryParamsResponse,
  answer: (context) => ({ params: readParams(context.store(MARKETS_STORE)), height: context.height }),
})

function positionsQuery(ports: MarketsPorts): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Positions`,
    requestTypeName: `${SERVICE}.QueryPositionsRequest`,
    requestCodec: QueryPositionsRequest,
    responseCodec: QueryPositionsResponse,
    answer(context, { account }) {
      const store = context.store(MARKETS_STORE)
      const positions = readPositions(store, ports.addresses.decodeHolder(account)).map((position) => {
        const market = requireMarket(context, position.market)
        const figures = currentFigures(context, ports, market)
        const { sizeE9, quoteE6 } = position
        const unsettled = isLinear(market) ? unsettledE6(position, figures.markE9) : 0n
        return {
          market: market.id,
          symbol: market.symbol,
          sizeE9,
          quoteE6: quoteE6.toString(),
          markE9: figures.markE9,
          unsettledE6: unsettled.toString(),
          fundingE6: fundingE6(position, figures).toString(),
        }
      })
      return { positions, height: context.height }
    },
  })
}

function ordersQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Orders`,
    requestTypeName: `${SERVICE}.QueryOrdersRequest`,
    requestCodec: QueryOrdersRequest,
    responseCodec: QueryOrdersResponse,
    answer(context, { account, market }) {
      const stored = storedOrders(context.store(MARKETS_STORE), addresses.decodeHolder(account))
      const orders = [...stored].filter((order) => market === 0n || order.market === market)
      return { orders: orders.map(orderMessage), height: context.height }
    },
  })
}

function bookQuery(blocks: MarketsBlocks): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Book`,
    requestTypeName: `${SERVICE}.QueryBookRequest`,
    requestCodec: QueryBookRequest,
    responseCodec: QueryBookResponse,
    answer(context, { market: id, depth }) {
      const market = requireMarket(context, id)
      const book = blocks.books(context).book(market)
      const most = depth === 0 ? DEPTH_DEFAULT : Math.min(depth, DEPTH_MAX)
      return {
        bids: levelsOf(market, book.bids.levels.slice(0, most)),
        asks: levelsOf(market, book.asks.levels.slice(0, most)),
        sequence: readFigures(context.store(MARKETS_STORE), id).bookSequence,
        checksum: book.checksum(),
        height: context.height,
      }
    },
  })
}

function protectionQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/Protection`,
    requestTypeName: `${SERVICE}.QueryProtectionRequest`,
    requestCodec: QueryProtectionRequest,
    responseCodec: QueryProtectionResponse,
    answer: (context, { account, underlying }) => ({
      protection: readProtection(context.store(MARKETS_STORE), addresses.decodeHolder(account), underlying),
      height: context.height,
    }),
  })
}

function grantsQuery(addresses: AddressCodec): QueryMethod {
  return defineQuery({
    path: `/${SERVICE}.Query/VenueGrants`,
    requestTypeName: `${SERVICE}.QueryVenueGrantsRequest`,
    requestCodec: QueryVenueGrantsRequest,
    responseCodec: QueryVenueGrantsResponse,
    answer: (context, { account }) => ({
      grants: [...grantsOf(context.store(MARKETS_STORE), addresses.decodeHolder(account))],
      height: context.height,
    }),
  })
}

function requireMarket(context: ReadContext, id: bigint): Market {
  const market = readMarket(context.store(MARKETS_STORE), id)
  if (market === undefined) throw errors.unknownMarket({ market: id })
  return market
}

function infoOf(context: ReadContext, ports: MarketsPorts, market: Market): MarketInfo {
  const figures = figuresMessage(currentFigures(context, ports, market))
  const quotedVolatility = readVolatility(context.store(MARKETS_STORE), market.id)
  return { market: marketMessage(market), figures, quotedVolatility }
}

function levelsOf({ tickE9, lotE9 }: Market, levels: readonly Level<BookOrder>[]): BookLevel[] {
  return levels.map(({ ticks, lots }) => ({
    priceE9: BigInt(ticks) * tickE9,
    sizeE9: (BigInt(lots) * lotE9).toString(),
  }))
}
