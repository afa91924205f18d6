// What can be traded, and what everybody may see of trading there. Prices are cash per 1.0 in 10⁻⁹, sizes
// 10⁻⁹ of 1.0, cash 10⁻⁶, as the hub has them.

import { EntitySchema } from 'typeorm'
import { amount, count, flag, key, optional, snakeCased, text, timeNanoseconds, u64 } from './columns.ts'

/** A market. Its terms are null when no event told them and the hub did not know it any more. */
export type MarketRow = {
  market: bigint
  symbol: string | null
  kind: string | null
  underlying: bigint | null
  expirySeconds: bigint | null
  strikeE9: bigint | null
  isCall: boolean | null
  tickE9: bigint | null
  lotE9: bigint | null
  tier: number | null
  status: string | null
  /** Of the newest book event. */
  bookSequence: bigint | null
  bookChecksum: string | null
  bookHeight: bigint | null
  /** Of the newest auction that cleared. */
  lastPriceE9: bigint | null
  lastTradeNanoseconds: bigint | null
}

/** What stands at one price of a book; levels that are empty have no row. */
export type BookLevelRow = { market: bigint; side: string; priceE9: bigint; sizeE9: bigint; height: bigint }

/** An auction that cleared, or a trade that was agreed on elsewhere (`rfq`, `venue`). */
export type TradeRow = {
  height: bigint
  position: number
  market: bigint
  kind: string
  priceE9: bigint
  sizeE9: bigint
  /** Orders that an auction filled; 2 of an agreed trade. */
  fills: number
  transaction: string | null
  timeNanoseconds: bigint
}

/** The auctions of a market within so many seconds. */
export type CandleRow = {
  market: bigint
  seconds: number
  startSeconds: bigint
  openE9: bigint
  highE9: bigint
  lowE9: bigint
  closeE9: bigint
  volumeE9: bigint
  notionalE6: bigint
  auctions: bigint
}

/** What a perpetual pays from a block on. */
export type FundingRateRow = {
  market: bigint
  height: bigint
  rateE9PerHour: bigint
  /** What +1.0 has paid since listing: cash · 10¹⁸ · hour in nanoseconds. */
  index: bigint
  markE9: bigint
  priceE9: bigint
  timeNanoseconds: bigint
}

/** At what price an expiry was settled. */
export type SettlementPriceRow = {
  underlying: bigint
  expirySeconds: bigint
  priceE9: bigint
  rule: string
  height: bigint
  timeNanoseconds: bigint
}

/** Entity of `MarketRow`. */
export const MarketEntity = new EntitySchema<MarketRow>({
  name: 'Market',
  tableName: 'market',
  columns: snakeCased<MarketRow>({
    market: key(u64),
    symbol: optional(text),
    kind: optional(text),
    underlying: optional(u64),
    expirySeconds: optional(u64),
    strikeE9: optional(u64),
    isCall: optional(flag),
    tickE9: optional(u64),
    lotE9: optional(u64),
    tier: optional(count),
    status: optional(text),
    bookSequence: optional(u64),
    bookChecksum: optional(text),
    bookHeight: optional(u64),
    lastPriceE9: optional(u64),
    lastTradeNanoseconds: optional(timeNanoseconds),
  }),
})

/** Entity of `BookLevelRow`. */
export const BookLevelEntity = new EntitySchema<BookLevelRow>({
  name: 'BookLevel',
  tableName: 'book_level',
  columns: snakeCased<BookLevelRow>({
    market: key(u64),
    side: key(text),
    priceE9: key(u64),
    sizeE9: amount,
    height: u64,
  }),
})

/** Entity of `TradeRow`. */
export const TradeEntity = new EntitySchema<TradeRow>({
  name: 'Trade',
  tableName: 'trade',
  columns: snakeCased<TradeRow>({
    height: key(u64),
    position: key(count),
    market: u64,
    kind: text,
    priceE9: u64,
    sizeE9: amount,
    fills: count,
    transaction: optional(text),
    timeNanoseconds,
  }),
})

/** Entity of `CandleRow`. */
export const CandleEntity = new EntitySchema<CandleRow>({
  name: 'Candle',
  tableName: 'candle',
  columns: snakeCased<CandleRow>({
    market: key(u64),
    seconds: key(count),
    startSeconds: key(u64),
    openE9: u64,
    highE9: u64,
    lowE9: u64,
    closeE9: u64,
    volumeE9: amount,
    notionalE6: amount,
    auctions: u64,
  }),
})

/** Entity of `FundingRateRow`. */
export const FundingRateEntity = new EntitySchema<FundingRateRow>({
  name: 'FundingRate',
  tableName: 'funding_rate',
  columns: snakeCased<FundingRateRow>({
    market: key(u64),
    height: key(u64),
    rateE9PerHour: amount,
    index: amount,
    markE9: u64,
    priceE9: u64,
    timeNanoseconds,
  }),
})

/** Entity of `SettlementPriceRow`. */
export const SettlementPriceEntity = new EntitySchema<SettlementPriceRow>({
  name: 'SettlementPrice',
  tableName: 'settlement_price',
  columns: snakeCased<SettlementPriceRow>({
    underlying: key(u64),
    expirySeconds: key(u64),
    priceE9: u64,
    rule: text,
    height: u64,
    timeNanoseconds,
  }),
})
