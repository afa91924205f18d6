// Store `markets`; integers big endian, holder = account 20 ‖ subaccount u16:
//   0x01 ‖ market → Market                     0x02 ‖ market → Figures
//   0x03 ‖ holder → positions (codecs.ts)      0x04 ‖ holder ‖ order → Order
//   0x05, 0x06 → next number of a market, of an order
//   0x07 → Params                              0x08 ‖ symbol → market
//   0x09 ‖ underlying → Underlying             0x0a ‖ underlying ‖ minute → IndexBucket
//   0x0b ‖ underlying → IndexSample            0x13 ‖ underlying ‖ expiry → settlement price u64
//   0x16 → how often a market was written: by it derived lists know that they are old
//   0x14 ‖ underlying → last hour in which its expiries and strikes were listed
//   0x15 ‖ hour → holder after whom the hourly settlement goes on
// Beside others' files: protection 0x0c, dead man's switch 0x0d, 0x0e and 0x19, grants 0x0f, cleared trades
// 0x10 and 0x17, RFQ 0x11 and 0x12, quoted volatility 0x18. From a transaction to the end of its block only
// (never in a committed state):
//   0x20 ‖ order → Order that is new           0x21 ‖ order → market: gone, or changed in place
//   0x22 ‖ holder → 0x01: positions changed
//   0x23 ‖ holder ‖ market u64 (0 = all) → number below which new orders are cancelled
//   0x24 ‖ holder ‖ underlying u64 → number below which new quotes are replaced
import {
  assert,
  be64,
  concatBytes,
  equalBytes,
  fromBe16,
  fromBe64,
  prefixEnd,
  utf8,
} from '@causeway/primitives'
import { Underlying } from '@causeway/protocol/causeway/markets/v1/markets'
import { keyText } from '@causeway/state-tree'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import { ACCOUNT_ID_BYTES, zoneId } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'
import {
  decodeFigures,
  decodeMarket,
  decodeOrder,
  decodePositions,
  encodeFigures,
  encodeMarket,
  encodeOrder,
  encodePositions,
} from './codecs.ts'
import type { Market, MarketFigures, Order, Position } from './market.ts'

/** Name of the store. */
export const MARKETS_STORE = 'markets'

/** First bytes of keys. */
export const PREFIX = {
  market: Uint8Array.of(0x01),
  figures: Uint8Array.of(0x02),
  positions: Uint8Array.of(0x03),
  order: Uint8Array.of(0x04),
  nextMarket: Uint8Array.of(0x05),
  nextOrder: Uint8Array.of(0x06),
  params: Uint8Array.of(0x07),
  symbol: Uint8Array.of(0x08),
  underlying: Uint8Array.of(0x09),
  bucket: Uint8Array.of(0x0a),
  sample: Uint8Array.of(0x0b),
  protection: Uint8Array.of(0x0c),
  cancelAfter: Uint8Array.of(0x0d),
  cancelTime: Uint8Array.of(0x0e),
  grant: Uint8Array.of(0x0f),
  clearedTrade: Uint8Array.of(0x10),
  usedQuote: Uint8Array.of(0x11),
  usedQuoteTime: Uint8Array.of(0x12),
  settlementPrice: Uint8Array.of(0x13),
  listedHour: Uint8Array.of(0x14),
  settledHour: Uint8Array.of(0x15),
  marketsVersion: Uint8Array.of(0x16),
  clearedTime: Uint8Array.of(0x17),
  volatility: Uint8Array.of(0x18),
  idleCancelTime: Uint8Array.of(0x19),
  newOrder: Uint8Array.of(0x20),
  touchedOrder: Uint8Array.of(0x21),
  touchedHolder: Uint8Array.of(0x22),
  cancelBelow: Uint8Array.of(0x23),
  replaceBelow: Uint8Array.of(0x24),
} as const

/** A value that only says that its key is there. */
export const PRESENT = Uint8Array.of(1)

/** What stands behind a key in the first one after it. */
const AFTER = Uint8Array.of(0)

/** Bytes of a holder in a key. */
export const HOLDER_BYTES = ACCOUNT_ID_BYTES + 2

const NO_FIGURES: MarketFigures = {
  markE9: 0n,
  indexE9: 0n,
  openInterestE9: 0n,
  houseQuoteE6: 0n,
  houseCashE6: 0n,
  bookSequence: 0n,
  basisE18: 0n,
  funding: undefined,
  timeNanoseconds: 0n,
  auctionMarkE9: 0n,
  auctionBandE9: 0n,
  markTimeNanoseconds: 0n,
}

