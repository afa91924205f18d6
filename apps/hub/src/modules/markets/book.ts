// The orders of one market, derived from the store: never truth.
import { sha256, toHex, utf8 } from '@causeway/primitives'
import type { DepthOrder, Grid } from './pure/types.ts'
import { toTicks } from './pure/grid.ts'
import type { BookOrder } from './book-order.ts'
import { SortedLevels } from './sorted-levels.ts'
import type { Level } from './sorted-levels.ts'

/** One price of a book and what stands there now. */
export interface LevelChange {
  readonly isBid: boolean
  readonly ticks: number
  /** 0: nothing is left. */
  readonly lots: number
}

const CHECKSUM_LEVELS = 10
const CHECKSUM_BYTES = 4

/** Resting orders and orders that wait for their trigger, of one market. */
export class Book {
  readonly bids = new SortedLevels<BookOrder>('descending')
  readonly asks = new SortedLevels<BookOrder>('ascending')
  readonly #above = new SortedLevels<BookOrder>('ascending')
  readonly #below = new SortedLevels<BookOrder>('descending')
  readonly #grid: Grid
  /** Lots by owner, but for what only reduces. */
  readonly #ofOwner = { bids: new Map<string, number>(), asks: new Map<string, number>() }
  /** Levels that were touched, with what stood there before. */
  readonly #touched = new Map<string, LevelChange>()

  readonly #onTouch: () => void

  /** `onTouch` is called when something happens in it for the first time since changes were taken. */
  constructor(grid: Grid, onTouch: () => void = () => {}) {
    this.#grid = grid
    this.#onTouch = onTouch
  }

  /** Whether some bid is not below some ask. */
  get isCrossed(): boolean {
    const [bid, ask] = [this.bids.levels[0], this.asks.levels[0]]
    return bid !== undefined && ask !== undefined && bid.ticks >= ask.ticks
  }

  /** Puts an order in: with the others, or with those that wait. */
  add(item: BookOrder): void {
    const { trigger } = item.order
    if (trigger !== undefined) this.#waiting(item).add(this.#triggerTicks(item), item)
    else {
      this.#note(item)
      this.#count(item, item.lots)
      this.#side(item).add(item.limitTicks, item)
    }
  }

  /** Takes an order out. */
  remove(item: BookOrder): void {
    const { trigger } = item.order
    if (trigger !== undefined) this.#waiting(item).remove(this.#triggerTicks(item), item)
    else {
      this.#note(item)
      this.#count(item, -item.lots)
      this.#side(item).remove(item.limitTicks, item)
    }
  }

  /** Takes lots off an order; one with none left goes. */
  fill(item: BookOrder, lots: number): void {
    this.#note(item)
    this.#count(item, -lots)
    if (lots === item.lots) this.#side(item).remove(item.limitTicks, item)
    else this.#side(item).reduce(item.limitTicks, lots)
    item.lots -= lots
  }

