// The auctions of a block, market by market, and what their fills do.
import type { BookOrder } from './book-order.ts'
import { overdue } from './cancel-after.ts'
import { emitAuction, emitFill } from './events.ts'
import type { CloseReason } from './events.ts'
import { tradeFeeE6 } from './fees.ts'
import { holderSideE9, ownerSideE9, positive } from './intake.ts'
import type { Market } from './market.ts'
import { isReduceOnly, isTrading } from './place-order.ts'
import { AUCTION_ORDERS_MAX, runAuction } from './pure/auction.ts'
import { ONE_E9, clearingBandE9 } from './pure/bands.ts'
import { ORDER_LOTS_MAX } from './pure/grid.ts'
import { closingSizesE9 } from './pure/reduce-only.ts'
import type { AuctionFill, AuctionResult } from './pure/types.ts'
import { MARKETS_STORE, deleteOrder } from './state.ts'
import { deliverSpot } from './spot.ts'
import type { BlockRun } from './run.ts'

/** Holds the auctions of all markets in which something entered or is still crossed, ascending. */
export function holdAuctions(run: BlockRun): void {
  endOverdue(run)
  for (const id of [...run.active].sort((a, b) => (a < b ? -1 : 1))) {
    const market = run.market(id)
    if (market !== undefined) holdAuction(run, market)
  }
  endImmediate(run)
}

/** However many switches wait for their turn: no order is filled after its holder's. */
function endOverdue(run: BlockRun): void {
  const isOverdue = overdue(run.context)
  if (isOverdue === undefined) return
  for (const [id, book] of run.books.inOrder()) {
    if (!run.active.has(id)) continue
    for (const item of book.crossing().sort(byPriority))
      if (!item.isForced && isOverdue(item.order.holder)) run.close(item, run.market(id)!, 'notRenewed')
  }
}

function holdAuction(run: BlockRun, market: Market): void {
  const markE9 = run.markE9(market)
  const isHeld = markE9 === undefined || markE9 <= 0n || !isTrading(run.context, market)
  const isCut = isHeld || isReduceOnly(run.context, run.ports, market)
  const crossing = isHeld ? [] : fillable(run, market, isCut)
  const candidates = withinOpenInterest(run, market, crossing)
  const isWhole = !isCut && candidates === crossing
  const bandE9 = isHeld ? 0n : bandOf(run, market, markE9)
  run.accounts.setFigures(market.id, { auctionMarkE9: isWhole ? markE9 : 0n, auctionBandE9: bandE9 })
  if (isHeld || candidates.length < 2) return
  const terms = {
    tickE9: market.tickE9,
    lotE9: market.lotE9,
    height: run.context.height,
    markE9,
    bandE9,
    previousAppHash: run.previousAppHash,
  }
  const result = runAuction(candidates, terms)
  withdraw(run, market, result)
  if (result.priceE9 !== undefined) applyFills(run, market, result.priceE9, result.fills)
  for (const fill of result.fills) endExhausted(run, market, fill)
}

function bandOf(run: BlockRun, { kind, tier, underlying }: Market, markE9: bigint): bigint {
  const indexE9 = run.indexE9(underlying)
  return clearingBandE9({ kind, tier, markE9, indexE9 })
}

function withdraw(run: BlockRun, market: Market, result: AuctionResult<BookOrder>): void {
  const close = (orders: readonly BookOrder[], reason: CloseReason) => {
    for (const { id } of orders) {
      const item = run.books.order(id)
      if (item !== undefined) run.close(item, market, reason)
    }
  }
  close(result.refusedPostOnly, 'postOnly')
  close(result.selfTrades, 'selfTrade')
  close(result.droppedFillOrKill, 'fillOrKill')
}

function applyFills(
  run: BlockRun,
  market: Market,
  priceE9: bigint,
  fills: readonly AuctionFill<BookOrder>[],
): void {
  const { context, ports, accounts, books } = run
  const indexE9 = run.indexE9(market.underlying)
  let volumeE9 = 0n
  for (const { order, lots, sizeE9, isMaker } of fills) {
    const item = books.order(order.id)!
    const { holder, isQuote } = item.order
    const feeE6 = tradeFeeE6(market, { sizeE9, priceE9, indexE9, isMaker })
    const signed = item.isBuy ? sizeE9 : -sizeE9
    accounts.trade(accounts.account(holder, item.holderKey), market, { sizeE9: signed, priceE9, feeE6 })
    books.fill(item, lots)
    if (item.lots === 0 && item.isStored) deleteOrder(context.store(MARKETS_STORE), item.order)
    else if (item.isStored) run.store(item, market)
    if (isQuote) run.quoteFills.push({ item, market, sizeE9: signed })
    if (item.isBuy) volumeE9 += sizeE9
    const role = isMaker ? 'maker' : 'taker'
    const remainingE9 = BigInt(item.lots) * market.lotE9
    const { id, isBuy } = item
    const fill = { holder, market: market.id, order: id, isBuy, priceE9, sizeE9, feeE6, role, remainingE9 }
    emitFill(context, ports.addresses, fill)
  }
  if (market.kind === 'spot') deliverSpot(context, ports, market, fills.map(spotSide))
  emitAuction(context, { market: market.id, priceE9, volumeE9, fills: fills.length })
}