/** A holder in a key. */
export function holderBytes({ account, subaccount }: Holder): Uint8Array {
  const bytes = new Uint8Array(HOLDER_BYTES)
  bytes.set(account)
  bytes[ACCOUNT_ID_BYTES] = subaccount >> 8
  bytes[ACCOUNT_ID_BYTES + 1] = subaccount
  return bytes
}

/** The holder at an offset of a key. */
export function holderAt(key: Uint8Array, offset: number): Holder {
  const end = offset + ACCOUNT_ID_BYTES
  return { account: key.slice(offset, end), subaccount: fromBe16(key, end) }
}

const marketOf = decodeOnce(decodeMarket)
const figuresOf = decodeOnce(decodeFigures)
const positionsOf = decodeOnce<readonly Position[]>(decodePositions)
const underlyingOf = decodeOnce(Underlying.decode)
const orderOf = decodeOnce(decodeOrder)
const NO_POSITIONS: readonly Position[] = []

/** The market with this id, if there is one. */
export function readMarket(store: KeyValueReader, id: bigint): Market | undefined {
  const bytes = store.get(numberKey(PREFIX.market, id))
  return bytes === undefined ? undefined : marketOf(bytes)
}

/** All markets above an id, ascending. */
export function* markets(store: KeyValueReader, afterId?: bigint): Iterable<Market> {
  const start = afterId === undefined ? PREFIX.market : concatBytes(PREFIX.market, be64(afterId), AFTER)
  for (const [, value] of store.iterate(start, prefixEnd(PREFIX.market))) yield marketOf(value)
}

/** Writes a market and its name. */
export function writeMarket(store: KeyValueStore, market: Market): void {
  store.set(concatBytes(PREFIX.market, be64(market.id)), encodeMarket(market))
  store.set(concatBytes(PREFIX.symbol, utf8(market.symbol)), be64(market.id))
  store.set(PREFIX.marketsVersion, be64(marketsVersion(store) + 1n))
}

/** How often a market was written. */
export function marketsVersion(store: KeyValueReader): bigint {
  return readCount(store, PREFIX.marketsVersion) ?? 0n
}

/** Forgets a market that is over. */
export function deleteMarket(store: KeyValueStore, { id, symbol }: Market): void {
  store.delete(concatBytes(PREFIX.market, be64(id)))
  store.delete(concatBytes(PREFIX.figures, be64(id)))
  store.delete(concatBytes(PREFIX.volatility, be64(id)))
  store.delete(concatBytes(PREFIX.symbol, utf8(symbol)))
  store.set(PREFIX.marketsVersion, be64(marketsVersion(store) + 1n))
}

/** The market with this symbol, if there is one. */
export function marketIdOf(store: KeyValueReader, symbol: string): bigint | undefined {
  const bytes = store.get(concatBytes(PREFIX.symbol, utf8(symbol)))
  return bytes && fromBe64(bytes)
}

/** Figures of a market; zeros before its first block. */
export function readFigures(store: KeyValueReader, id: bigint): MarketFigures {
  const bytes = store.get(numberKey(PREFIX.figures, id))
  return bytes === undefined ? NO_FIGURES : figuresOf(bytes)
}

/** Writes figures. */
export function writeFigures(store: KeyValueStore, id: bigint, figures: MarketFigures): void {
  const key = concatBytes(PREFIX.figures, be64(id))
  const bytes = encodeFigures(figures)
  if (bytes.length === 0) store.delete(key)
  else store.set(key, bytes)
}

/** Positions of a holder, ascending by market. */
export function readPositions(store: KeyValueReader, holder: Holder): readonly Position[] {
  const bytes = store.get(holderKey(PREFIX.positions, holder))
  return bytes === undefined ? NO_POSITIONS : positionsOf(bytes)
}

/** Writes positions, ascending by market; none deletes the key. */
export function writePositions(store: KeyValueStore, holder: Holder, positions: readonly Position[]): void {
  const key = holderKey(PREFIX.positions, holder)
  if (positions.length === 0) store.delete(key)
  else {
    for (const { sizeE9 } of positions) assert(BigInt.asIntN(64, sizeE9) === sizeE9, 'a size fits in 64 bits')
    const bytes = encodePositions(positions)
    positionsOf.remember(bytes, positions)
    store.set(key, bytes)
  }
}

