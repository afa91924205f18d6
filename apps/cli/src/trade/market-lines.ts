// Markets, books and prices as a terminal shows them.
import type { BookRow, MarketRow, PriceRow } from '@causeway/client'
import { table } from '../margin/table.ts'

/** A row for each market. */
export function marketsLines(markets: readonly MarketRow[]): string[] {
  if (markets.length === 0) return ['No market is listed that fits: `causeway market list` shows all.']
  return table([
    ['market', 'kind', 'mark', 'index', 'open interest', 'tick', 'lot', 'status'],
    ...markets.map(({ symbol, kind, mark = '-', index = '-', openInterest, tick, lot, status }) => [
      symbol,
      kind,
      mark,
      index,
      openInterest,
      tick,
      lot,
      status,
    ]),
  ])
}

/** One market, a line for each fact. */
export function marketLines(market: MarketRow): string[] {
  const expires =
    market.expirySeconds === undefined ? 'never' : new Date(market.expirySeconds * 1000).toISOString()
  return table([
    [market.symbol, `${market.kind}, ${market.status}`],
    ['mark', market.mark ?? 'made when it is needed: an option’s fair value'],
    ['index', market.index ?? '-'],
    ...(market.fundingPerHour === undefined ? [] : [['funding of 1.0 an hour', market.fundingPerHour]]),
    ...(market.strike === undefined ? [] : [['strike', `${market.strike} ${market.optionType ?? ''}`]]),
    ['expires', expires],
    ['tick, lot', `${market.tick}, ${market.lot}`],
    ['open interest, cap', `${market.openInterest}, ${market.openInterestCap}`],
    ['cap of one owner', market.ownerCap],
  ])
}

/** Asks above, bids below, the best next to each other. */
export function bookLines({ market, bids, asks, height }: BookRow): string[] {
  const side = (name: string, levels: BookRow['bids']) =>
    levels.map(({ price, size }) => [name, price, size] as const)
  const rows = [...side('ask', asks).reverse(), ...side('bid', bids)]
  if (rows.length === 0) return [`The book of ${market} is empty at block ${height}.`]
  return [`${market} at block ${height}`, ...table([['', 'price', 'size'], ...rows])]
}

/** A row for each price of the oracle. */
export function pricesLines(prices: readonly PriceRow[]): string[] {
  return table([
    ['asset', 'price', 'status'],
    ...prices.map(({ symbol, price, status }) => [symbol, price ?? '-', status]),
  ])
}
