// What can be followed: blocks, events, fills and orders of an account, a book.
import { addressBytes } from '../address.ts'
import { priceText } from '../decimal.ts'
import { bookRow, readBook } from '../read/book.ts'
import type { BookRow } from '../read/book.ts'
import { closedOf, fillOf } from '../read/fills.ts'
import type { ClosedOrder, Fill } from '../read/fills.ts'
import type { MarketDirectory } from '../read/market-directory.ts'
import type { HubEvent } from '../rpc/events.ts'
import type { Hub } from '../transactions/hub.ts'
import { followBlocks } from './block-stream.ts'
import type { StreamedBlock } from './block-stream.ts'
import { afterDelta, bookOf, deltaOf, levelsOf } from './followed-book.ts'
import type { FollowedBook } from './followed-book.ts'
import type { Socket } from './socket.ts'

/** What is followed. `address` is the account's own: what a linked wallet does is told under it. */
export type Topic =
  | { readonly topic: 'blocks' }
  | { readonly topic: 'fills'; readonly address: string }
  | { readonly topic: 'closed'; readonly address: string }
  | { readonly topic: 'book'; readonly market: string; readonly depth?: number }
  | { readonly topic: 'auctions' }
  | { readonly topic: 'prices' }
  | { readonly topic: 'liquidations' }
  | { readonly topic: 'events' }

/** An auction that cleared. */
export interface Auction {
  readonly marketId: string
  readonly price: string
  readonly volume: string
}

/** A price that the oracle accepted. */
export interface AcceptedPrice {
  readonly asset: string
  readonly price: string
  readonly timeSeconds: number
}

/** What is told of each topic; always with the block's height. */
export interface Told {
  readonly blocks: { readonly height: string }
  readonly fills: Fill & { readonly height: string }
  readonly closed: ClosedOrder & { readonly height: string }
  readonly book: BookRow
  readonly auctions: Auction & { readonly height: string }
  readonly prices: AcceptedPrice & { readonly height: string }
  readonly events: HubEvent & { readonly height: string }
  /**
   * Levels of margin, calls, stages, bids and sales, insurance, deleveraging: docs/margin-calls.md,
   * docs/liquidation.md and docs/insurance.md.
   */
  readonly liquidations: HubEvent & { readonly height: string }
}

/** Follows a topic; gives what ends it. */
export type Subscribe = <Name extends Topic['topic']>(
  topic: Topic & { readonly topic: Name },
  on: (told: Told[Name]) => void,
  onError?: (error: Error) => void,
) => () => void

type Told1 = (told: never) => void

const DEPTH = 200
const OF_STRESS = /^causeway\.(?:(?:liquidation|insurance|calls)\.v1\.|risk\.v1\.margin_level$)/

/** The subscriptions of a hub; the socket is made when the first of them is. */
export function createSubscribe(hub: Hub, socket: () => Socket, markets: MarketDirectory): Subscribe {
  return (topic, on, onError = () => undefined) => {
    if (topic.topic === 'book') {
      return followBook(hub, socket(), markets, topic as Topic & { topic: 'book' }, {
        on: on as never,
        onError,
      })
    }
    if ('address' in topic) addressBytes(topic.address)
    const read = readerOf(topic as Exclude<Topic, { topic: 'book' }>)
    const tell = on as Told1
    return followBlocks(hub, socket(), {
      withTransactions: ['fills', 'closed', 'events', 'liquidations'].includes(topic.topic),
      onError,
      onBlock: (block) => {
        for (const told of read(block)) tell({ ...told, height: block.height.toString() } as never)
      },
    })
  }
}

function readerOf(topic: Exclude<Topic, { topic: 'book' }>): (block: StreamedBlock) => readonly object[] {
  const each = (read: (event: HubEvent) => object | undefined) => (block: StreamedBlock) =>
    block.events.map(read).filter((told) => told !== undefined)
  if (topic.topic === 'blocks') return () => [{}]
  if (topic.topic === 'events') return ({ events }) => events
  if (topic.topic === 'liquidations') return ({ events }) => events.filter(({ type }) => OF_STRESS.test(type))
  if (topic.topic === 'auctions') return each(auctionOf)
  if (topic.topic === 'prices') return each(priceOf)
  const ofAccount = <Item extends { readonly account: string }>(item: Item | undefined) =>
    item?.account === topic.address ? item : undefined
  return each(
    topic.topic === 'fills' ? (event) => ofAccount(fillOf(event)) : (event) => ofAccount(closedOf(event)),
  )
}

function auctionOf({ type, attributes }: HubEvent): Auction | undefined {
  if (type !== 'causeway.markets.v1.auction') return undefined
  const { market: marketId = '', price_e9 = '0', volume_e9 = '0' } = attributes
  return { marketId, price: priceText(BigInt(price_e9)), volume: priceText(BigInt(volume_e9)) }
}

function priceOf({ type, attributes }: HubEvent): AcceptedPrice | undefined {
  if (type !== 'causeway.oracle.v1.price') return undefined
  const { asset = '', price_e9 = '0', time_seconds = '0' } = attributes
  return { asset, price: priceText(BigInt(price_e9)), timeSeconds: Number(time_seconds) }
}

function followBook(
  hub: Hub,
  socket: Socket,
  markets: MarketDirectory,
  { market: symbol, depth = 20 }: Topic & { topic: 'book' },
  { on, onError }: { readonly on: (book: BookRow) => void; readonly onError: (error: Error) => void },
): () => void {
  let book: FollowedBook | undefined
  const show = (height: bigint) => {
    const { bids, asks } = levelsOf(book!)
    const { sequence } = book!
    on(bookRow(symbol, { bids: bids.slice(0, depth), asks: asks.slice(0, depth), sequence, height }))
  }
  return followBlocks(hub, socket, {
    withTransactions: false,
    onError,
    async onBlock({ height, events }) {
      const market = await markets.bySymbol(symbol)
      const delta = events.map(deltaOf).find((each) => each?.marketId === market.id)
      if (book !== undefined && (delta === undefined || delta.sequence <= book.sequence)) return
      book = book === undefined || delta === undefined ? undefined : afterDelta(book, delta)
      book ??= bookOf(await readBook(hub, market, DEPTH))
      show(height)
    },
  })
}
