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
import { OpenSums } from './open-sums.ts'
import type { OpenSides } from './open-sums.ts'

/** Books and indexes of all markets. */
export class Books {
  readonly #books = new Map<bigint, Book>()
  readonly #markets = new Map<bigint, Market>()
  #marketsVersion = -1n
  readonly #orders = new Map<bigint, BookOrder>()
  readonly #byHolder = new Map<string, Map<bigint, BookOrder>>()
  readonly #byMarket = new Map<bigint, Map<string, Holder>>()
  readonly #marketsOf = new Map<string, readonly bigint[]>()
  /** By market and owner: who has a position there, or an order that can add to one. */
  readonly #active = new Map<bigint, Map<string, Map<string, Holder>>>()
  readonly #changed = new Map<string, Holder>()
  readonly #ordering = new Map<string, Holder>()
  readonly #open = new OpenSums()
  readonly expiries = new ExpiryQueue()
  /** Books in which something has happened since `takeTouched`. */
  readonly #touched = new Set<bigint>()
  /** Options by the turn in which they are looked at, of a version of the markets. */
  #turns: { readonly version: bigint; readonly byTurn: ReadonlyMap<bigint, bigint[]> } | undefined

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
    books.#touched.clear()
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
      book = new Book(market, () => this.#touched.add(market.id))
      this.#books.set(market.id, book)
    }
    return book
  }

  /** All books that something was ever in, by market. */
  get all(): ReadonlyMap<bigint, Book> {
    return this.#books
  }

  /** Markets in whose books something has happened since `takeTouched`, in no order. */
  get touched(): ReadonlySet<bigint> {
    return this.#touched
  }

  /** The same as books, ascending by market; from here on it begins anew. */
  takeTouched(): (readonly [market: bigint, book: Book])[] {
    const ids = [...this.#touched].sort((a, b) => (a < b ? -1 : 1))
    this.#touched.clear()
    return ids.flatMap((id) => {
      const book = this.#books.get(id)
      return book === undefined ? [] : [[id, book] as const]
    })
  }

  /** The options whose turn a height is: each is once in so many blocks, by its id. */
  optionsOfTurn(store: KeyValueReader, height: bigint, turns: bigint): readonly bigint[] {
    const version = marketsVersion(store)
    if (this.#turns?.version !== version) {
      const byTurn = new Map<bigint, bigint[]>()
      for (const { id, kind } of this.markets(store).values()) {
        if (kind !== 'option') continue
        const turn = byTurn.get(id % turns)
        if (turn === undefined) byTurn.set(id % turns, [id])
        else turn.push(id)
      }
      this.#turns = { version, byTurn }
    }
    return this.#turns.byTurn.get(height % turns) ?? []
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
    return this.#active.get(market)?.get(owner) ?? NOBODY
  }

  /** Whether a holder would have positions or orders in more than `max` markets, with one more market. */
  isBeyondMarkets(holderKey: string, market: bigint, max: number): boolean {
    const most = (this.#marketsOf.get(holderKey)?.length ?? 0) + this.orderCount(holderKey) + 1
    return most > max && this.#marketCount(holderKey, market) > max
  }

  /** What of a holder's orders in a market can add to a side, in lots: not reduce-only, no trigger. */
  openingLots(holderKey: string, market: bigint, isBuy: boolean): number {
    return this.#open.opening(holderKey, market, isBuy)
  }

  /** Sums over a holder's orders that can be filled, by market. */
  openOf(holderKey: string): ReadonlyMap<bigint, OpenSides> {
    return this.#open.of(holderKey)
  }

  /** Brings the limits of these sums to what a holder's orders have now. */
  tighten(holderKey: string): void {
    this.#open.tighten(holderKey, this.ordersOf(holderKey))
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

  /** Who has begun or ceased to have orders since the block began, ascending. */
  get ordering(): Holder[] {
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
    this.#count(item, item.lots, 1)
    if (item.order.timeInForce === 'gtt') this.expiries.add(item.order.expireSeconds, item.id)
  }

  /** Takes an order out. */
  remove(item: BookOrder): void {
    this.#books.get(item.market)?.remove(item)
    if (this.#orders.has(item.id)) this.#count(item, -item.lots, -1)
    this.#forget(item)
  }

  /** Takes lots off an order; one with none left goes. */
  fill(item: BookOrder, lots: number): void {
    this.#books.get(item.market)?.fill(item, lots)
    this.#count(item, -lots, item.lots === 0 ? -1 : 0)
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
    if (before.length === after.length && before.every((market, i) => market === after[i])) return
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
    const isActive = this.#byMarket.get(market)?.has(key) === true || this.#open.isOpening(key, market)
    let owners = this.#active.get(market)
    const holders = owners?.get(owner)
    if (isActive) {
      if (owners === undefined) this.#active.set(market, (owners = new Map()))
      if (holders === undefined) owners.set(owner, new Map<string, Holder>().set(key, holder))
      else holders.set(key, holder)
    } else if (holders?.delete(key) === true && holders.size === 0) {
      owners!.delete(owner)
      if (owners!.size === 0) this.#active.delete(market)
    }
  }

  #forget(item: BookOrder): void {
    this.#orders.delete(item.id)
    const own = this.#byHolder.get(item.holderKey)
    own?.delete(item.id)
    if (own?.size !== 0) return
    this.#byHolder.delete(item.holderKey)
    this.#noteOrdering(item)
  }

  #count(item: BookOrder, lots: number, orders: -1 | 0 | 1): void {
    const { holderKey, market, order, owner } = item
    const wasOpening = this.#open.isOpening(holderKey, market)
    this.#open.count(item, lots, orders)
    const isOpening = this.#open.isOpening(holderKey, market)
    if (isOpening !== wasOpening) this.#noteActive(holderKey, order.holder, owner, market)
  }

  #noteOrdering({ holderKey, order: { holder } }: BookOrder): void {
    this.#ordering.set(holderKey, holder)
  }
}

const NOBODY: ReadonlyMap<string, Holder> = new Map()
