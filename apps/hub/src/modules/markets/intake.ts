// What enters the auctions of a block: orders of its transactions, and those that the last mark triggers.
import type { Holder } from '../../identifiers.ts'
import type { BookOrder } from './book-order.ts'
import { namedHolder } from './book-order.ts'
import { emitClosed, emitOrder } from './events.ts'
import type { CloseReason } from './events.ts'
import type { Market, Order } from './market.ts'
import { isTrading } from './place-order.ts'
import { marketOrderLimitE9 } from './pure/bands.ts'
import {
  MARKETS_STORE,
  deleteOrder,
  endedNewOrders,
  newOrders,
  readOrder,
  readPositions,
  touched,
} from './state.ts'
import type { BlockRun } from './run.ts'

/** Of an id: its zone stands above. */
const NUMBER_MASK = (1n << 48n) - 1n

/** Brings the books to what transactions have left in the store. */
export function follow(run: BlockRun): void {
  const { context, books } = run
  const store = context.store(MARKETS_STORE)
  const { orders, holders } = touched(store)
  for (const id of orders) {
    const item = books.order(id)
    if (item === undefined) continue
    books.remove(item)
    const market = run.market(item.market)
    const order = readOrder(store, item.order.holder, id)
    if (order !== undefined && market !== undefined) run.enter(order, market, { isStored: true })
  }
  for (const holder of holders) {
    const markets = readPositions(store, holder).map(({ market }) => market)
    books.notePositions(holder, run.owner(holder.account), markets)
    books.noteChanged(holder)
  }
}

/** Ends orders whose time is over. */
export function expireOrders(run: BlockRun): void {
  const { context, books } = run
  for (const id of books.expiries.takeUntil(context.timeSeconds)) {
    const item = books.order(id)
    // The order may have been cancelled since, or amended, with its time.
    if (item === undefined || item.order.expireSeconds > context.timeSeconds) continue
    run.close(item, run.market(item.market)!, 'expired')
  }
}

/** Enters orders that the mark of the last block triggers. */
export function enterTriggered(run: BlockRun): void {
  const sides: OwnerSides = new Map()
  for (const [id, book] of run.books.inOrder()) {
    if (!book.hasTriggers) continue
    const market = run.market(id)
    const markE9 = market && run.markE9(market)
    if (market === undefined || markE9 === undefined || !isTrading(run.context, market)) continue
    for (const item of book.triggered(markE9)) {
      run.books.remove(item)
      const order: Order = { ...item.order, trigger: undefined, entryHeight: run.context.height }
      deleteOrder(run.context.store(MARKETS_STORE), order)
      emitOrder(run.context, run.ports.addresses, order)
      admit(run, sides, market, order)
    }
  }
}

/** Enters the new orders of the block, as they came. */
export function enterNew(run: BlockRun): void {
  const store = run.context.store(MARKETS_STORE)
  const sides: OwnerSides = new Map()
  const cancelled = endedNewOrders(store, 'cancelBelow')
  const replaced = endedNewOrders(store, 'replaceBelow')
  for (const order of newOrders(store)) {
    const market = run.market(order.market)
    const named = namedHolder(order.holder)
    const number = order.id & NUMBER_MASK
    const isEnded = (below: bigint | undefined) => below !== undefined && number < below
    const ends = cancelled.get(named.holderKey)
    if (market === undefined || !isTrading(run.context, market)) drop(run, order, 'marketClosed')
    else if (order.isForced === true) admit(run, sides, market, order, named)
    else if (isEnded(ends?.get(0n)) || isEnded(ends?.get(market.id))) drop(run, order, 'cancelled')
    else if (order.isQuote && isEnded(replaced.get(named.holderKey)?.get(market.underlying)))
      drop(run, order, 'replaced')
    else admit(run, sides, market, order, named)
  }
}

function drop(run: BlockRun, order: Order, reason: CloseReason): void {
  emitClosed(run.context, run.ports.addresses, order, { reason, remainingE9: order.remainingE9 })
}

