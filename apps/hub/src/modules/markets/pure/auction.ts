// One uniform-price batch auction: what a market does once a block. Spec: docs/markets.md.
import { assert } from '@causeway/primitives'
import { allocate, inTieOrder } from './allocate.ts'
import { bandTicks, clearingPrice, levelsOf } from './clearing-price.ts'
import type { Clearing } from './clearing-price.ts'
import { ORDER_LOTS_MAX, PRICE_TICKS_MAX } from './grid.ts'
import type { AuctionFill, AuctionOrder, AuctionResult, AuctionTerms } from './types.ts'
import { bestTicks, crosses, refusedPostOnly, selfTrades } from './withdrawn-orders.ts'

/** Most orders that one auction can hold: with `ORDER_LOTS_MAX` every sum stays exact. */
export const AUCTION_ORDERS_MAX = 2 ** 17
/** So often one fill-or-kill order is dropped and the rest solved again; then as often all unfilled ones. */
export const FILL_OR_KILL_ROUNDS_MAX = 8

interface Solution<Order extends AuctionOrder> {
  readonly clearing: Clearing | undefined
  readonly orders: readonly Order[]
  readonly fills: Float64Array
}

/**
 * Runs one auction. The result does not depend on the order of the input, and orders that cross nothing may
 * be left out: a caller gives all new orders and the resting ones that reach the best price opposite.
 *
 * Each step works on what the one before left: post-only orders that cross older blocks are refused, the
 * newer of an owner's crossing orders is withdrawn, the rest clears at one price. Expects orders on the grid
 * (`toTicks`, `toLots`), entered in this block or before.
 */
export function runAuction<Order extends AuctionOrder>(
  orders: readonly Order[],
  terms: AuctionTerms,
): AuctionResult<Order> {
  checkOrders(orders, terms)
  // 1. Refuse post-only
  const refused = refusedPostOnly(orders, terms.height)
  const accepted = without(orders, refused)
  const best = bestTicks(accepted)
  const crossing = accepted.filter((order) => crosses(order, best))
  // 2. Self-trades
  const withdrawn = selfTrades(crossing)
  // 3. and 4. Price and allocation; 5. fill-or-kill
  const solution = fillOrKill(without(crossing, withdrawn), terms)
  const fills = fillsOf(solution, terms)
  const { clearing } = solution
  return {
    priceE9: clearing && BigInt(clearing.ticks) * terms.tickE9,
    volumeE9: clearing ? BigInt(Math.min(clearing.demand, clearing.supply)) * terms.lotE9 : 0n,
    fills,
    refusedPostOnly: refused,
    selfTrades: withdrawn,
    droppedFillOrKill: without(
      orders.filter(isFillOrKill),
      [...refused, ...withdrawn, ...fills.map(({ order }) => order)].filter(isFillOrKill),
    ),
  }
}

function checkOrders(orders: readonly AuctionOrder[], { height }: AuctionTerms): void {
  assert(orders.length <= AUCTION_ORDERS_MAX, 'an auction has at most 2^17 orders')
  for (const { lots, limitTicks, entryHeight } of orders) {
    assert(Number.isInteger(lots) && lots > 0 && lots <= ORDER_LOTS_MAX, 'an order is of 1 to 2^36 lots')
    assert(Number.isInteger(limitTicks) && limitTicks >= 0, 'a limit is whole ticks')
    assert(limitTicks <= PRICE_TICKS_MAX && entryHeight <= height, 'an order has entered at a price')
  }
}

/**
 * Solves with all, drops the unfilled fill-or-kill order of lowest priority and solves again; after 8 such
 * rounds drops all that are unfilled at once, and after 8 of those every fill-or-kill order: an end after 18
 * solutions, whatever was sent. Those that cross nothing are not among `all` and use up no round.
 */
function fillOrKill<Order extends AuctionOrder>(all: readonly Order[], terms: AuctionTerms): Solution<Order> {
  const levels = levelsOf(all)
  const range = bandTicks(terms)
  let orders = all
  for (let round = 0; ; round++) {
    const clearing = clearingPrice(levels, range, terms)
    if (clearing === undefined) return { clearing, orders, fills: new Float64Array(orders.length) }
    const fills = allocate(orders, clearing, terms.previousAppHash)
    const dropped = nextDropped(orders, fills, clearing.ticks, terms.previousAppHash, round)
    if (dropped.length === 0) return { clearing, orders, fills }
    for (const order of dropped) levels.change(order, -order.lots)
    orders = without(orders, dropped)
  }
}

function nextDropped<Order extends AuctionOrder>(
  orders: readonly Order[],
  fills: Float64Array,
  price: number,
  previousAppHash: Uint8Array,
  round: number,
): Order[] {
  const unfilled: number[] = []
  for (let i = 0; i < orders.length; i++)
    if (orders[i]!.isFillOrKill && fills[i]! < orders[i]!.lots) unfilled.push(i)
  if (unfilled.length === 0) return []
  if (round >= 2 * FILL_OR_KILL_ROUNDS_MAX) return orders.filter(isFillOrKill)
  if (round >= FILL_OR_KILL_ROUNDS_MAX) return unfilled.map((i) => orders[i]!)
  const least = unfilled.reduce((min, i) => Math.min(min, aggression(orders[i]!, price)), Infinity)
  const lowest = unfilled.filter((i) => aggression(orders[i]!, price) === least)
  return [orders[inTieOrder(orders, lowest, previousAppHash).at(-1)!]!]
}

function isFillOrKill(order: AuctionOrder): boolean {
  return order.isFillOrKill
}

/** Ticks by which a limit is better than the price, for both sides alike: the price priority of an order. */
function aggression({ isBuy, limitTicks }: AuctionOrder, price: number): number {
  return isBuy ? limitTicks - price : price - limitTicks
}

function fillsOf<Order extends AuctionOrder>(
  { orders, fills }: Solution<Order>,
  { height, lotE9 }: AuctionTerms,
): AuctionFill<Order>[] {
  const found: AuctionFill<Order>[] = []
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i]!
    const lots = fills[i]!
    if (lots === 0) continue
    found.push({ order, lots, sizeE9: BigInt(lots) * lotE9, isMaker: order.entryHeight < height })
  }
  return found
}

function without<Order extends AuctionOrder>(
  orders: readonly Order[],
  gone: readonly Order[],
): readonly Order[] {
  if (gone.length === 0) return orders
  const set = new Set(gone)
  return orders.filter((order) => !set.has(order))
}
