// Before the auctions: whoever may be filled has free cash for the spot that it bids for, and initial margin
// with all its orders counted, or loses its newest orders until it does. Spec: docs/markets.md.
import { isProtocolError } from '@causeway/primitives'
import type { Holder } from '../../identifiers.ts'
import type { BookOrder, Counted } from './book-order.ts'
import { tradeFeeE6 } from './fees.ts'
import type { Market, RiskOrder, RiskOrderSum } from './market.ts'
import type { OpenSide } from './open-sums.ts'
import { isReducingPrice } from './pure/bands.ts'
import { tradeNotionalE6 } from './pure/grid.ts'
import { TradingAccounts } from './trading-accounts.ts'
import type { BlockRun } from './run.ts'

/** Checks every holder with an order that entered or that some order crosses. */
export function checkMargins(run: BlockRun): void {
  const holders = new Map<string, BookOrder>()
  const note = (item: BookOrder) => {
    if (!holders.has(item.holderKey)) holders.set(item.holderKey, item)
  }
  for (const item of run.entered) note(item)
  for (const id of run.active) for (const item of run.books.all.get(id)?.crossing() ?? []) note(item)
  for (const key of [...holders.keys()].sort()) checkHolder(run, holders.get(key)!)
}

const NOT_AT_ALL = -(1n << 127n)

function checkHolder(run: BlockRun, { holderKey, order: { holder } }: BookOrder): void {
  if (isCovered(run, holder, holderKey)) return
  const { context, ports } = run
  const counted = paidOrders(run, holder, countedOrders(run, holderKey))
  if (counted.length === 0) return
  const marginE6 = (orders: readonly Counted[]) => {
    try {
      const asked = orders.map(({ order }) => order)
      return ports.risk.initialMarginE6(context, holder, asked)
    } catch (error) {
      // What the subaccount can't have at all counts as more than it has.
      if (!isProtocolError(error)) throw error
      return NOT_AT_ALL
    }
  }
  if (marginE6(counted) >= 0n) {
    run.books.tighten(holderKey)
    return
  }
  // 1. Without the newest of those that add risk
  const [adding, reducing] = bySide(run, counted)
  const kept = mostKept(adding, (orders) => marginE6([...reducing, ...orders]) >= 0n)
  if (kept !== undefined) return cancelBeyond(run, adding, kept)
  cancelBeyond(run, adding, 0)
  // 2. Below its requirement whatever is cancelled: what brings it nearer may stay
  const near = reducing.filter((each) => isNear(run, each))
  // What the chain closes goes first, as a whole; beside it nothing of the holder's own is in the way.
  const forced = near.filter(({ item }) => item.isForced)
  const closed = forced.slice(0, mostKept(forced, (kept) => keepsMargins(run, holder, kept)) ?? 0)
  const own = closed.length > 0 ? [] : near.filter(({ item }) => !item.isForced)
  const staying = new Set([...closed, ...whateverFills(run, holder, own)])
  for (const each of reducing) if (!staying.has(each)) run.close(each.item, each.market, 'margin')
}

/**
 * Whether the sums of a holder's orders say that they are covered: then none of them has to be counted, and
 * most holders have much more than they need. Where the sums don't say, the orders do.
 */
function isCovered(run: BlockRun, holder: Holder, holderKey: string): boolean {
  const sums: RiskOrderSum[] = []
  for (const [id, { buys, sells }] of run.books.openOf(holderKey)) {
    const market = run.market(id)!
    if (market.kind === 'spot') return false
    if (buys.lots > 0) sums.push(sumOf(run, market, buys, true))
    if (sells.lots > 0) sums.push(sumOf(run, market, sells, false))
  }
  if (sums.length === 0) return true
  try {
    return run.ports.risk.covers(run.context, holder, sums)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return false
  }
}

function sumOf(run: BlockRun, market: Market, side: OpenSide, isBuy: boolean): RiskOrderSum {
  const { orders, lots, lowestE9, highestE9 } = side
  const sizeE9 = BigInt(lots) * market.lotE9
  const indexE9 = run.indexE9(market.underlying)
  // Fees grow with prices
  const feeE6 = tradeFeeE6(market, { sizeE9, priceE9: highestE9, indexE9, isMaker: false })
  const limitE9 = isBuy ? highestE9 : lowestE9
  return { market, sizeE9: isBuy ? sizeE9 : -sizeE9, limitE9, feeE6, orders, highestE9 }
}

/** So many orders are valued at most, the oldest: each set of them by itself. */
const VALUED_MAX = 4

/**
 * The orders with which neither margin falls, whichever of them fill: one may be a leg of a hedge. Margins
 * are concave in what fills, so that what holds for whole orders holds for parts of them.
 */
function whateverFills(run: BlockRun, holder: Holder, orders: readonly Counted[]): Counted[] {
  const kept: Counted[] = []
  for (const each of orders.slice(0, VALUED_MAX))
    if (subsets(kept).every((others) => keepsMargins(run, holder, [...others, each]))) kept.push(each)
  return kept
}

function subsets<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  let sets: (readonly Item[])[] = [[]]
  for (const item of items) sets = [...sets, ...sets.map((set) => [...set, item])]
  return sets
}

/**
 * Without the newest spot bids beyond what is free: an asset can be taken out at once, a gain that is locked
 * can't.
 */
