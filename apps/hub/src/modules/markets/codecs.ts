// Between the values in the store and what the module works with. Positions have a layout of their own:
// market u64 ‖ size i64 ‖ quote i128 ‖ funding index i128, big endian, ascending by market.
import { assert } from '@causeway/primitives'
import { encodeMessage } from '@causeway/protocol'
import {
  Figures as StoredFigures,
  Market as StoredMarket,
  Order as StoredOrder,
} from '@causeway/protocol/causeway/markets/v1/markets'
import type {
  Market,
  MarketFigures,
  MarketStatus,
  Order,
  OrderType,
  Position,
  TimeInForce,
} from './market.ts'
import type { MarketKind, Tier } from './pure/types.ts'

const KINDS: readonly MarketKind[] = ['perpetual', 'future', 'option', 'spot']
const STATUSES: readonly MarketStatus[] = ['open', 'reduceOnly', 'paused', 'settling']
const ORDER_TYPES: readonly OrderType[] = ['limit', 'market']
const TIMES_IN_FORCE: readonly TimeInForce[] = ['gtc', 'ioc', 'fok', 'gtt']
const POSITION_BYTES = 48
const WORD = 64n
const WORD_MASK = (1n << WORD) - 1n

/** The number of a name in a message; 1 is the first. */
export function kindNumber(kind: MarketKind): number {
  return KINDS.indexOf(kind) + 1
}

/** The status of a number in a message, if there is one. */
export function statusOf(number: number): MarketStatus | undefined {
  return STATUSES[number - 1]
}

/** The order type of a number in a message, if there is one. */
export function orderTypeOf(number: number): OrderType | undefined {
  return ORDER_TYPES[number - 1]
}

/** The time in force of a number in a message, if there is one. */
export function timeInForceOf(number: number): TimeInForce | undefined {
  return TIMES_IN_FORCE[number - 1]
}

/** As it lies in the store and in answers. */
export function marketMessage(market: Market): StoredMarket {
  const status = STATUSES.indexOf(market.status) + 1
  return StoredMarket.fromPartial({ ...market, kind: kindNumber(market.kind), status })
}

/** Encodes a market. */
export function encodeMarket(market: Market): Uint8Array {
  return StoredMarket.encode(marketMessage(market)).finish()
}

/** Decodes a market of our own store. */
export function decodeMarket(bytes: Uint8Array): Market {
  const stored = StoredMarket.decode(bytes)
  const kind = KINDS[stored.kind - 1]
  const status = STATUSES[stored.status - 1]
  assert(kind !== undefined && status !== undefined, `market ${stored.id} has a kind and a status`)
  return { ...stored, kind, status, tier: stored.tier as Tier }
}

/** As it lies in the store and in answers. */
export function figuresMessage(figures: MarketFigures): StoredFigures {
  const { funding } = figures
  return {
    markE9: figures.markE9,
    indexE9: figures.indexE9,
    openInterestE9: textOf(figures.openInterestE9),
    houseQuoteE6: textOf(figures.houseQuoteE6),
    houseCashE6: textOf(figures.houseCashE6),
    bookSequence: figures.bookSequence,
    basisE18: textOf(figures.basisE18),
    funding: funding && {
      hour: funding.hour,
      premiumSum: textOf(funding.premiumSum),
      measuredNanoseconds: textOf(funding.measuredNanoseconds),
      premiumE18: textOf(funding.premiumE18),
      rateE9PerHour: textOf(funding.rateE9PerHour),
      index: textOf(funding.index),
    },
    timeNanoseconds: figures.timeNanoseconds,
    auctionMarkE9: figures.auctionMarkE9,
    auctionBandE9: figures.auctionBandE9,
    markTimeNanoseconds: figures.markTimeNanoseconds,
  }
}

/** Encodes figures. */
export function encodeFigures(figures: MarketFigures): Uint8Array {
  return encodeMessage(StoredFigures, figuresMessage(figures))
}

/** Decodes figures of our own store. */
export function decodeFigures(bytes: Uint8Array): MarketFigures {
  const stored = StoredFigures.decode(bytes)
  const { funding } = stored
  return {
    ...stored,
    openInterestE9: BigInt(stored.openInterestE9),
    houseQuoteE6: BigInt(stored.houseQuoteE6),
    houseCashE6: BigInt(stored.houseCashE6),
    basisE18: BigInt(stored.basisE18),
    funding: funding && {
      hour: funding.hour,
      premiumSum: BigInt(funding.premiumSum),
      measuredNanoseconds: BigInt(funding.measuredNanoseconds),
      premiumE18: BigInt(funding.premiumE18),
      rateE9PerHour: BigInt(funding.rateE9PerHour),
      index: BigInt(funding.index),
    },
  }
}

