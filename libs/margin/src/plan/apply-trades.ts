import { marginErrors } from '../errors.ts'
import { POSITIONS_MAX } from '../portfolio/account.ts'
import { AMOUNT_MAX, boundedAmount, boundedNonNegative, PRICE_MAX } from '../portfolio/bounded.ts'
import { expiryIndex } from '../portfolio/expiry-table.ts'
import { optionIndex } from '../portfolio/option-table.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { perpIndex } from '../portfolio/underlying-table.ts'
import type { Trade } from './trade.ts'

/**
 * The portfolio after trades, one after the other. A position that a trade brings to exactly 0 is gone;
 * what a perpetual's or future's quote and unsettled profit came to is cash then. Costs a copy of the
 * arrays that change. Throws `MarginError` 61 for an instrument that isn't in the market (an option:
 * `withTradedOptions`), 60 for more than 10,000 positions, 1 to 3 for a number that is infinite, NaN or out
 * of bounds, such as collateral below 0. Whether an isolated account may hold the result is not looked at.
 */
export function applyTrades(market: RiskMarket, portfolio: Portfolio, trades: readonly Trade[]): Portfolio {
  const after = trades.reduce((before, trade) => applyTrade(market, before, trade), portfolio)
  const count = after.perp.length + after.future.length + after.option.length + after.asset.length
  if (count > POSITIONS_MAX) throw marginErrors.tooManyPositions({ count, max: POSITIONS_MAX })
  return after
}

function applyTrade(market: RiskMarket, portfolio: Portfolio, trade: Trade): Portfolio {
  const { instrument } = trade
  const size = boundedAmount('trade', 'size', trade.size)
  if (instrument.kind === 'cash') return withCash(portfolio, size)
  if (instrument.kind === 'collateral') {
    const index = market.assets.indexOf.get(instrument.asset)
    if (index === undefined)
      throw marginErrors.unknownInstrument({ instrument: instrument.asset.slice(0, 80) })
    const { indexes, columns } = changed(portfolio.asset, [portfolio.assetAmount], index, [size])
    for (const amount of columns[0]!) boundedNonNegative(instrument.asset, 'amount', amount, AMOUNT_MAX)
    return { ...portfolio, asset: indexes, assetAmount: columns[0]! }
  }
  const { price, fee = 0 } = trade as Extract<Trade, { price?: number }>
  if (price !== undefined) boundedNonNegative('trade', 'price', price, PRICE_MAX)
  const paid = withCash(portfolio, -boundedNonNegative('trade', 'fee', fee, AMOUNT_MAX))
  if (instrument.kind === 'option') {
    const index = optionIndex(market.options, market.expiries, market.underlyings, instrument)
    const premium = size * (price ?? market.grid[index * market.plan.rows]!)
    const { indexes, columns } = changed(paid.option, [paid.optionAmount], index, [size])
    return withCash({ ...paid, option: indexes, optionAmount: columns[0]! }, -premium)
  }
  if (instrument.kind === 'perp') {
    const index = perpIndex(market.underlyings, instrument.underlying)
    const cost = size * (price ?? market.underlyings.perp[index]!)
    const before = [paid.perpSize, paid.perpQuote, paid.perpUnsettled]
    const { indexes, columns, left } = changed(paid.perp, before, index, [size, -cost, 0])
    const [perpSize, perpQuote, perpUnsettled] = columns as [Float64Array, Float64Array, Float64Array]
    return withCash({ ...paid, perp: indexes, perpSize, perpQuote, perpUnsettled }, left)
  }
  const index = expiryIndex(
    market.expiries,
    market.underlyings,
    instrument.underlying,
    instrument.expirySeconds,
  )
  const cost = size * (price ?? market.expiries.forward[index]!)
  const { indexes, columns, left } = changed(paid.future, [paid.futureSize, paid.futureQuote], index, [
    size,
    -cost,
  ])
  return withCash({ ...paid, future: indexes, futureSize: columns[0]!, futureQuote: columns[1]! }, left)
}

function withCash(portfolio: Portfolio, more: number): Portfolio {
  if (more === 0) return portfolio
  return { ...portfolio, cash: boundedAmount('account', 'cash', portfolio.cash + more) }
}

interface Changed {
  readonly indexes: Int32Array
  readonly columns: readonly Float64Array[]
  /** Sum of the other columns of a row that is gone. */
  readonly left: number
}

/** Adds to the row of an index: puts one in, in order, or takes one out whose first column comes to 0. */
function changed(
  indexes: Int32Array,
  columns: readonly Float64Array[],
  index: number,
  added: readonly number[],
): Changed {
  const at = firstFrom(indexes, index)
  const isHeld = indexes[at] === index
  const row = columns.map((column, c) =>
    boundedAmount('position', 'size', (isHeld ? column[at]! : 0) + added[c]!),
  )
  const isGone = row[0] === 0
  if (isHeld && !isGone)
    return { indexes, columns: columns.map((column, c) => column.with(at, row[c]!)), left: 0 }
  const removed = isHeld ? 1 : 0
  return {
    indexes: spliced(indexes, Int32Array, at, removed, isGone ? [] : [index]),
    columns: columns.map((column, c) => spliced(column, Float64Array, at, removed, isGone ? [] : [row[c]!])),
    left: isGone ? row.slice(1).reduce((sum, each) => sum + each, 0) : 0,
  }
}

function spliced<T extends Int32Array | Float64Array>(
  column: T,
  make: new (length: number) => T,
  at: number,
  removed: number,
  put: readonly number[],
): T {
  const copy = new make(column.length - removed + put.length)
  copy.set(column.subarray(0, at))
  copy.set(put, at)
  copy.set(column.subarray(at + removed), at + put.length)
  return copy
}

/** The first place whose index is not below: binary search. */
function firstFrom(indexes: Int32Array, index: number): number {
  let [low, high] = [0, indexes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (indexes[middle]! < index) low = middle + 1
    else high = middle
  }
  return low
}
