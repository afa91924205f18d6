// What the steps of one block's end share.
import type { Context } from '../../block/context.ts'
import type { Params } from '@causeway/protocol/causeway/markets/v1/markets'
import { bookOrder, holderText } from './book-order.ts'
import type { BookOrder, NamedHolder } from './book-order.ts'
import type { Books } from './books.ts'
import { emitClosed } from './events.ts'
import type { CloseReason } from './events.ts'
import type { Market, Order } from './market.ts'
import { marketMarkE9 } from './marks.ts'
import { readParams } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, deleteOrder, writeOrder } from './state.ts'
import { TradingAccounts } from './trading-accounts.ts'

/** A quote of a mass quote that was filled. */
export interface QuoteFill {
  readonly item: BookOrder
  readonly market: Market
  /** Signed. */
  readonly sizeE9: bigint
}

/** One block's end. */
export class BlockRun {
  readonly context: Context
  readonly ports: MarketsPorts
  readonly books: Books
  /** The state after the block before, 32 bytes. */
  readonly previousAppHash: Uint8Array
  /** Markets in which something entered; their auctions are held. */
  readonly active = new Set<bigint>()
  /** Orders that entered in this block, in order. */
  readonly entered: BookOrder[] = []
  readonly quoteFills: QuoteFill[] = []
  /** Markets that are over and paid out. */
  readonly ended: Market[] = []
  readonly params: Params
  accounts: TradingAccounts
  readonly #marks = new Map<bigint, bigint | undefined>()
  readonly #owners = new Map<string, string>()
  readonly #indexes = new Map<bigint, bigint>()
  #markets: ReadonlyMap<bigint, Market>

  constructor(
    context: Context,
    ports: MarketsPorts,
    memory: { readonly books: Books; readonly previousAppHash: Uint8Array },
  ) {
    this.context = context
    this.ports = ports
    this.books = memory.books
    this.previousAppHash = memory.previousAppHash
    this.accounts = new TradingAccounts(context, ports)
    this.params = readParams(context.store(MARKETS_STORE))
    this.#markets = this.books.markets(context.store(MARKETS_STORE))
  }

  /** Whose orders no mark hears, as `owner` says it. */
  get unheard(): string | undefined {
    const maker = this.ports.protocolMaker
    return maker && this.owner(maker.holder.account)
  }

  /** All markets, ascending, as they were when `refreshMarkets` was called last. */
  get markets(): ReadonlyMap<bigint, Market> {
    return this.#markets
  }

  /** Markets were written. */
  refreshMarkets(): void {
    this.#markets = this.books.markets(this.context.store(MARKETS_STORE))
  }

  /** The index of an underlying; no block's end changes it. */
  indexE9(underlying: bigint): bigint {
    let indexE9 = this.#indexes.get(underlying)
    if (indexE9 === undefined) {
      indexE9 = this.ports.prices.index(this.context, underlying).priceE9
      this.#indexes.set(underlying, indexE9)
    }
    return indexE9
  }

  /** A market. */
  market(id: bigint): Market | undefined {
    return this.markets.get(id)
  }

  /** The mark that this block's auctions go by: that of the end of the block before. */
  markE9(market: Market): bigint | undefined {
    if (!this.#marks.has(market.id))
      this.#marks.set(market.id, marketMarkE9(this.context, this.ports, market))
    return this.#marks.get(market.id)
  }

  /** Whose orders never fill one another, as a text. */
  owner(account: Uint8Array): string {
    const key = holderText(account)
    let owner = this.#owners.get(key)
    if (owner === undefined) {
      owner = holderText(this.ports.owner(this.context, account))
      this.#owners.set(key, owner)
    }
    return owner
  }

  /** Puts an order into its book. */
  enter(
    order: Order,
    market: Market,
    {
      limitE9,
      isStored,
      named,
    }: { readonly limitE9?: bigint; readonly isStored: boolean; readonly named?: NamedHolder },
  ): BookOrder {
    const owner = this.owner(order.holder.account)
    const item = bookOrder(order, market, { owner, isStored, limitE9, named })
    this.books.add(item, market)
    return item
  }

  /** Ends an order of a book. */
  close(item: BookOrder, market: Market, reason: CloseReason): void {
    this.books.remove(item)
    if (item.isStored) deleteOrder(this.context.store(MARKETS_STORE), item.order)
    const remainingE9 = BigInt(item.lots) * market.lotE9
    emitClosed(this.context, this.ports.addresses, item.order, { reason, remainingE9 })
  }

  /** Writes what is left of an order that rests. */
  store(item: BookOrder, market: Market): void {
    item.isStored = true
    const remainingE9 = BigInt(item.lots) * market.lotE9
    writeOrder(this.context.store(MARKETS_STORE), { ...item.order, remainingE9 })
  }

  /** Writes positions and cash of what was done so far, and starts anew. */
  flush(reason: string): void {
    for (const { holder, markets } of this.accounts.flush(reason)) {
      this.books.notePositions(holder, this.owner(holder.account), markets)
      this.books.noteChanged(holder)
    }
    this.accounts = new TradingAccounts(this.context, this.ports)
  }
}
