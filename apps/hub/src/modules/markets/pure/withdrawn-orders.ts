import { compareBytes } from '@causeway/primitives'
import type { AuctionOrder } from './types.ts'

/** The best limits of both sides, ticks; nothing for an empty side. */
export interface BestTicks {
  readonly bid: number
  readonly ask: number
}

/** The highest bid (−∞ if none) and the lowest ask (∞ if none). */
export function bestTicks(orders: readonly AuctionOrder[]): BestTicks {
  let [bid, ask] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const { isBuy, limitTicks } of orders) {
    if (isBuy && limitTicks > bid) bid = limitTicks
    if (!isBuy && limitTicks < ask) ask = limitTicks
  }
  return { bid, ask }
}

/** Whether a limit reaches the best of the other side. */
export function crosses({ isBuy, limitTicks }: AuctionOrder, best: BestTicks): boolean {
  return isBuy ? limitTicks >= best.ask : limitTicks <= best.bid
}

/** Post-only orders of this block that cross an order of an earlier one. Spec: "Batch auction", 5. */
export function refusedPostOnly<Order extends AuctionOrder>(
  orders: readonly Order[],
  height: bigint,
): Order[] {
  const fresh = orders.filter((order) => order.isPostOnly && order.entryHeight === height)
  if (fresh.length === 0) return []
  const earlier = bestTicks(orders.filter((order) => order.entryHeight < height))
  return fresh.filter((order) => crosses(order, earlier))
}

/**
 * Orders that cross an older one of their owner that stays: without them no price lets an owner buy from
 * itself. They go whole: whatever stayed of one would still cross the older order. Older = placed by the
 * chain, then earlier block, then lower nonce, then lower subaccount, then `compareContents`. Spec: "Batch
 * auction", 2.
 */
export function selfTrades<Order extends AuctionOrder>(orders: readonly Order[]): Order[] {
  const sellers = new Set<string>()
  for (const { owner, isBuy } of orders) if (!isBuy) sellers.add(owner)
  const both = new Set<string>()
  for (const { owner, isBuy } of orders) if (isBuy && sellers.has(owner)) both.add(owner)
  if (both.size === 0) return []
  const ofOwner = new Map<string, Order[]>()
  for (const order of orders) {
    if (!both.has(order.owner)) continue
    const others = ofOwner.get(order.owner)
    if (others === undefined) ofOwner.set(order.owner, [order])
    else others.push(order)
  }
  return [...ofOwner.values()].flatMap(newerOnes)
}

function newerOnes<Order extends AuctionOrder>(orders: readonly Order[]): Order[] {
  let best: BestTicks = { bid: Number.NEGATIVE_INFINITY, ask: Number.POSITIVE_INFINITY }
  const cut: Order[] = []
  for (const order of [...orders].sort(compareAge)) {
    if (crosses(order, best)) cut.push(order)
    else if (order.isBuy) best = { ...best, bid: Math.max(best.bid, order.limitTicks) }
    else best = { ...best, ask: Math.min(best.ask, order.limitTicks) }
  }
  return cut
}

function compareAge(a: AuctionOrder, b: AuctionOrder): number {
  return (
    Number(b.isForced === true) - Number(a.isForced === true) ||
    compareIntegers(a.entryHeight, b.entryHeight) ||
    compareIntegers(a.nonce, b.nonce) ||
    compareBytes(a.subaccount, b.subaccount) ||
    compareContents(a, b)
  )
}

/**
 * Between orders of one subaccount, block and nonce (one message, or two keys of an account): sells first,
 * then lower limit, fewer lots, plain before bound ones, lower id. So the id, which follows the arrival,
 * decides between orders that are alike only.
 */
export function compareContents(a: AuctionOrder, b: AuctionOrder): number {
  return (
    Number(a.isBuy) - Number(b.isBuy) ||
    a.limitTicks - b.limitTicks ||
    a.lots - b.lots ||
    Number(a.isFillOrKill) - Number(b.isFillOrKill) ||
    Number(a.isPostOnly) - Number(b.isPostOnly) ||
    compareIntegers(a.id, b.id)
  )
}

function compareIntegers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
