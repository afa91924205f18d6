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

/** Orders summed by kind and index. */
export type SumsByKind = Readonly<Record<OrderInstrument['kind'], OrderSums>>

type Sums = Map<number, { buys: number; sells: number }>

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
    return isPlaced(order) ? order : { ...order, index: instrumentIndex(market, order.instrument) }
  })
}

function isPlaced(order: OpenOrder): order is PlacedOrder {
  return order.index !== undefined
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

/** Buys and sells by kind of instrument, both as sizes above 0. */
export function sumOrders(orders: readonly PlacedOrder[]): SumsByKind {
  const sums = { perp: new Map(), future: new Map(), option: new Map() } satisfies Record<string, Sums>
  for (const { instrument, index, size } of orders) {
    const ofKind: Sums = sums[instrument.kind]
    let sum = ofKind.get(index)
    if (sum === undefined) ofKind.set(index, (sum = { buys: 0, sells: 0 }))
    if (size > 0) sum.buys += size
    else sum.sells -= size
  }
  return sums
}

/**
 * A portfolio whose sizes are what `sizeOf` makes of a position (0 where only orders are) and its orders.
 */
export function withOrders(
  portfolio: Portfolio,
  sums: SumsByKind,
  sizeOf: (size: number, buys: number, sells: number) => number,
): Portfolio {
  const perps = resized(portfolio.perp, portfolio.perpSize, sums.perp, sizeOf)
  const futures = resized(portfolio.future, portfolio.futureSize, sums.future, sizeOf)
  const options = resized(portfolio.option, portfolio.optionAmount, sums.option, sizeOf)
  const noPerpAmounts = zeros(perps.sizes.length)
  return {
    ...portfolio,
    perp: perps.indexes,
    perpSize: perps.sizes,
    perpQuote: noPerpAmounts,
    perpUnsettled: noPerpAmounts,
    future: futures.indexes,
    futureSize: futures.sizes,
    futureQuote: zeros(futures.sizes.length),
    option: options.indexes,
    optionAmount: options.sizes,
  }
}

const NO_AMOUNTS = new Float64Array(0)

function zeros(count: number): Float64Array {
  return count === 0 ? NO_AMOUNTS : new Float64Array(count)
}

function resized(
  indexes: Int32Array,
  sizes: Float64Array,
  orders: OrderSums,
  sizeOf: (size: number, buys: number, sells: number) => number,
): { indexes: Int32Array; sizes: Float64Array } {
  if (orders.size === 0) {
    const after = zeros(sizes.length)
    for (let i = 0; i < sizes.length; i++) after[i] = sizeOf(sizes[i]!, 0, 0)
    return { indexes, sizes: after }
  }
  const ordered = orders.size === 1 ? [...orders.keys()] : [...orders.keys()].sort((a, b) => a - b)
  let isNew = 0
  for (const index of ordered) if (!indexes.includes(index)) isNew++
  const all = isNew === 0 ? indexes : new Int32Array(indexes.length + isNew)
  const after = new Float64Array(all.length)
  let [held, next, count] = [0, 0, 0]
  while (held < indexes.length || next < ordered.length) {
    const isHeld = next === ordered.length || (held < indexes.length && indexes[held]! <= ordered[next]!)
    const index = isHeld ? indexes[held]! : ordered[next]!
    const sum = next < ordered.length && index === ordered[next] ? orders.get(index)! : undefined
    if (isNew > 0) all[count] = index
    after[count++] = sizeOf(isHeld ? sizes[held++]! : 0, sum?.buys ?? 0, sum?.sells ?? 0)
    if (sum !== undefined) next++
  }
  return { indexes: all, sizes: after }
}