/** What was cut to a position or a balance, and has taken all of it, has nothing left to do. */
function endExhausted(run: BlockRun, market: Market, { order, lots }: AuctionFill<BookOrder>): void {
  const item = run.books.order(order.id)
  if (item === undefined || item === order || lots < order.lots) return
  if (item.order.isReduceOnly) run.close(item, market, 'reduceOnly')
  else if (market.kind === 'spot') run.close(item, market, 'limit')
}

function spotSide({ order, sizeE9 }: AuctionFill<BookOrder>) {
  return { holder: order.order.holder, sizeE9: order.isBuy ? sizeE9 : -sizeE9 }
}

/**
 * The orders that cross, cut to what they may fill: reduce-only ones to the position, spot sales to what is
 * held. While only reducing is allowed, others stay and wait.
 */
function fillable(run: BlockRun, market: Market, isReducingOnly: boolean): BookOrder[] {
  let items = (run.books.all.get(market.id)?.crossing() ?? []).sort(byPriority)
  if (isReducingOnly) items = items.filter(({ order }) => order.isReduceOnly)
  else if (market.kind !== 'spot') items = withinOwnerCaps(run, market, items)
  items = items.slice(0, AUCTION_ORDERS_MAX)
  // Of spot there are no positions: what only reduces there is cut to the balance, as all sales are.
  const closing = market.kind === 'spot' ? NOTHING_CLOSES : closingLots(run, market, items)
  const sold = new Map<string, number>()
  const fitting: BookOrder[] = []
  for (const item of items) {
    const isSale = market.kind === 'spot' && !item.isBuy
    const most = closing.get(item.id) ?? (isSale ? heldLots(run, market, item, sold) : item.lots)
    if (most >= item.lots) fitting.push(item)
    else if (most > 0 && !item.isFillOrKill) fitting.push({ ...item, lots: most })
    else run.close(item, market, item.order.isReduceOnly ? 'reduceOnly' : 'limit')
  }
  return fitting
}

/**
 * Resting orders were within their owner's cap when they entered, but what they would have closed may be
 * gone: the newest end until the rest is within it.
 */
function withinOwnerCaps(run: BlockRun, market: Market, items: BookOrder[]): BookOrder[] {
  const [buys, sells] = [new Map<string, BookOrder[]>(), new Map<string, BookOrder[]>()]
  for (const item of items) {
    if (item.order.isReduceOnly) continue
    const side = item.isBuy ? buys : sells
    const known = side.get(item.owner)
    if (known === undefined) side.set(item.owner, [item])
    else known.push(item)
  }
  const beyond = new Set<BookOrder>()
  for (const side of [buys, sells])
    for (const own of side.values()) for (const item of beyondOwnerCap(run, market, own)) beyond.add(item)
  if (beyond.size === 0) return items
  for (const item of [...beyond].sort(byAge).reverse()) run.close(item, market, 'limit')
  return items.filter((item) => !beyond.has(item))
}

/** The newest of one owner’s orders on one side, until the rest is within its cap. Holdings are read once. */
function beyondOwnerCap(run: BlockRun, market: Market, items: readonly BookOrder[]): BookOrder[] {
  const beyond: BookOrder[] = []
  let sumE9 = ownerSideE9(run, market, items[0]!)
  if (sumE9 <= market.ownerCapE9) return beyond
  const sides = new Map<string, bigint>()
  for (const item of items.toSorted(byAge).reverse()) {
    if (sumE9 <= market.ownerCapE9) break
    const { holderKey, isBuy, order } = item
    const beforeE9 = sides.get(holderKey) ?? holderSideE9(run, market, isBuy, holderKey, order.holder)
    const afterE9 = beforeE9 - BigInt(item.lots) * market.lotE9
    sumE9 -= positive(beforeE9) - positive(afterE9)
    sides.set(holderKey, afterE9)
    beyond.push(item)
  }
  return beyond
}

const NOTHING_CLOSES: ReadonlyMap<bigint, number> = new Map()

