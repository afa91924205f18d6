// Words for the numbers of the hub's messages, and back.

/** What a market is. */
export type MarketKind = 'perpetual' | 'future' | 'option' | 'spot'
/** Whether a market trades. */
export type MarketStatus = 'open' | 'reduceOnly' | 'paused' | 'settling'
/** How long an order stays: until cancelled, at once or not, all at once or not, until a time. */
export type TimeInForce = 'gtc' | 'ioc' | 'fok' | 'gtt'
/** Of an order. */
export type OrderType = 'limit' | 'market'
/** Of an order or fill. */
export type Side = 'buy' | 'sell'

/** By the number of `causeway.markets.v1.Market`. */
export const MARKET_KINDS: Readonly<Record<number, MarketKind>> = {
  1: 'perpetual',
  2: 'future',
  3: 'option',
  4: 'spot',
}
/** By the number of `causeway.markets.v1.Market`. */
export const MARKET_STATUSES: Readonly<Record<number, MarketStatus>> = {
  1: 'open',
  2: 'reduceOnly',
  3: 'paused',
  4: 'settling',
}
/** Numbers of `causeway.markets.v1.MsgPlaceOrder`. */
export const TIMES_IN_FORCE: Readonly<Record<TimeInForce, number>> = { gtc: 1, ioc: 2, fok: 3, gtt: 4 }
/** Numbers of `causeway.markets.v1.MsgPlaceOrder`. */
export const ORDER_TYPES: Readonly<Record<OrderType, number>> = { limit: 1, market: 2 }

/** The word of a number in one of these tables. */
export function wordOf<Word extends string>(
  table: Readonly<Record<Word, number>>,
  number: number,
): Word | undefined {
  return (Object.keys(table) as Word[]).find((word) => table[word] === number)
}