/** As it lies in the store and in answers. */
export function orderMessage(order: Order): StoredOrder {
  return {
    id: order.id,
    account: order.holder.account,
    subaccount: order.holder.subaccount,
    market: order.market,
    isBuy: order.isBuy,
    sizeE9: order.sizeE9,
    remainingE9: order.remainingE9,
    limitE9: order.limitE9,
    type: ORDER_TYPES.indexOf(order.type) + 1,
    timeInForce: TIMES_IN_FORCE.indexOf(order.timeInForce) + 1,
    expireSeconds: order.expireSeconds,
    postOnly: order.isPostOnly,
    reduceOnly: order.isReduceOnly,
    triggerE9: order.trigger?.priceE9 ?? 0n,
    triggerAbove: order.trigger?.isAbove ?? false,
    entryHeight: order.entryHeight,
    nonce: order.nonce,
    isQuote: order.isQuote,
    isForced: order.isForced === true,
  }
}

/** Encodes an order. */
export function encodeOrder(order: Order): Uint8Array {
  return encodeMessage(StoredOrder, orderMessage(order))
}

/** Decodes an order of our own store. */
export function decodeOrder(bytes: Uint8Array): Order {
  const stored = StoredOrder.decode(bytes)
  const type = ORDER_TYPES[stored.type - 1]
  const timeInForce = TIMES_IN_FORCE[stored.timeInForce - 1]
  assert(type !== undefined && timeInForce !== undefined, `order ${stored.id} has its kinds`)
  const { id, account, subaccount, market, isBuy, sizeE9, remainingE9, limitE9 } = stored
  const { triggerE9: priceE9, triggerAbove: isAbove } = stored
  return {
    id,
    holder: { account: account.slice(), subaccount },
    market,
    isBuy,
    sizeE9,
    remainingE9,
    limitE9,
    type,
    timeInForce,
    expireSeconds: stored.expireSeconds,
    isPostOnly: stored.postOnly,
    isReduceOnly: stored.reduceOnly,
    trigger: priceE9 === 0n ? undefined : { priceE9, isAbove },
    entryHeight: stored.entryHeight,
    nonce: stored.nonce,
    isQuote: stored.isQuote,
    ...(stored.isForced && { isForced: true }),
  }
}

/** All positions of a holder, ascending by market. */
export function encodePositions(positions: readonly Position[]): Uint8Array {
  const bytes = new Uint8Array(positions.length * POSITION_BYTES)
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const { market, sizeE9, quoteE6, fundingIndexE18 } of positions) {
    view.setBigUint64(offset, market)
    view.setBigInt64(offset + 8, sizeE9)
    setWide(view, offset + 16, quoteE6)
    setWide(view, offset + 32, fundingIndexE18)
    offset += POSITION_BYTES
  }
  return bytes
}

/** Decodes what `encodePositions` made; no bytes are no positions. */
export function decodePositions(bytes: Uint8Array | undefined): Position[] {
  if (bytes === undefined) return []
  assert(bytes.length % POSITION_BYTES === 0, 'positions have 48 bytes each')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const positions: Position[] = []
  for (let offset = 0; offset < bytes.length; offset += POSITION_BYTES) {
    positions.push({
      market: view.getBigUint64(offset),
      sizeE9: view.getBigInt64(offset + 8),
      quoteE6: wide(view, offset + 16),
      fundingIndexE18: wide(view, offset + 32),
    })
  }
  return positions
}

function setWide(view: DataView, offset: number, value: bigint): void {
  assert(BigInt.asIntN(128, value) === value, 'a wide number has 128 bits')
  view.setBigInt64(offset, value >> WORD)
  view.setBigUint64(offset + 8, value & WORD_MASK)
}

function wide(view: DataView, offset: number): bigint {
  return (view.getBigInt64(offset) << WORD) | view.getBigUint64(offset + 8)
}

/** Zero is the empty text: proto3's default, and BigInt('') is 0. */
function textOf(value: bigint): string {
  return value === 0n ? '' : value.toString()
}
