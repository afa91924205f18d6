// What the store says, indexed for a block: books, who has orders, who has positions where. Derived memory:
// it belongs to one height and is made anew from the store whenever a block doesn't follow on that height.
import { assert } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import type { ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import type { Market } from './market.ts'
import { MARKETS_STORE, holderBytes, markets, marketsVersion, positionsOfAll, storedOrders } from './state.ts'
import { bookOrder, holderText } from './book-order.ts'
import type { BookOrder } from './book-order.ts'
import { Book } from './book.ts'
import { ExpiryQueue } from './expiry-queue.ts'

/** Books and indexes of all markets. */
export class Books {
  readonly #books = new Map<bigint, Book>()
  readonly #markets = new Map<bigint, Market>()
  #marketsVersion = -1n
  readonly #orders = new Map<bigint, BookOrder>()
  readonly #byHolder = new Map<string, Map<bigint, BookOrder>>()
  readonly #byMarket = new Map<bigint, Map<string, Holder>>()
  readonly #marketsOf = new Map<string, readonly bigint[]>()
  /** By owner and market: who has a position there, or an order that can add to one. */
  readonly #active = new Map<string, Map<string, Holder>>()
  readonly #changed = new Map<string, Holder>()
  readonly #ordering = new Map<string, Uint8Array>()
  readonly #opening = new Map<string, number>()
  readonly expiries = new ExpiryQueue()

  /** Reads everything. */
  static read(context: ReadContext, owner: (account: Uint8Array) => string): Books {
    const store = context.store(MARKETS_STORE)
    const books = new Books()
    const known = books.markets(store)
    for (const order of storedOrders(store)) {
      const market = known.get(order.market)
      assert(market !== undefined, `order ${order.id} is of a market`)
      books.add(bookOrder(order, market, { owner: owner(order.holder.account), isStored: true }), market)
    }
    for (const { holder, positions } of positionsOfAll(store)) {
      books.notePositions(
        holder,
        owner(holder.account),
        positions.map(({ market }) => market),
      )
    }
    for (const book of books.#books.values()) book.takeChanges()
    return books
  }

  /** All markets, ascending; read anew when one was written. */
  markets(store: KeyValueReader): ReadonlyMap<bigint, Market> {
    const version = marketsVersion(store)
    if (version !== this.#marketsVersion) {
      this.#markets.clear()
      for (const market of markets(store)) this.#markets.set(market.id, market)
      this.#marketsVersion = version
    }
    return this.#markets
  }

  /** The book of a market. */
  book(market: Market): Book {
    let book = this.#books.get(market.id)
    if (book === undefined) {
      book = new Book(market)
      this.#books.set(market.id, book)
    }
    return book
  }

  /** All books that something was ever in, by market. */
  get all(): ReadonlyMap<bigint, Book> {
    return this.#books
  }

  /** An order, if it is in a book. */
  order(id: bigint): BookOrder | undefined {
    return this.#orders.get(id)
  }

  /** All books, ascending by market: memory has another order than a restarted node reads. */
  inOrder(): readonly (readonly [market: bigint, book: Book])[] {
    return [...this.all].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** All orders of a holder. */
  ordersOf(holderKey: string): Iterable<BookOrder> {
    return this.#byHolder.get(holderKey)?.values() ?? []
  }

  /** How many orders a holder has. */
  orderCount(holderKey: string): number {
    return this.#byHolder.get(holderKey)?.size ?? 0
  }

  /** All orders of a market, ascending by id. */
  ordersIn(market: bigint): BookOrder[] {
    return (this.#books.get(market)?.items() ?? []).sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Holders with a position in a market, ascending. */
  holdersOf(market: bigint): Holder[] {
    const holders = this.#byMarket.get(market) ?? new Map<string, Holder>()
    return [...holders.keys()].sort().map((key) => holders.get(key)!)
  }

  /** Holders of an owner, by their texts, with a position in a market or an order that can add to one. */
  activeOf(owner: string, market: bigint): ReadonlyMap<string, Holder> {
    return this.#active.get(activeKey(owner, market)) ?? NOBODY
  }

  /** Whether a holder would have positions or orders in more than `max` markets, with one more market. */
  isBeyondMarkets(holderKey: string, market: bigint, max: number): boolean {
    const most = (this.#marketsOf.get(holderKey)?.length ?? 0) + this.orderCount(holderKey) + 1
    return most > max && this.#marketCount(holderKey, market) > max
  }

  /** What of a holder's orders in a market can add to a side, in lots: not reduce-only, no trigger. */
  openingLots(holderKey: string, market: bigint, isBuy: boolean): number {
    return this.#opening.get(openingKey(holderKey, market, isBuy)) ?? 0
  }

  #marketCount(holderKey: string, market: bigint): number {
    const seen = new Set<bigint>(this.#marketsOf.get(holderKey))
    for (const order of this.ordersOf(holderKey)) seen.add(order.market)
    return seen.add(market).size
  }

  /** Notes that a holder's positions have changed in the running block. */
  noteChanged(holder: Holder): void {
    this.#changed.set(holderText(holderBytes(holder)), holder)
  }

  /** Whose positions have changed since the block began, ascending. */
  get changed(): Holder[] {
    return [...this.#changed.keys()].sort().map((key) => this.#changed.get(key)!)
  }

  /** Accounts of which a subaccount has begun or ceased to have orders since the block began, ascending. */
  get ordering(): Uint8Array[] {
    return [...this.#ordering.keys()].sort().map((key) => this.#ordering.get(key)!)
  }

  /** A block begins. */
  begin(): void {
    this.#changed.clear()
    this.#ordering.clear()
  }

  /** Puts an order in. */
  add(item: BookOrder, market: Market): void {
    assert(!this.#orders.has(item.id), `order ${item.id} is in one book once`)
    this.book(market).add(item)
    this.#orders.set(item.id, item)
    let own = this.#byHolder.get(item.holderKey)
    if (own === undefined) {
      this.#byHolder.set(item.holderKey, (own = new Map()))
      this.#noteOrdering(item)
    }
    own.set(item.id, item)
    this.#count(item, item.lots)
    if (item.order.timeInForce === 'gtt') this.expiries.add(item.order.expireSeconds, item.id)
  }

  /** Takes an order out. */
  remove(item: BookOrder): void {
    this.#books.get(item.market)?.remove(item)
    if (this.#orders.has(item.id)) this.#count(item, -item.lots)
    this.#forget(item)
  }

  /** Takes lots off an order; one with none left goes. */
  fill(item: BookOrder, lots: number): void {
    this.#books.get(item.market)?.fill(item, lots)
    this.#count(item, -lots)
    if (item.lots === 0) this.#forget(item)
  }

  /** Drops a market that is over. */
  drop(market: bigint): void {
    this.#books.delete(market)
    this.#byMarket.delete(market)
  }

  /** Notes in which markets a holder has positions now. */
  notePositions(holder: Holder, owner: string, after: readonly bigint[]): void {
    const key = holderText(holderBytes(holder))
    const before = this.#marketsOf.get(key) ?? []
    if (after.length === 0) this.#marketsOf.delete(key)
    else this.#marketsOf.set(key, after)
    for (const market of before) {
      if (after.includes(market)) continue
      this.#byMarket.get(market)?.delete(key)
      this.#noteActive(key, holder, owner, market)
    }
    for (const market of after) {
      let holders = this.#byMarket.get(market)
      if (holders === undefined) this.#byMarket.set(market, (holders = new Map()))
      if (holders.has(key)) continue
      holders.set(key, holder)
      this.#noteActive(key, holder, owner, market)
    }
  }

  #noteActive(key: string, holder: Holder, owner: string, market: bigint): void {
    const inMarket = activeKey(owner, market)
    const holders = this.#active.get(inMarket)
    const isActive =
      this.#byMarket.get(market)?.has(key) === true ||
      this.#opening.has(openingKey(key, market, true)) ||
      this.#opening.has(openingKey(key, market, false))
    if (isActive) {
      if (holders === undefined) this.#active.set(inMarket, new Map([[key, holder]]))
      else holders.set(key, holder)
    } else if (holders?.delete(key) === true && holders.size === 0) this.#active.delete(inMarket)
  }

  #forget(item: BookOrder): void {
    this.#orders.delete(item.id)
    const own = this.#byHolder.get(item.holderKey)
    own?.delete(item.id)
    if (own?.size !== 0) return
    this.#byHolder.delete(item.holderKey)
    this.#noteOrdering(item)
  }

  #count({ holderKey, market, isBuy, order, owner }: BookOrder, lots: number): void {
    if (order.isReduceOnly || order.trigger !== undefined || lots === 0) return
    const key = openingKey(holderKey, market, isBuy)
    const before = this.#opening.get(key) ?? 0
    const sum = before + lots
    if (sum === 0) this.#opening.delete(key)
    else this.#opening.set(key, sum)
    if (before === 0 || sum === 0) this.#noteActive(holderKey, order.holder, owner, market)
  }

  #noteOrdering({ order: { holder } }: BookOrder): void {
    this.#ordering.set(String.fromCharCode(...holder.account), holder.account)
  }
}

function openingKey(holderKey: string, market: bigint, isBuy: boolean): string {
  return `${holderKey}${isBuy ? 'b' : 's'}${market}`
}

const NOBODY: ReadonlyMap<string, Holder> = new Map()

function activeKey(owner: string, market: bigint): string {
  return `${owner}${market}`
}