/** Lets an order into its book unless its holder or owner would have too much. */
function admit(
  run: BlockRun,
  sides: OwnerSides,
  market: Market,
  order: Order,
  named = namedHolder(order.holder),
): void {
  const { holderKey: key } = named
  const { ordersMax, positionsMax } = run.params
  const isFull =
    BigInt(run.books.orderCount(key)) >= ordersMax ||
    run.books.isBeyondMarkets(key, market.id, Number(positionsMax))
  if (isFull && order.isForced !== true) return drop(run, order, 'limit')
  if (order.trigger !== undefined) {
    run.store(run.enter(order, market, { isStored: false, named }), market)
    return
  }
  if (!hasUse(run, market, order, key)) return drop(run, order, 'reduceOnly')
  const limitE9 = nearestLimitE9(run, market, order)
  if (limitE9 === undefined) return drop(run, order, 'noPrice')
  const item = run.enter(order, market, { limitE9, isStored: false, named })
  if (!order.isReduceOnly && !isWithinOwnerCap(run, sides, market, item))
    return run.close(item, market, 'limit')
  run.entered.push(item)
  run.active.add(market.id)
}

/** Whether what only reduces has something to reduce. Of spot it is cut to the balance instead. */
function hasUse(run: BlockRun, { id, kind }: Market, order: Order, key: string): boolean {
  if (!order.isReduceOnly || kind === 'spot') return true
  const heldE9 = run.accounts.heldE9(order.holder, key, id)
  return order.isBuy ? heldE9 < 0n : heldE9 > 0n
}

/** A market order goes no further than 5 % from the mark, whatever it says. */
function nearestLimitE9(run: BlockRun, market: Market, { type, isBuy, limitE9 }: Order): bigint | undefined {
  if (type === 'limit') return limitE9
  const markE9 = run.markE9(market)
  return markE9 && marketOrderLimitE9(isBuy, limitE9, markE9)
}

/**
 * What owners would have on a side of a market if all their orders there were filled. Holdings stand still
 * while orders enter, so an owner with many subaccounts is summed up once, and each order adds its own.
 */
type OwnerSides = Map<string, bigint>

/** Whether an owner may have an order that has just entered; if so it is noted. */
function isWithinOwnerCap(run: BlockRun, sides: OwnerSides, market: Market, item: BookOrder): boolean {
  const { owner, isBuy, holderKey, order } = item
  const name = `${market.id} ${isBuy} ${owner}`
  const withItE9 = holderSideE9(run, market, isBuy, holderKey, order.holder)
  const addedE9 = positive(withItE9) - positive(withItE9 - BigInt(item.lots) * market.lotE9)
  const beforeE9 = sides.get(name) ?? ownerSideE9(run, market, item) - addedE9
  const isWithin = beforeE9 + addedE9 <= market.ownerCapE9
  sides.set(name, isWithin ? beforeE9 + addedE9 : beforeE9)
  return isWithin
}

/** What all holders of an order's owner would have on its side, each counted as `holderSideE9` does. */
export function ownerSideE9(run: BlockRun, market: Market, { owner, isBuy }: BookOrder): bigint {
  let sumE9 = 0n
  for (const [key, holder] of run.books.activeOf(owner, market.id))
    sumE9 += positive(holderSideE9(run, market, isBuy, key, holder))
  return sumE9
}

/**
 * What one holder would have on a side if all its orders there were filled; below 0 what it has on the other,
 * which takes nothing off what its owner's other holders have.
 */
export function holderSideE9(
  run: BlockRun,
  market: Market,
  isBuy: boolean,
  key: string,
  holder: Holder,
): bigint {
  const lots = run.books.openingLots(key, market.id, isBuy)
  const held = run.accounts.heldE9(holder, key, market.id)
  return (isBuy ? held : -held) + BigInt(lots) * market.lotE9
}

/** max(0, value). */
export function positive(value: bigint): bigint {
  return value > 0n ? value : 0n
}
