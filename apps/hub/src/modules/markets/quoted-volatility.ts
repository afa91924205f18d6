// What an option's own quotes say of its volatility, followed block by block. Spec: docs/markets.md.
// Store: 0x18 ‖ market → QuotedVolatility, while quotes were two-sided in one of the last 100 blocks. A block
// looks at options in whose books something has happened, and at each of the others every 25 blocks.
import { be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import { QuotedVolatility } from '@causeway/protocol/causeway/markets/v1/markets'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import type { ReadContext } from '../../block/context.ts'
import { decodeOnce } from '../../decode-once.ts'
import type { Book } from './book.ts'
import { emitVolatility } from './events.ts'
import type { Market } from './market.ts'
import { isTrading } from './place-order.ts'
import { isRfqPrice } from './pure/bands.ts'
import type { BandTerms } from './pure/bands.ts'
import {
  TWO_SIDED_OWNERS_MIN,
  isEstablished,
  markVolatilityE9,
  nextPresence,
  quotedLotsMin,
  quotedPriceE9,
} from './pure/option-volatility.ts'
import type { RestingQuote } from './pure/option-volatility.ts'
import type { BlockRun } from './run.ts'
import { MARKETS_STORE, PREFIX } from './state.ts'

/** So often an option is looked at in whose book nothing happens: its price says less and less. */
const TURN_BLOCKS = 25n
/** Orders a side that are looked at, best first: whoever stands behind more doesn't count. */
const EXAMINED_MAX = 500
/** Volatilities are kept in hundredths of a point. */
const STEP_E9 = 100_000n

const NOBODY: QuotedVolatility = { presence: '', height: 0n, isTwoSided: false, volatilityE9: 0n }

/** Follows quotes at a block's end, when the books are what the auctions have left. */
export function followQuotes(run: BlockRun): void {
  const { books, context } = run
  const store = context.store(MARKETS_STORE)
  const due = new Set([...books.touched, ...books.optionsOfTurn(store, context.height, TURN_BLOCKS)])
  for (const id of [...due].sort((a, b) => (a < b ? -1 : 1))) {
    const market = run.market(id)
    if (market?.kind === 'option') follow(run, market, books.all.get(id))
  }
}

/** What quotes say of an option, if they do. */
export function readVolatility(store: KeyValueReader, market: bigint): QuotedVolatility | undefined {
  const bytes = store.get(concatBytes(PREFIX.volatility, be64(market)))
  return bytes === undefined ? undefined : volatilityOf(bytes)
}

/** By option that its quotes move: from the oracle's volatility to the one that it is marked at, 10⁻⁹. */
export function markVolatilities(context: ReadContext): ReadonlyMap<bigint, (oracleE9: bigint) => bigint> {
  const moved = new Map<bigint, (oracleE9: bigint) => bigint>()
  const entries = context.store(MARKETS_STORE).iterate(PREFIX.volatility, prefixEnd(PREFIX.volatility))
  for (const [key, value] of entries) {
    const { volatilityE9 } = volatilityOf(value)
    if (volatilityE9 > 0n) moved.set(fromBe64(key, 1), (oracleE9) => markVolatilityE9(oracleE9, volatilityE9))
  }
  return moved
}

const volatilityOf = decodeOnce((bytes: Uint8Array): QuotedVolatility => {
  const record = QuotedVolatility.decode(bytes)
  nextPresence(BigInt(record.presence), false, 0n)
  return record
})

function follow(run: BlockRun, market: Market, book: Book | undefined): void {
  const { context } = run
  const { height } = context
  const store = context.store(MARKETS_STORE)
  const stored = readVolatility(store, market.id)
  const before = stored ?? NOBODY
  const quotedE9 = book && quotedVolatilityE9(run, market, book)
  const isTwoSided = quotedE9 !== undefined
  if (stored === undefined && !isTwoSided) return
  const passed = stored === undefined ? 0n : height - stored.height - 1n
  const until = nextPresence(BigInt(before.presence), before.isTwoSided, passed > 0n ? passed : 0n)
  const presence = nextPresence(until, isTwoSided)
  const volatilityE9 = isEstablished(presence) ? (quotedE9 ?? before.volatilityE9) : 0n
  write(store, market.id, { presence: `${presence}`, height, isTwoSided, volatilityE9 })
  if (volatilityE9 !== before.volatilityE9) emitVolatility(context, market.id, volatilityE9)
}

/** Nothing unless three owners quote both sides near the mark, with size, at a fresh index. */
function quotedVolatilityE9(run: BlockRun, market: Market, book: Book): bigint | undefined {
  const { context, ports } = run
  const { kind, tier, underlying } = market
  const indexE9 = run.indexE9(underlying)
  const markE9 = run.markE9(market)
  if (!isTrading(context, market) || markE9 === undefined || markE9 <= 0n || indexE9 <= 0n) return undefined
  if (ports.prices.index(context, underlying).state !== 'fresh') return undefined
  const lotsMin = quotedLotsMin(indexE9, market.lotE9)
  if (!book.isQuotedBy(TWO_SIDED_OWNERS_MIN, lotsMin)) return undefined
  const near = { kind, tier, markE9, indexE9 }
  const side = (isBid: boolean) => quotesOf(book, market, near, isBid, run.unheard)
  const priceE9 = quotedPriceE9(side(true), side(false), lotsMin)
  const impliedE9 = priceE9 && ports.prices.volatilityE9(context, market, priceE9)
  if (impliedE9 === undefined) return undefined
  const stepped = impliedE9 - (impliedE9 % STEP_E9)
  return stepped > 0n ? stepped : STEP_E9
}

/** What rests on a side within the RFQ band, best first; what only reduces says nothing, nor one owner. */
function* quotesOf(
  book: Book,
  { tickE9 }: Market,
  near: BandTerms,
  isBid: boolean,
  unheard: string | undefined,
): Iterable<RestingQuote> {
  let left = EXAMINED_MAX
  for (const { ticks, items } of (isBid ? book.bids : book.asks).levels) {
    const priceE9 = BigInt(ticks) * tickE9
    const isNear = isRfqPrice(priceE9, near)
    if (!isNear && isBid === priceE9 < near.markE9) return
    for (const { owner, lots, order } of items.values()) {
      if (owner === unheard) continue
      if (left-- === 0) return
      if (isNear && !order.isReduceOnly) yield { owner, priceE9, lots }
    }
  }
}

function write(store: KeyValueStore, market: bigint, record: QuotedVolatility): void {
  const key = concatBytes(PREFIX.volatility, be64(market))
  if (record.presence === '0') store.delete(key)
  else store.set(key, QuotedVolatility.encode(record).finish())
}
