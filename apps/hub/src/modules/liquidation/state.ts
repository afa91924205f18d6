// Store `liquidation`; integers big endian, holder = account 20 ‖ subaccount u16:
//   0x01 ‖ holder → Liquidation          0x02 → Params
//   0x03 ‖ asset → height since which its price has been fresh in every block
//   0x04 → height of the first block after the last halt
//   0x05 → Σ of what accounts lack (u128) ‖ their number u64, as valued last
//   0x06 → holder after whom accounts under liquidation are valued next, where they are very many
//   0x07 → holder after whom accounts below maintenance are looked at next, likewise
// From a transaction to the end of its block only (never in a committed state):
//   0x20 ‖ holder ‖ bidder → Bid       0x21 ‖ holder → 0x01: goes to insurance unless it is bought
import { be16, be64, concatBytes, fromBe16, fromBe64, prefixEnd } from '@causeway/primitives'
import { Bid, Liquidation as Stored } from '@causeway/protocol/causeway/liquidation/v1/liquidation'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { decodeOnce } from '../../decode-once.ts'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const LIQUIDATION_STORE = 'liquidation'

/** First bytes of keys. */
export const PREFIX = {
  record: Uint8Array.of(0x01),
  params: Uint8Array.of(0x02),
  freshSince: Uint8Array.of(0x03),
  halt: Uint8Array.of(0x04),
  totals: Uint8Array.of(0x05),
  cursor: Uint8Array.of(0x06),
  startCursor: Uint8Array.of(0x07),
  bid: Uint8Array.of(0x20),
  due: Uint8Array.of(0x21),
} as const

const HOLDER_BYTES = ACCOUNT_ID_BYTES + 2
/** What stands behind a key in the first one after it. */
const AFTER = Uint8Array.of(0)
const PRESENT = Uint8Array.of(1)
const WORD = 64n
const WORD_MASK = (1n << WORD) - 1n

/**
 * `waiting` for a standby line, `closing` by orders, `auction` while it is worth something, else
 * `insolvent`.
 */
export type Stage = 'waiting' | 'closing' | 'auction' | 'insolvent'

/** An account under liquidation. */
export interface Liquidation {
  readonly stage: Stage
  readonly height: bigint
  readonly timeSeconds: bigint
  readonly stageSeconds: bigint
  readonly closingBlocks: number
  readonly paidInE6: bigint
  readonly underlying: bigint
  readonly valueE6: bigint
  readonly healthySeconds: bigint
  readonly valuedHeight: bigint
  readonly valuedSeconds: bigint
}

/** A bid of the running block. */
export interface BidOf {
  readonly bidder: Holder
  readonly shareE9: bigint
  readonly maxPriceE6: bigint
  readonly underlying: bigint
}

/** What accounts under liquidation lack, as valued last, and their number. */
export interface Totals {
  readonly deficitsE6: bigint
  readonly count: bigint
}

/** As it lies in the store and in answers. */
export function liquidationMessage(record: Liquidation): Stored {
  return { ...record, paidInE6: record.paidInE6.toString(), valueE6: record.valueE6.toString() }
}

/** Of our own store, or of a genesis that was judged. */
export function liquidationOf(stored: Stored): Liquidation {
  const { stage, paidInE6, valueE6, ...rest } = stored
  return { ...rest, stage: stage as Stage, paidInE6: BigInt(paidInE6), valueE6: BigInt(valueE6) }
}

const recordOf = decodeOnce((bytes: Uint8Array) => liquidationOf(Stored.decode(bytes)))

/** The liquidation of an account, if there is one. */
export function readLiquidation(store: KeyValueReader, holder: Holder): Liquidation | undefined {
  const bytes = store.get(holderKey(PREFIX.record, holder))
  return bytes === undefined ? undefined : recordOf(bytes)
}

/** Writes it, or, without one, that it is over; the totals follow. */
export function writeLiquidation(
  store: KeyValueStore,
  holder: Holder,
  record: Liquidation | undefined,
): void {
  const before = readLiquidation(store, holder)
  const { deficitsE6, count } = readTotals(store)
  const lacks = (of: Liquidation | undefined) => (of !== undefined && of.valueE6 < 0n ? -of.valueE6 : 0n)
  const one = (of: Liquidation | undefined) => (of === undefined ? 0n : 1n)
  const after = {
    deficitsE6: deficitsE6 + lacks(record) - lacks(before),
    count: count + one(record) - one(before),
  }
  if (after.deficitsE6 !== deficitsE6 || after.count !== count) writeTotals(store, after)
  const key = holderKey(PREFIX.record, holder)
  if (record === undefined) store.delete(key)
  else store.set(key, Stored.encode(liquidationMessage(record)).finish())
}

/** All liquidations, or those after a holder; ascending. */
export function* liquidations(
  store: KeyValueReader,
  after?: Holder,
): Iterable<readonly [Holder, Liquidation]> {
  const start = after === undefined ? PREFIX.record : concatBytes(holderKey(PREFIX.record, after), AFTER)
  for (const [key, value] of store.iterate(start, prefixEnd(PREFIX.record)))
    yield [holderAt(key, 1), recordOf(value)]
}

