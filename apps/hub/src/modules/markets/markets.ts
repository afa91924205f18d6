// Markets as one: what messages do, what blocks do, what others read.
import { EMPTY_BYTES } from '@causeway/primitives'
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import type { Holder } from '../../identifiers.ts'
import { endBlock } from './end-block.ts'
import { Books } from './books.ts'
import { observedIndex } from './history.ts'
import type { Markets } from './market.ts'
import { holderText } from './book-order.ts'
import { cancelAll } from './cancel-orders.ts'
import { passedOrders } from './passed-orders.ts'
import { placeClosing } from './close-orders.ts'
import { endQuote, placeQuote } from './house-quotes.ts'
import { moveAtPrice } from './move-at-price.ts'
import { requireOwnerCaps } from './owner-caps.ts'
import { readParams } from './params.ts'
import type { MarketsPorts } from './ports.ts'
import { sellCollateral } from './sell-collateral.ts'
import {
  MARKETS_STORE,
  holderBytes,
  markets,
  positionsOfAll,
  readFigures,
  readMarket,
  readOrder,
  readPositions,
  touchHolder,
} from './state.ts'
import { clearTrades } from './clear-trades.ts'
import { markVolatilities } from './quoted-volatility.ts'
import { TradingAccounts, fundingE6 } from './trading-accounts.ts'

/** What a block does with markets. */
export interface MarketsBlocks {
  beginBlock(context: Context, parent: ParentBlock | undefined): void
  endBlock(context: Context): void
  /** The books as of a context's state: derived anew unless they are of its height. */
  books(context: ReadContext): Books
}

/** Makes markets over their ports. */
export function createMarkets(ports: MarketsPorts): Markets & MarketsBlocks {
  const memory = new Memory(ports)
  return {
    market: (context, id) => readMarket(context.store(MARKETS_STORE), id),
    markets: (context) => markets(context.store(MARKETS_STORE)),
    figures: (context, id) => readFigures(context.store(MARKETS_STORE), id),
    positions: (context, holder) => readPositions(context.store(MARKETS_STORE), holder),
    fundingE6(context, position) {
      return fundingE6(position, readFigures(context.store(MARKETS_STORE), position.market))
    },
    orders: (context, holder) => [...passedOrders(context, holder)],
    *holders(context) {
      for (const { holder } of positionsOfAll(context.store(MARKETS_STORE))) yield holder
    },
    changedHolders: (context) => memory.changed(context),
    observedIndex(context, underlying, expirySeconds) {
      return observedIndex(context.store(MARKETS_STORE), underlying, expirySeconds)
    },
    markVolatilities,
    cancelAll: (context, holder, reason) => cancelAll(context, ports, holder, { market: 0n, reason }),
    settle(context, holder) {
      const accounts = new TradingAccounts(context, ports)
      const account = accounts.account(holder)
      const store = context.store(MARKETS_STORE)
      for (const id of account.positions.keys()) accounts.settle(account, readMarket(store, id)!)
      accounts.flush('settlement')
      touchHolder(store, holder)
    },
    move(context, moves, reason) {
      for (const { holder } of moveAtPrice(context, ports, moves, reason)) memory.follow(context, holder)
    },
    placeClosing: (context, holder, closings) => placeClosing(context, ports, holder, closings),
    order: (context, holder, id) => readOrder(context.store(MARKETS_STORE), holder, id),
    placeQuote: (context, holder, quote) => placeQuote(context, ports, holder, quote),
    endQuote: (context, holder, id) => endQuote(context, ports, holder, id),
    ordersMax: (context) => readParams(context.store(MARKETS_STORE)).ordersMax,
    requireOwnerCaps,
    sellCollateral: (context, holder, sold) => sellCollateral(context, ports, holder, sold),
    clear: (context, client, trades) => clearTrades(context, ports, client, trades),
    beginBlock: (context, parent) => memory.begin(context, parent),
    endBlock: (context) => memory.end(context),
    books: (context) => memory.at(context),
  }
}

/**
 * Derived memory. It is of the height whose block it saw end, and good for the next one only; a block that is
 * executed again, or first after a start, reads everything anew.
 */
class Memory {
  books: Books | undefined
  readonly #ports: MarketsPorts
  #height = -1n
  #previousAppHash: Uint8Array = EMPTY_BYTES
  /** Whose positions may have changed since the books' block has ended. */
  readonly #moved = new Map<string, Holder>()

  constructor(ports: MarketsPorts) {
    this.#ports = ports
  }

  begin(context: Context, parent: ParentBlock | undefined): void {
    if (this.books === undefined || this.#height !== context.height - 1n) this.books = this.#read(context)
    this.#noteMoved(context)
    this.#height = context.height - 1n
    this.books.begin()
    this.#previousAppHash = parent?.appHash ?? EMPTY_BYTES
  }

  end(context: Context): void {
    if (this.books === undefined || this.#height !== context.height - 1n) this.begin(context, undefined)
    // Until this block has ended the books are of no height: an error leaves nothing that could be trusted.
    this.#height = -1n
    const books = this.books!
    endBlock(context, this.#ports, { books, previousAppHash: this.#previousAppHash })
    this.#height = context.height
  }

  /**
   * Positions have changed outside the auctions: before them the books follow in their turn, after them once
   * somebody asks; what was tried and taken back is no change by then.
   */
  follow(context: Context, holder: Holder): void {
    if (this.books === undefined || this.#height !== context.height)
      touchHolder(context.store(MARKETS_STORE), holder)
    else this.#moved.set(holderText(holderBytes(holder)), holder)
  }

  changed(context: ReadContext): Iterable<Holder> {
    this.#noteMoved(context)
    return this.books?.changed ?? []
  }

  at(context: ReadContext): Books {
    if (this.books === undefined || this.#height !== context.height) return this.#read(context)
    this.#noteMoved(context)
    return this.books
  }

  #noteMoved(context: ReadContext): void {
    for (const holder of this.#moved.values()) {
      const markets = readPositions(context.store(MARKETS_STORE), holder).map(({ market }) => market)
      this.books?.notePositions(holder, this.#ownerOf(context)(holder.account), markets)
      this.books?.noteChanged(holder)
    }
    this.#moved.clear()
  }

  #read(context: ReadContext): Books {
    return Books.read(context, this.#ownerOf(context))
  }

  #ownerOf(context: ReadContext): (account: Uint8Array) => string {
    return (account) => String.fromCharCode(...this.#ports.owner(context, account))
  }
}
