// Markets and what everybody may see of trading there.

import type { DataSource } from 'typeorm'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { queryError } from './query-errors.ts'
import {
  flagOrNull,
  integer,
  integerOrNull,
  Parameters,
  select,
  text,
  textOrNull,
  type RawRow,
} from './rows.ts'

/** A market with what its auctions have done in the last day. */
export type Market = {
  readonly market: bigint
  readonly symbol: string | null
  readonly kind: string | null
  readonly underlying: bigint | null
  readonly expirySeconds: bigint | null
  readonly strikeE9: bigint | null
  readonly isCall: boolean | null
  readonly tickE9: bigint | null
  readonly lotE9: bigint | null
  readonly tier: number | null
  readonly status: string | null
  readonly lastPriceE9: bigint | null
  readonly lastTradeNanoseconds: bigint | null
  readonly volumeE9: bigint
  readonly notionalE6: bigint
  readonly openInterestE9: bigint
  readonly fundingRateE9: bigint | null
  readonly settlementPriceE9: bigint | null
}

/** What stands at a price. */
export type Level = { readonly priceE9: bigint; readonly sizeE9: bigint }

/** A book, best levels first. */
export type Book = {
  readonly market: bigint
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly sequence: bigint | null
  readonly checksum: string | null
  readonly height: bigint | null
}

/** Levels of a side at most. */
export const BOOK_DEPTH = { usual: 20, most: 100 } as const

/** Which markets. */
export type MarketFilter = {
  readonly kind?: string | undefined
  readonly underlying?: string | undefined
  readonly status?: string | undefined
}

const DAY_SECONDS = 86_400
/** The last day, up to the newest block of the hub, by the hour. */
const MARKETS = `SELECT m.*, d.volume_e9, d.notional_e6, o.open_interest_e9, f.rate_e9_per_hour,
    s.price_e9 AS settlement_price_e9
  FROM market m
  LEFT JOIN LATERAL (SELECT coalesce(sum(volume_e9), 0) AS volume_e9,
      coalesce(sum(notional_e6), 0) AS notional_e6 FROM candle c
    WHERE c.market = m.market AND c.seconds = 3600 AND c.start_seconds > (
      SELECT floor(time_nanoseconds / 1000000000) - ${DAY_SECONDS} FROM chain WHERE role = 'hub' LIMIT 1)
    ) d ON true
  LEFT JOIN LATERAL (SELECT coalesce(sum(size_e9), 0) AS open_interest_e9 FROM market_position p
    WHERE p.market = m.market AND p.size_e9 > 0) o ON true
  LEFT JOIN LATERAL (SELECT rate_e9_per_hour FROM funding_rate f
    WHERE f.market = m.market ORDER BY height DESC LIMIT 1) f ON true
  LEFT JOIN settlement_price s ON s.underlying = m.underlying AND s.expiry_seconds = m.expiry_seconds`

/** A page of markets, by id. */
export function pageOfMarkets(
  database: DataSource,
  { kind, underlying, status }: MarketFilter,
  page: PageRequest,
): Promise<Page<Market>> {
  const parameters = new Parameters()
  const conditions = ['m.symbol IS NOT NULL']
  if (kind !== undefined) conditions.push(`m.kind = ${parameters.add(kind)}`)
  if (status !== undefined) conditions.push(`m.status = ${parameters.add(status)}`)
  if (underlying !== undefined)
    conditions.push(`split_part(m.symbol, '-', 1) = ${parameters.add(underlying)}`)
  const order = { order: ['m.market'], direction: 'ASC' } as const
  const list = {
    sql: MARKETS,
    conditions,
    ...order,
    read: readMarket,
    cursorOf: (row: Market) => [row.market],
  }
  return pageOf(database, parameters, list, page)
}

/** A market by its symbol, or by its id in decimals; undefined when there is none. */
export async function findMarket(database: DataSource, name: string): Promise<Market | undefined> {
  const isId = /^\d{1,20}$/.test(name)
  const where = isId ? 'm.market = $1::numeric' : 'm.symbol = $1'
  const rows = await select(database, `${MARKETS} WHERE ${where} ORDER BY m.market DESC LIMIT 1`, [name])
  return rows[0] === undefined ? undefined : readMarket(rows[0])
}

/** The id of a market named by a symbol or an id. Throws `INVALID_ARGUMENT` when there is none. */
export async function marketId(database: DataSource, name: string): Promise<bigint> {
  if (/^\d{1,20}$/.test(name)) return BigInt(name)
  const sql = 'SELECT market FROM market WHERE symbol = $1 ORDER BY market DESC LIMIT 1'
  const [row] = await select(database, sql, [name])
  if (row === undefined) throw queryError('INVALID_ARGUMENT', 'there is no market of this symbol')
  return integer(row, 'market')
}

/** The book of a market, so many levels a side. */
export async function bookOf(database: DataSource, market: bigint, depth: number): Promise<Book> {
  const side = (name: string, direction: string) =>
    `(SELECT side, price_e9, size_e9 FROM book_level WHERE market = $1::numeric AND side = '${name}'
      ORDER BY price_e9 ${direction} LIMIT $2)`
  const sql = `SELECT l.*, m.book_sequence, m.book_checksum, m.book_height FROM market m
    LEFT JOIN (${side('bid', 'DESC')} UNION ALL ${side('ask', 'ASC')}) l ON true
    WHERE m.market = $1::numeric`
  const rows = await select(database, sql, [String(market), depth])
  const levels = (name: string) =>
    rows
      .filter((row) => row.side === name)
      .map((row) => ({ priceE9: integer(row, 'price_e9'), sizeE9: integer(row, 'size_e9') }))
  const [first] = rows
  return {
    market,
    bids: levels('bid').sort((a, b) => (a.priceE9 > b.priceE9 ? -1 : 1)),
    asks: levels('ask').sort((a, b) => (a.priceE9 < b.priceE9 ? -1 : 1)),
    sequence: first === undefined ? null : integerOrNull(first, 'book_sequence'),
    checksum: first === undefined ? null : textOrNull(first, 'book_checksum'),
    height: first === undefined ? null : integerOrNull(first, 'book_height'),
  }
}

function readMarket(row: RawRow): Market {
  return {
    market: integer(row, 'market'),
    symbol: textOrNull(row, 'symbol'),
    kind: textOrNull(row, 'kind'),
    underlying: integerOrNull(row, 'underlying'),
    expirySeconds: integerOrNull(row, 'expiry_seconds'),
    strikeE9: integerOrNull(row, 'strike_e9'),
    isCall: flagOrNull(row, 'is_call'),
    tickE9: integerOrNull(row, 'tick_e9'),
    lotE9: integerOrNull(row, 'lot_e9'),
    tier: row.tier === null ? null : Number(text(row, 'tier')),
    status: textOrNull(row, 'status'),
    lastPriceE9: integerOrNull(row, 'last_price_e9'),
    lastTradeNanoseconds: integerOrNull(row, 'last_trade_nanoseconds'),
    volumeE9: integer(row, 'volume_e9'),
    notionalE6: integer(row, 'notional_e6'),
    openInterestE9: integer(row, 'open_interest_e9'),
    fundingRateE9: integerOrNull(row, 'rate_e9_per_hour'),
    settlementPriceE9: integerOrNull(row, 'settlement_price_e9'),
  }
}