/** How many lots each reduce-only order may fill. */
function closingLots(run: BlockRun, market: Market, items: readonly BookOrder[]): Map<bigint, number> {
  const most = new Map<bigint, number>()
  const holders = new Set(items.filter(({ order }) => order.isReduceOnly).map(({ holderKey }) => holderKey))
  for (const key of holders) {
    const own = items.filter((item) => item.holderKey === key).sort(byAge)
    const heldE9 = run.accounts.heldE9(own[0]!.order.holder, key, market.id)
    const reducing = own.filter(({ isBuy }) => (isBuy ? heldE9 < 0n : heldE9 > 0n))
    const sizes = closingSizesE9(
      heldE9,
      reducing.map(({ lots, order }) => ({
        remainingE9: BigInt(lots) * market.lotE9,
        isReduceOnly: order.isReduceOnly,
      })),
    )
    for (const item of own) if (item.order.isReduceOnly) most.set(item.id, 0)
    for (const [i, item] of reducing.entries())
      if (item.order.isReduceOnly) most.set(item.id, Number(sizes[i]! / market.lotE9))
  }
  return most
}

/** What of an order closes its holder's position after its orders before this one, in lots; takes that. */
function closedLots(run: BlockRun, market: Market, item: BookOrder, closed: Map<string, number>): number {
  const held = run.accounts.heldE9(item.order.holder, item.holderKey, market.id)
  const opposite = item.isBuy ? -held : held
  const before = closed.get(item.holderKey) ?? 0
  const left = opposite > 0n ? Math.max(0, Number(opposite / market.lotE9) - before) : 0
  const lots = Math.min(left, item.lots)
  closed.set(item.holderKey, before + lots)
  return lots
}

/** What a seller has of the asset after its sales before this one, in lots; takes the order's part. */
function heldLots(run: BlockRun, market: Market, item: BookOrder, sold: Map<string, number>): number {
  const { assets } = run.ports
  const decimals = assets.decimals(run.context, market.underlying) ?? 0
  const balance = assets.balance(run.context, item.order.holder, market.underlying)
  const lots = (balance * ONE_E9) / (market.lotE9 * 10n ** BigInt(decimals))
  const before = sold.get(item.holderKey) ?? 0
  const left = Number(lots < BigInt(ORDER_LOTS_MAX) ? lots : BigInt(ORDER_LOTS_MAX)) - before
  sold.set(item.holderKey, before + Math.min(left, item.lots))
  return left
}

/**
 * What is bought to open stays within what may be open: buyers who would add, last in priority, wait. Gives
 * the same list back where nobody has to.
 */
function withinOpenInterest(
  run: BlockRun,
  market: Market,
  items: readonly BookOrder[],
): readonly BookOrder[] {
  if (market.kind === 'spot') return items
  const { openInterestE9 } = run.accounts.figures(market.id)
  let left = Math.max(0, Number((market.openInterestCapE9 - openInterestE9) / market.lotE9))
  let bought = 0
  for (const { isBuy, lots } of items) if (isBuy) bought += lots
  if (bought <= left) return items
  let isCut = false
  const closed = new Map<string, number>()
  const fitting = items.flatMap((item) => {
    if (!item.isBuy || item.order.isReduceOnly) return [item]
    const adds = item.lots - closedLots(run, market, item, closed)
    const beyond = Math.max(0, adds - left)
    left = Math.max(0, left - adds)
    if (beyond === 0) return [item]
    isCut = true
    const lots = item.lots - beyond
    return lots > 0 && !item.isFillOrKill ? [{ ...item, lots }] : []
  })
  return isCut ? fitting : items
}

/** What is not for the book ends with its auction; the rest of what entered rests. */
function endImmediate(run: BlockRun): void {
  for (const { id, market: marketId, isFillOrKill, order } of run.entered) {
    const item = run.books.order(id)
    if (item === undefined) continue
    const market = run.market(marketId)!
    if (isFillOrKill) run.close(item, market, 'fillOrKill')
    else if (order.timeInForce === 'ioc') run.close(item, market, 'immediate')
    else if (!item.isStored) run.store(item, market)
  }
}

/** Best price first, then who came first. */
function byPriority(a: BookOrder, b: BookOrder): number {
  if (a.isBuy !== b.isBuy) return a.isBuy ? -1 : 1
  if (a.limitTicks !== b.limitTicks)
    return a.isBuy ? b.limitTicks - a.limitTicks : a.limitTicks - b.limitTicks
  return byAge(a, b)
}

function byAge(a: BookOrder, b: BookOrder): number {
  if (a.entryHeight !== b.entryHeight) return a.entryHeight < b.entryHeight ? -1 : 1
  return a.id < b.id ? -1 : 1
}