function paidOrders(run: BlockRun, holder: Holder, counted: readonly Counted[]): readonly Counted[] {
  const bids = counted.filter(({ market, order }) => market.kind === 'spot' && order.sizeE9 > 0n)
  if (bids.length === 0) return counted
  let leftE6 = run.ports.cash.freeE6(run.context, holder)
  const unpaid = new Set<Counted>()
  for (const bid of bids) {
    const { sizeE9, limitE9, feeE6 } = bid.order
    leftE6 -= tradeNotionalE6(sizeE9, limitE9) + feeE6
    if (leftE6 < 0n) unpaid.add(bid)
  }
  cancelBeyond(run, [...unpaid], 0)
  return counted.filter((each) => !unpaid.has(each))
}

/** Whether neither margin falls if these orders fill whole, each at its limit. Nothing of the try stays. */
function keepsMargins(run: BlockRun, holder: Holder, orders: readonly Counted[]): boolean {
  if (orders.length === 0) return true
  const { context, ports } = run
  const margins = () => ports.risk.margins(context, holder)
  let isKept = false
  const curtain = new Curtain()
  try {
    const before = margins()
    context.nested(() => {
      const accounts = new TradingAccounts(context, ports)
      for (const { market, order } of orders) {
        const { sizeE9, limitE9: priceE9, feeE6 } = order
        accounts.trade(accounts.account(holder), market, { sizeE9, priceE9, feeE6 })
      }
      accounts.flush('trade')
      const after = margins()
      isKept = after.initialE6 >= before.initialE6 && after.maintenanceE6 >= before.maintenanceE6
      throw curtain
    })
  } catch (error) {
    if (error !== curtain && !isProtocolError(error)) throw error
  }
  return isKept
}

/** Ends a try: its overlay is dropped with whatever is thrown. */
class Curtain extends Error {}

/**
 * The greatest number of the oldest with which it holds, if fewer never hold less; else a number with which
 * it does. Nothing if it holds with none.
 */
function mostKept(
  orders: readonly Counted[],
  holds: (kept: readonly Counted[]) => boolean,
): number | undefined {
  if (!holds([])) return undefined
  let [low, high] = [0, orders.length]
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (holds(orders.slice(0, middle))) low = middle
    else high = middle - 1
  }
  return low
}

function cancelBeyond(run: BlockRun, orders: readonly Counted[], kept: number): void {
  for (const { item, market } of orders.slice(kept)) run.close(item, market, 'margin')
}

/** The orders of a holder that can be filled, oldest first. */
function countedOrders(run: BlockRun, holderKey: string): Counted[] {
  const found: Counted[] = []
  for (const item of run.books.ordersOf(holderKey)) {
    if (item.order.trigger !== undefined) continue
    const market = run.market(item.market)!
    if (!item.order.isReduceOnly) {
      found.push(countedWhole(run, market, item))
      continue
    }
    const sizeE9 = lesser(BigInt(item.lots) * market.lotE9, roomE9(run, item))
    if (sizeE9 > 0n) found.push({ item, market, order: riskOrder(run, market, item, sizeE9) })
  }
  return found.sort((a, b) => compare(a.item, b.item))
}

/** An order with all that it has left. Most rest, and count in every block as they did in the one before. */
function countedWhole(run: BlockRun, market: Market, item: BookOrder): Counted {
  const { counted, lots } = item
  const indexE9 = run.indexE9(market.underlying)
  if (counted?.lots === lots && counted.indexE9 === indexE9 && counted.as.market === market) return counted.as
  const as = { item, market, order: riskOrder(run, market, item, BigInt(lots) * market.lotE9) }
  item.counted = { as, lots, indexE9 }
  return as
}

/** What an order could take off its holder's position. */
function roomE9({ accounts }: BlockRun, { order: { holder }, holderKey, market, isBuy }: BookOrder): bigint {
  const heldE9 = accounts.heldE9(holder, holderKey, market)
  const oppositeE9 = isBuy ? -heldE9 : heldE9
  return oppositeE9 > 0n ? oppositeE9 : 0n
}

/** Orders that can add to a position, and those that can only shrink it. */
function bySide(
  run: BlockRun,
  counted: readonly Counted[],
): readonly [adding: Counted[], reducing: Counted[]] {
  const [adding, reducing]: [Counted[], Counted[]] = [[], []]
  for (const each of counted) {
    const { sizeE9 } = each.order
    const isReducing = (sizeE9 < 0n ? -sizeE9 : sizeE9) <= roomE9(run, each.item)
    if (isReducing) reducing.push(each)
    else adding.push(each)
  }
  return [adding, reducing]
}

function riskOrder(run: BlockRun, market: Market, { order, isBuy }: BookOrder, sizeE9: bigint): RiskOrder {
  const indexE9 = run.indexE9(market.underlying)
  const { limitE9 } = order
  // A buyer pays no more than its limit's fee; a seller may get up to the band's end, which its profit
  // covers.
  const feeE6 = tradeFeeE6(market, { sizeE9, priceE9: limitE9, indexE9, isMaker: false })
  return { market, sizeE9: isBuy ? sizeE9 : -sizeE9, limitE9, feeE6 }
}

function isNear(run: BlockRun, { market, item }: Counted): boolean {
  const markE9 = run.markE9(market)
  if (markE9 === undefined) return false
  const indexE9 = run.indexE9(market.underlying)
  const { kind, tier } = market
  return isReducingPrice(item.order.limitE9, { kind, tier, markE9, indexE9 })
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function compare(a: BookOrder, b: BookOrder): number {
  if (a.entryHeight !== b.entryHeight) return a.entryHeight < b.entryHeight ? -1 : 1
  return a.id < b.id ? -1 : 1
}
