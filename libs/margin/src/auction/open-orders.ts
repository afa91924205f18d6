import type { OptionTerms } from '../portfolio/account.ts'
import { boundedAmount, boundedNonNegative, AMOUNT_MAX, PRICE_MAX } from '../portfolio/bounded.ts'
import { expiryIndex } from '../portfolio/expiry-table.ts'
import { optionIndex } from '../portfolio/option-table.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { perpIndex } from '../portfolio/underlying-table.ts'

/** What an order is for. */
export type OrderInstrument =
  | { readonly kind: 'perp'; readonly underlying: string }
  | { readonly kind: 'future'; readonly underlying: string; readonly expirySeconds: number }
  | ({ readonly kind: 'option' } & OptionTerms)

/** An order that rests or is about to enter an auction. */
export interface OpenOrder {
  readonly instrument: OrderInstrument
  /** What is left of it: above 0 to buy, below 0 to sell. */
  readonly size: number
  /** The worst price at which it fills. */
  readonly limit: number
  /** The most that filling it whole can cost in fees, in cash; filling a part costs that part at most. */
  readonly fee: number
  /** `instrumentIndex` of its instrument, where that is known. */
  readonly index?: number
}

/** Orders of one kind of instrument, summed by index. */
export type OrderSums = ReadonlyMap<number, { readonly buys: number; readonly sells: number }>

/** An order over a market's indexes. */
export interface PlacedOrder extends OpenOrder {
  readonly index: number
}

/** Finds the orders' instruments. Throws `MarginError` 1 to 3 or 61. */
export function placeOrders(market: RiskMarket, orders: readonly OpenOrder[]): readonly PlacedOrder[] {
  return orders.map((order) => {
    boundedAmount('order', 'size', order.size)
    boundedNonNegative('order', 'limit', order.limit, PRICE_MAX)
    boundedNonNegative('order', 'fee', order.fee, AMOUNT_MAX)
    return { ...order, index: order.index ?? instrumentIndex(market, order.instrument) }
  })
}

/**
 * Where an instrument stands among those of its kind; the same in all markets with the same instruments.
 * Throws `MarginError` 61.
 */
export function instrumentIndex(
  { underlyings, expiries, options }: RiskMarket,
  instrument: OrderInstrument,
): number {
  if (instrument.kind === 'perp') return perpIndex(underlyings, instrument.underlying)
  if (instrument.kind === 'future')
    return expiryIndex(expiries, underlyings, instrument.underlying, instrument.expirySeconds)
  return optionIndex(options, expiries, underlyings, instrument)
}

/** Buys and sells of one kind of instrument, both as sizes above 0. */
export function sumOrders(orders: readonly PlacedOrder[], kind: OrderInstrument['kind']): OrderSums {
  const sums = new Map<number, { buys: number; sells: number }>()
  for (const { instrument, index, size } of orders) {
    if (instrument.kind !== kind) continue
    let sum = sums.get(index)
    if (sum === undefined) sums.set(index, (sum = { buys: 0, sells: 0 }))
    sum.buys += Math.max(0, size)
    sum.sells += Math.max(0, -size)
  }
  return sums
}

/**
 * A portfolio whose sizes are what `sizeOf` makes of a position (0 where only orders are) and its orders.
 */
export function withOrders(
  portfolio: Portfolio,
  orders: readonly PlacedOrder[],
  sizeOf: (size: number, buys: number, sells: number) => number,
): Portfolio {
  const perps = resized(portfolio.perp, portfolio.perpSize, sumOrders(orders, 'perp'), sizeOf)
  const futures = resized(portfolio.future, portfolio.futureSize, sumOrders(orders, 'future'), sizeOf)
  const options = resized(portfolio.option, portfolio.optionAmount, sumOrders(orders, 'option'), sizeOf)
  const zeros = (count: number) => new Float64Array(count)
  return {
    ...portfolio,
    perp: perps.indexes,
    perpSize: perps.sizes,
    perpQuote: zeros(perps.sizes.length),
    perpUnsettled: zeros(perps.sizes.length),
    future: futures.indexes,
    futureSize: futures.sizes,
    futureQuote: zeros(futures.sizes.length),
    option: options.indexes,
    optionAmount: options.sizes,
  }
}

function resized(
  indexes: Int32Array,
  sizes: Float64Array,
  orders: OrderSums,
  sizeOf: (size: number, buys: number, sells: number) => number,
): { indexes: Int32Array; sizes: Float64Array } {
  if (orders.size === 0) return { indexes, sizes: sizes.map((size) => sizeOf(size, 0, 0)) }
  const ordered = [...orders.keys()].sort((a, b) => a - b)
  const isNew = ordered.filter((index) => !indexes.includes(index))
  const all = new Int32Array(indexes.length + isNew.length)
  const after = new Float64Array(all.length)
  let [held, next, count] = [0, 0, 0]
  while (held < indexes.length || next < ordered.length) {
    const isHeld = next === ordered.length || (held < indexes.length && indexes[held]! <= ordered[next]!)
    const index = isHeld ? indexes[held]! : ordered[next]!
    const sum = orders.get(index)
    all[count] = index
    after[count++] = sizeOf(isHeld ? sizes[held++]! : 0, sum?.buys ?? 0, sum?.sells ?? 0)
    if (sum !== undefined) next++
  }
  return { indexes: all, sizes: after }
}