/** All who have positions, or those of one account, or those after a holder. */
export function* positionsOfAll(
  store: KeyValueReader,
  { account, after }: { readonly account?: Uint8Array; readonly after?: Uint8Array } = {},
): Iterable<{ readonly holder: Holder; readonly positions: readonly Position[] }> {
  const prefix = concatBytes(PREFIX.positions, account ?? new Uint8Array(0))
  const start = after === undefined ? prefix : concatBytes(PREFIX.positions, after, AFTER)
  for (const [key, value] of store.iterate(start, prefixEnd(prefix))) {
    yield { holder: holderAt(key, 1), positions: positionsOf(value) }
  }
}

/** The same of everybody, but for whose they are. */
export function* allPositions(store: KeyValueReader): Iterable<readonly Position[]> {
  for (const [, value] of store.iterate(PREFIX.positions, prefixEnd(PREFIX.positions)))
    yield positionsOf(value)
}

/** A resting order, if it stands. */
export function readOrder(store: KeyValueReader, holder: Holder, id: bigint): Order | undefined {
  const bytes = store.get(orderKey(holder, id))
  return bytes === undefined ? undefined : orderOf(bytes)
}

/** Writes a resting order. */
export function writeOrder(store: KeyValueStore, order: Order): void {
  store.set(orderKey(order.holder, order.id), encodeOrder(order))
}

/** Forgets a resting order. */
export function deleteOrder(store: KeyValueStore, { holder, id }: Pick<Order, 'holder' | 'id'>): void {
  store.delete(orderKey(holder, id))
}

/** All resting orders, or one holder's, or those of an account; ascending by holder and id. */
export function* storedOrders(store: KeyValueReader, of?: Holder | Uint8Array): Iterable<Order> {
  const owner = of === undefined || of instanceof Uint8Array ? of : holderBytes(of)
  const prefix = concatBytes(PREFIX.order, owner ?? new Uint8Array(0))
  for (const [, value] of store.iterate(prefix, prefixEnd(prefix))) yield orderOf(value)
}

/** Whether an account has a position or an order in any subaccount, new ones of this block among them. */
export function hasTrades(store: KeyValueReader, account: Uint8Array): boolean {
  const isHeld = [PREFIX.positions, PREFIX.order].some((kind) => {
    const prefix = concatBytes(kind, account)
    const [first] = store.iterate(prefix, prefixEnd(prefix))
    return first !== undefined
  })
  return isHeld || newOrders(store).some(({ holder }) => equalBytes(holder.account, account))
}

/** Gives a new id. */
export function takeId(store: KeyValueStore, what: 'nextMarket' | 'nextOrder', zone: number): bigint {
  const number = nextNumber(store, what)
  store.set(PREFIX[what], be64(number + 1n))
  return zoneId(zone, number)
}

/** The number that the next id will have. */
export function nextNumber(store: KeyValueReader, what: 'nextMarket' | 'nextOrder'): bigint {
  const bytes = store.get(PREFIX[what])
  return bytes === undefined ? 1n : fromBe64(bytes)
}

/** What is listed of an underlying, if anything. */
export function readUnderlying(store: KeyValueReader, asset: bigint): Underlying | undefined {
  const bytes = store.get(numberKey(PREFIX.underlying, asset))
  return bytes === undefined ? undefined : underlyingOf(bytes)
}

/** All underlyings, ascending by asset. */
export function* underlyings(store: KeyValueReader): Iterable<Underlying> {
  for (const [, value] of store.iterate(PREFIX.underlying, prefixEnd(PREFIX.underlying)))
    yield underlyingOf(value)
}

/** Writes what is listed of an underlying. */
export function writeUnderlying(store: KeyValueStore, underlying: Underlying): void {
  store.set(concatBytes(PREFIX.underlying, be64(underlying.asset)), Underlying.encode(underlying).finish())
}

/** Notes an order that is new in this block. */
export function writeNewOrder(store: KeyValueStore, order: Order): void {
  const bytes = encodeOrder(order)
  orderOf.remember(bytes, order)
  store.set(numberKey(PREFIX.newOrder, order.id), bytes)
}

/** An order that is new in this block. */
export function readNewOrder(store: KeyValueReader, id: bigint): Order | undefined {
  const bytes = store.get(numberKey(PREFIX.newOrder, id))
  return bytes === undefined ? undefined : orderOf(bytes)
}

