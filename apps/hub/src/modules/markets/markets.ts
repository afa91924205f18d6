// Markets as one: what messages do, what blocks do, what others read.
import { EMPTY_BYTES } from '@causeway/primitives'
import type { Context, ParentBlock, ReadContext } from '../../block/context.ts'
import { endBlock } from './end-block.ts'
import { Books } from './books.ts'
import { observedIndex } from './history.ts'
import type { Markets } from './market.ts'
import { cancelAll } from './cancel-orders.ts'
import type { MarketsPorts } from './ports.ts'
import {
  MARKETS_STORE,
  markets,
  positionsOfAll,
  readFigures,
  readMarket,
  readPositions,
  storedOrders,
  touchHolder,
} from './state.ts'
import { clearTrades } from './clear-trades.ts'
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
    orders: (context, holder) => [...storedOrders(context.store(MARKETS_STORE), holder)],
    *holders(context) {
      for (const { holder } of positionsOfAll(context.store(MARKETS_STORE))) yield holder
    },
    changedHolders: () => memory.books?.changed ?? [],
    observedIndex(context, underlying, expirySeconds) {
      return observedIndex(context.store(MARKETS_STORE), underlying, expirySeconds)
    },
    cancelAll: (context, holder, reason) => cancelAll(context, ports, holder, { market: 0n, reason }),
    settle(context, holder) {
      const accounts = new TradingAccounts(context, ports)
      const account = accounts.account(holder)
      const store = context.store(MARKETS_STORE)
      for (const id of account.positions.keys()) accounts.settle(account, readMarket(store, id)!)
      accounts.flush('settlement')
      touchHolder(store, holder)
    },
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

  constructor(ports: MarketsPorts) {
    this.#ports = ports
  }

  begin(context: Context, parent: ParentBlock | undefined): void {
    if (this.books === undefined || this.#height !== context.height - 1n) this.books = this.#read(context)
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

  at(context: ReadContext): Books {
    return this.books !== undefined && this.#height === context.height ? this.books : this.#read(context)
  }

  #read(context: ReadContext): Books {
    return Books.read(context, (account) => String.fromCharCode(...this.#ports.owner(context, account)))
  }
}