  /** Everything in it, in no order. */
  items(): BookOrder[] {
    const sides = [this.bids, this.asks, this.#above, this.#below]
    return sides.flatMap(({ levels }) => levels.flatMap(({ items }) => [...items.values()]))
  }

  /** Every order that some other order of the book crosses. */
  crossing(): BookOrder[] {
    if (!this.isCrossed) return []
    const [bid, ask] = [this.bids.levels[0]!.ticks, this.asks.levels[0]!.ticks]
    const found: BookOrder[] = []
    for (const { ticks, items } of this.bids.levels) {
      if (ticks < ask) break
      found.push(...items.values())
    }
    for (const { ticks, items } of this.asks.levels) {
      if (ticks > bid) break
      found.push(...items.values())
    }
    return found
  }

  /** Whether orders wait for a mark. */
  get hasTriggers(): boolean {
    return this.#above.levels.length + this.#below.levels.length > 0
  }

  /** The orders that a mark triggers, ascending by id. */
  triggered(markE9: bigint): BookOrder[] {
    const lower = Number(markE9 / this.#grid.tickE9)
    const upper = toTicks(markE9, false, this.#grid)
    const fired = [
      ...firedOf(this.#above.levels, (ticks) => ticks <= lower),
      ...firedOf(this.#below.levels, (ticks) => ticks >= upper),
    ]
    return fired.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /**
   * Resting orders of a side that entered at a height or before, best first, but for one owner's and what
   * only reduces: no margin stands behind that, and there may be nothing that it could fill.
   */
  *depth(isBid: boolean, enteredUntil: bigint, unheard?: string): Iterable<DepthOrder> {
    const { tickE9, lotE9 } = this.#grid
    for (const { ticks, items } of (isBid ? this.bids : this.asks).levels) {
      const priceE9 = BigInt(ticks) * tickE9
      for (const { entryHeight, lots, owner, order } of items.values()) {
        const isHeard = entryHeight <= enteredUntil && owner !== unheard && !order.isReduceOnly
        if (isHeard) yield { priceE9, sizeE9: BigInt(lots) * lotE9 }
      }
    }
  }

  /** Whether so many owners have that many lots on each side, at any prices, without what only reduces. */
  isQuotedBy(owners: number, lotsMin: number): boolean {
    const { bids, asks } = this.#ofOwner
    let found = 0
    for (const [owner, lots] of bids)
      if (lots >= lotsMin && (asks.get(owner) ?? 0) >= lotsMin && ++found === owners) return true
    return false
  }

  /** What has changed since this was last asked: bids before asks, each by price. */
  takeChanges(): LevelChange[] {
    const changes: LevelChange[] = []
    for (const { isBid, ticks, lots: before } of this.#touched.values()) {
      const lots = (isBid ? this.bids : this.asks).at(ticks)?.lots ?? 0
      if (lots !== before) changes.push({ isBid, ticks, lots })
    }
    this.#touched.clear()
    return changes.sort((a, b) => (a.isBid === b.isBid ? a.ticks - b.ticks : a.isBid ? -1 : 1))
  }

  /** 8 hex digits over the ten best levels of both sides. */
  checksum(): string {
    const text = (levels: readonly Level<BookOrder>[]) =>
      levels.slice(0, CHECKSUM_LEVELS).map(({ ticks, lots }) => {
        const priceE9 = BigInt(ticks) * this.#grid.tickE9
        return `${priceE9}:${BigInt(lots) * this.#grid.lotE9}`
      })
    const whole = `${text(this.bids.levels).join(',')}|${text(this.asks.levels).join(',')}`
    return toHex(sha256(utf8(whole)).subarray(0, CHECKSUM_BYTES))
  }

  #side(item: BookOrder): SortedLevels<BookOrder> {
    return item.isBuy ? this.bids : this.asks
  }

  #count({ isBuy, owner, order }: BookOrder, lots: number): void {
    if (order.isReduceOnly) return
    const side = isBuy ? this.#ofOwner.bids : this.#ofOwner.asks
    const after = (side.get(owner) ?? 0) + lots
    if (after === 0) side.delete(owner)
    else side.set(owner, after)
  }

  #waiting({ order }: BookOrder): SortedLevels<BookOrder> {
    return order.trigger?.isAbove === true ? this.#above : this.#below
  }

  #triggerTicks({ order }: BookOrder): number {
    return Number((order.trigger?.priceE9 ?? 0n) / this.#grid.tickE9)
  }

  #note(item: BookOrder): void {
    const { isBuy: isBid, limitTicks: ticks } = item
    const key = `${isBid ? 'b' : 'a'}${ticks}`
    if (this.#touched.has(key)) return
    if (this.#touched.size === 0) this.#onTouch()
    this.#touched.set(key, { isBid, ticks, lots: this.#side(item).at(ticks)?.lots ?? 0 })
  }
}

function firedOf(levels: readonly Level<BookOrder>[], isFired: (ticks: number) => boolean): BookOrder[] {
  const fired: BookOrder[] = []
  for (const { ticks, items } of levels) {
    if (!isFired(ticks)) break
    fired.push(...items.values())
  }
  return fired
}
