// What a holder's orders in a market come to, side by side. Derived memory, as the books are.
import type { BookOrder } from './book-order.ts'

/** Orders of a holder on one side of a market that can be filled: without those that wait for a trigger. */
export interface OpenSide {
  orders: number
  lots: number
  /** Of these lots, those that can add to a position: not reduce-only. */
  opening: number
  /** No order's own limit is outside; wider than they need be where orders have gone. */
  lowestE9: bigint
  highestE9: bigint
}

/** Both sides of a market. */
export interface OpenSides {
  readonly buys: OpenSide
  readonly sells: OpenSide
}

/** Sums by holder and market. */
export class OpenSums {
  readonly #byHolder = new Map<string, Map<bigint, OpenSides>>()

  /** By market, of a holder that has any. */
  of(holderKey: string): ReadonlyMap<bigint, OpenSides> {
    return this.#byHolder.get(holderKey) ?? NONE
  }

  /** Lots that can add to a holder's position on a side. */
  opening(holderKey: string, market: bigint, isBuy: boolean): number {
    return this.#byHolder.get(holderKey)?.get(market)?.[isBuy ? 'buys' : 'sells'].opening ?? 0
  }

  /** Whether orders can add to a holder's position, on either side. */
  isOpening(holderKey: string, market: bigint): boolean {
    const sides = this.#byHolder.get(holderKey)?.get(market)
    return sides !== undefined && (sides.buys.opening > 0 || sides.sells.opening > 0)
  }

  /** Counts lots of an order in, or out where they are below 0; `orders`: 1 as it comes, −1 as it goes. */
  count(item: BookOrder, lots: number, orders: -1 | 0 | 1): void {
    const { holderKey, market, isBuy, order } = item
    if (order.trigger !== undefined) return
    const markets = this.#byHolder.get(holderKey) ?? this.#begin(holderKey)
    let sides = markets.get(market)
    if (sides === undefined) markets.set(market, (sides = { buys: emptySide(), sells: emptySide() }))
    const side = isBuy ? sides.buys : sides.sells
    if (orders > 0) widen(side, order.limitE9)
    side.orders += orders
    side.lots += lots
    if (!order.isReduceOnly) side.opening += lots
    if (sides.buys.orders > 0 || sides.sells.orders > 0) return
    markets.delete(market)
    if (markets.size === 0) this.#byHolder.delete(holderKey)
  }

  /** Finds the limits of a holder's orders anew; `orders` are all of them. */
  tighten(holderKey: string, orders: Iterable<BookOrder>): void {
    const found = new Set<OpenSide>()
    const markets = this.of(holderKey)
    for (const { market, isBuy, order } of orders) {
      if (order.trigger !== undefined) continue
      const side = markets.get(market)![isBuy ? 'buys' : 'sells']
      if (found.has(side)) widen(side, order.limitE9)
      else [side.lowestE9, side.highestE9] = [order.limitE9, order.limitE9]
      found.add(side)
    }
  }

  #begin(holderKey: string): Map<bigint, OpenSides> {
    const markets = new Map<bigint, OpenSides>()
    this.#byHolder.set(holderKey, markets)
    return markets
  }
}

const NONE: ReadonlyMap<bigint, OpenSides> = new Map()

function emptySide(): OpenSide {
  return { orders: 0, lots: 0, opening: 0, lowestE9: 0n, highestE9: 0n }
}

function widen(side: OpenSide, limitE9: bigint): void {
  if (side.orders === 0 || limitE9 < side.lowestE9) side.lowestE9 = limitE9
  if (side.orders === 0 || limitE9 > side.highestE9) side.highestE9 = limitE9
}