/** Takes back an order that is new in this block. */
export function deleteNewOrder(store: KeyValueStore, id: bigint): void {
  store.delete(concatBytes(PREFIX.newOrder, be64(id)))
}

/** The new orders of this block, as they came. */
export function newOrders(store: KeyValueReader): Order[] {
  const entries = [...store.iterate(PREFIX.newOrder, prefixEnd(PREFIX.newOrder))]
  return entries.map(([, value]) => orderOf(value))
}

/** Notes that a resting order is gone, or changed in place. */
export function touchOrder(store: KeyValueStore, id: bigint): void {
  store.set(concatBytes(PREFIX.touchedOrder, be64(id)), PRESENT)
}

/** Notes that a transaction has changed the positions of a holder. */
export function touchHolder(store: KeyValueStore, holder: Holder): void {
  store.set(concatBytes(PREFIX.touchedHolder, holderBytes(holder)), PRESENT)
}

/** Notes that a holder's new orders of a market (0: of all) end, or its new quotes of an underlying. */
export function endNewOrders(
  store: KeyValueStore,
  what: 'cancelBelow' | 'replaceBelow',
  holder: Holder,
  id: bigint,
): void {
  const below = be64(nextNumber(store, 'nextOrder'))
  store.set(concatBytes(PREFIX[what], holderBytes(holder), be64(id)), below)
}

/**
 * Whether this block has ended a holder's orders of a market, or quotes of an underlying: none rests again
 * before its end.
 */
export function haveOrdersEnded(
  store: KeyValueReader,
  what: 'cancelBelow' | 'replaceBelow',
  holder: Holder,
  id: bigint,
): boolean {
  return store.has(concatBytes(PREFIX[what], holderBytes(holder), be64(id)))
}

/** Below which number new orders end: by the text of the holder, then by market or underlying. */
export function endedNewOrders(
  store: KeyValueReader,
  what: 'cancelBelow' | 'replaceBelow',
): ReadonlyMap<string, ReadonlyMap<bigint, bigint>> {
  const ended = new Map<string, Map<bigint, bigint>>()
  for (const [key, value] of store.iterate(PREFIX[what], prefixEnd(PREFIX[what]))) {
    const holder = keyText(key.subarray(1, 1 + HOLDER_BYTES))
    let below = ended.get(holder)
    if (below === undefined) ended.set(holder, (below = new Map()))
    below.set(fromBe64(key, 1 + HOLDER_BYTES), fromBe64(value))
  }
  return ended
}

/** What the transactions of this block have touched. */
export function touched(store: KeyValueReader): { readonly orders: bigint[]; readonly holders: Holder[] } {
  const keys = (prefix: Uint8Array) => [...store.iterate(prefix, prefixEnd(prefix))].map(([key]) => key)
  return {
    orders: keys(PREFIX.touchedOrder).map((key) => fromBe64(key, 1)),
    holders: keys(PREFIX.touchedHolder).map((key) => holderAt(key, 1)),
  }
}

/** Ends what is only for one block. */
export function clearTransient(store: KeyValueStore): void {
  const start = PREFIX.newOrder
  const keys = [...store.iterate(start, prefixEnd(PREFIX.replaceBelow))].map(([key]) => key)
  for (const key of keys) store.delete(key)
}

/** The number at a key, if there is one. */
export function readCount(store: KeyValueReader, key: Uint8Array): bigint | undefined {
  const bytes = store.get(key)
  return bytes && fromBe64(bytes)
}

function orderKey(holder: Holder, id: bigint): Uint8Array {
  return concatBytes(PREFIX.order, holderBytes(holder), be64(id))
}

/** Keys are made several times an order: in one allocation. */
function holderKey(prefix: Uint8Array, { account, subaccount }: Holder): Uint8Array {
  const key = new Uint8Array(1 + HOLDER_BYTES)
  key[0] = prefix[0]!
  key.set(account, 1)
  key[1 + ACCOUNT_ID_BYTES] = subaccount >> 8
  key[2 + ACCOUNT_ID_BYTES] = subaccount
  return key
}

function numberKey(prefix: Uint8Array, number: bigint): Uint8Array {
  const key = new Uint8Array(9)
  key[0] = prefix[0]!
  const [high, low] = [Number(number >> 32n), Number(number & 0xffffffffn)]
  for (let i = 0; i < 4; i++) {
    key[1 + i] = high >>> (24 - 8 * i)
    key[5 + i] = low >>> (24 - 8 * i)
  }
  return key
}