/** Whether a subaccount of an account is under liquidation. */
export function isLiquidated(store: KeyValueReader, account: Uint8Array): boolean {
  const prefix = concatBytes(PREFIX.record, account)
  const [first] = store.iterate(prefix, prefixEnd(prefix))
  return first !== undefined
}

/** What accounts under liquidation lack, and their number. */
export function readTotals(store: KeyValueReader): Totals {
  const bytes = store.get(PREFIX.totals)
  if (bytes === undefined) return { deficitsE6: 0n, count: 0n }
  return { deficitsE6: (fromBe64(bytes) << WORD) | fromBe64(bytes, 8), count: fromBe64(bytes, 16) }
}

function writeTotals(store: KeyValueStore, { deficitsE6, count }: Totals): void {
  const bytes = concatBytes(be64(deficitsE6 >> WORD), be64(deficitsE6 & WORD_MASK), be64(count))
  if (count === 0n) store.delete(PREFIX.totals)
  else store.set(PREFIX.totals, bytes)
}

/** Since which height an asset's price has been fresh in every block; nothing when it isn't. */
export function readFreshSince(store: KeyValueReader, asset: bigint): bigint | undefined {
  const bytes = store.get(concatBytes(PREFIX.freshSince, be64(asset)))
  return bytes && fromBe64(bytes)
}

/** All assets whose prices are fresh, and since when; ascending. */
export function freshAssets(store: KeyValueReader): (readonly [asset: bigint, height: bigint])[] {
  const entries = [...store.iterate(PREFIX.freshSince, prefixEnd(PREFIX.freshSince))]
  return entries.map(([key, value]) => [fromBe64(key, 1), fromBe64(value)])
}

/** Writes it. */
export function writeFreshSince(store: KeyValueStore, asset: bigint, height: bigint | undefined): void {
  const key = concatBytes(PREFIX.freshSince, be64(asset))
  if (height === undefined) store.delete(key)
  else store.set(key, be64(height))
}

/** The first block after the last halt; nothing where there was none. */
export function readHalt(store: KeyValueReader): bigint | undefined {
  const bytes = store.get(PREFIX.halt)
  return bytes && fromBe64(bytes)
}

/** Notes a halt. */
export function writeHalt(store: KeyValueStore, height: bigint): void {
  store.set(PREFIX.halt, be64(height))
}

/** After whom a block goes on. */
export function readCursor(store: KeyValueReader, which: 'cursor' | 'startCursor'): Holder | undefined {
  const bytes = store.get(PREFIX[which])
  return bytes && holderAt(bytes, 0)
}

/** Writes it; nothing: from the first on. */
export function writeCursor(
  store: KeyValueStore,
  which: 'cursor' | 'startCursor',
  holder: Holder | undefined,
): void {
  if (holder === undefined) store.delete(PREFIX[which])
  else store.set(PREFIX[which], holderKey(new Uint8Array(0), holder))
}

/** Notes a bid until the block's end; a later one of the same bidder takes its place. */
export function writeBid(store: KeyValueStore, holder: Holder, bid: BidOf): void {
  const { bidder, shareE9, maxPriceE6, underlying } = bid
  const message = { shareE9, maxPriceE6: maxPriceE6.toString(), underlying }
  store.set(bidKey(holder, bidder), Bid.encode(message).finish())
}

/** Bids of the running block, or those for an account; ascending by account and bidder. */
export function* bids(store: KeyValueReader, holder?: Holder): Iterable<readonly [Holder, BidOf]> {
  const prefix = holder === undefined ? PREFIX.bid : holderKey(PREFIX.bid, holder)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const { shareE9, maxPriceE6, underlying } = Bid.decode(value)
    const bidder = holderAt(key, 1 + HOLDER_BYTES)
    yield [holderAt(key, 1), { bidder, shareE9, maxPriceE6: BigInt(maxPriceE6), underlying }]
  }
}

/** Ends all bids: they are of one block. */
export function clearBids(store: KeyValueStore): void {
  const keys = [...store.iterate(PREFIX.bid, prefixEnd(PREFIX.bid))].map(([key]) => key)
  for (const key of keys) store.delete(key)
}

/** Notes that an account goes to insurance at the block's end. */
export function writeDue(store: KeyValueStore, holder: Holder): void {
  store.set(holderKey(PREFIX.due, holder), PRESENT)
}

/** Who goes to insurance at the block's end; ascending. */
export function due(store: KeyValueReader): Holder[] {
  return [...store.iterate(PREFIX.due, prefixEnd(PREFIX.due))].map(([key]) => holderAt(key, 1))
}

/** They were of one block. */
export function clearDue(store: KeyValueStore): void {
  for (const holder of due(store)) store.delete(holderKey(PREFIX.due, holder))
}

function bidKey(holder: Holder, bidder: Holder): Uint8Array {
  return concatBytes(holderKey(PREFIX.bid, holder), bidder.account, be16(bidder.subaccount))
}

function holderKey(prefix: Uint8Array, { account, subaccount }: Holder): Uint8Array {
  return concatBytes(prefix, account, be16(subaccount))
}

function holderAt(key: Uint8Array, offset: number): Holder {
  const end = offset + ACCOUNT_ID_BYTES
  return { account: key.slice(offset, end), subaccount: fromBe16(key, end) }
}
