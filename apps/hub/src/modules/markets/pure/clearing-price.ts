import { assert, mulDivCeil, mulDivFloor } from '@causeway/primitives'
import { ONE_E9 } from './bands.ts'
import type { AuctionOrder, AuctionTerms } from './types.ts'

/** Where an auction clears: lots that would buy and sell there, the lesser of which trade. */
export interface Clearing {
  readonly ticks: number
  readonly demand: number
  readonly supply: number
}

/** All limits of an auction, ascending, with the lots at each: what demand and supply are sums of. */
export interface Levels {
  readonly ticks: Float64Array
  readonly buyLots: Float64Array
  readonly sellLots: Float64Array
  /** Adds an order's lots, or takes them away. */
  change(order: AuctionOrder, lots: number): void
}

/** Prices at which an auction may clear, whole ticks, both included. */
export interface TickRange {
  readonly low: number
  readonly high: number
}

/** Sums the orders by limit. */
export function levelsOf(orders: readonly AuctionOrder[]): Levels {
  const ticks = Float64Array.from(new Set(orders.map((order) => order.limitTicks))).sort()
  const place = new Map<number, number>()
  for (let i = 0; i < ticks.length; i++) place.set(ticks[i]!, i)
  const buyLots = new Float64Array(ticks.length)
  const sellLots = new Float64Array(ticks.length)
  const change = (order: AuctionOrder, lots: number) => {
    const side = order.isBuy ? buyLots : sellLots
    side[place.get(order.limitTicks)!]! += lots
  }
  for (const order of orders) change(order, order.lots)
  return { ticks, buyLots, sellLots, change }
}

/** The whole ticks within the mark and its band. */
export function bandTicks({ markE9, bandE9, tickE9 }: AuctionTerms): TickRange {
  assert(markE9 > 0n && bandE9 >= 0n, 'a market that trades has a mark and a band')
  const low = mulDivCeil(markE9, ONE_E9 - bandE9, tickE9 * ONE_E9)
  const high = mulDivFloor(markE9, ONE_E9 + bandE9, tickE9 * ONE_E9)
  return { low: Number(low), high: Number(high) }
}

/**
 * The price of most volume, min(demand, supply), within the range; of several the one of least |demand −
 * supply|, then nearest the mark, then the lower. Nothing where nothing would trade. Spec:
 * docs/markets.md.
 *
 * Demand falls and supply rises with the price, so demand − supply falls: the prices of most volume and
 * least imbalance lie side by side, and one sweep over the limits and the gaps between them finds them all.
 */
export function clearingPrice(levels: Levels, range: TickRange, terms: AuctionTerms): Clearing | undefined {
  const best = { volume: 0, imbalance: 0, low: 0, high: 0, demand: 0, supply: 0 }
  const consider = (from: number, to: number, demand: number, supply: number) => {
    const [low, high] = [Math.max(from, range.low), Math.min(to, range.high)]
    const volume = Math.min(demand, supply)
    if (low > high || volume === 0) return
    const imbalance = Math.abs(demand - supply)
    if (volume > best.volume || (volume === best.volume && imbalance < best.imbalance))
      Object.assign(best, { volume, imbalance, low, high, demand, supply })
    else if (volume === best.volume && imbalance === best.imbalance) best.high = high
  }
  const { ticks, buyLots, sellLots } = levels
  let demand = buyLots.reduce((sum, lots) => sum + lots, 0)
  let supply = 0
  for (let i = 0; i < ticks.length; i++) {
    supply += sellLots[i]!
    consider(ticks[i]!, ticks[i]!, demand, supply)
    demand -= buyLots[i]!
    if (i + 1 < ticks.length) consider(ticks[i]! + 1, ticks[i + 1]! - 1, demand, supply)
  }
  if (best.volume === 0) return undefined
  const cleared = nearestToMark(best.low, best.high, terms)
  // Between +x and −x of the same imbalance, demand and supply at the price itself decide who is rationed.
  return { ticks: cleared, ...quantitiesAt(levels, cleared) }
}

function nearestToMark(low: number, high: number, { markE9, tickE9 }: AuctionTerms): number {
  const below = Number(markE9 / tickE9)
  if (high <= below) return high
  if (low > below) return low
  return (markE9 % tickE9) * 2n <= tickE9 ? below : below + 1
}

function quantitiesAt({ ticks, buyLots, sellLots }: Levels, price: number) {
  let [demand, supply] = [0, 0]
  for (let i = 0; i < ticks.length; i++) {
    if (ticks[i]! >= price) demand += buyLots[i]!
    if (ticks[i]! <= price) supply += sellLots[i]!
  }
  return { demand, supply }
}
