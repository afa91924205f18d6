// Store `inclusion`; integers big endian:
//   0x01 → InclusionRecords           0x02 ‖ height → the first 16 bytes of the hash of each of its critical
//   0x03 ‖ hash → bytes               transactions, in order
//   0x04 ‖ consensus address → blocks without something demanded since the epoch began, u64
import { assert, be64, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import { encodeMessage } from '@causeway/protocol'
import { InclusionRecords } from '@causeway/protocol/causeway/block/v1/block'
import type { InclusionRecord, TransactionName } from '@causeway/protocol/causeway/block/v1/block'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const INCLUSION_STORE = 'inclusion'

/** A record with its name, which every one has. */
export interface NamedRecord extends InclusionRecord {
  readonly name: TransactionName
}

const RECORDS = Uint8Array.of(0x01)
const WINDOW = Uint8Array.of(0x02)
const BYTES = Uint8Array.of(0x03)
const MISSED = Uint8Array.of(0x04)
/** Enough of a hash that nobody finds another transaction with it. */
const SHORT_HASH_BYTES = 16

/** What is recorded: ascending by height, then hash. */
export function readRecords(store: KeyValueReader): NamedRecord[] {
  const bytes = store.get(RECORDS)
  if (bytes === undefined) return []
  return InclusionRecords.decode(bytes.slice()).records.map(({ name, ...record }) => {
    assert(name !== undefined, 'a record has a name')
    return { ...record, name }
  })
}

/** Writes what is recorded; nothing deletes the key. */
export function writeRecords(store: KeyValueStore, records: readonly NamedRecord[]): void {
  if (records.length > 0) store.set(RECORDS, encodeMessage(InclusionRecords, { records: [...records] }))
  else if (store.has(RECORDS)) store.delete(RECORDS)
}

/** The bytes of a recorded transaction, if they were served. */
export function readServed(store: KeyValueReader, hash: Uint8Array): Uint8Array | undefined {
  return store.get(concatBytes(BYTES, hash))
}

/** Writes the bytes of a recorded transaction. */
export function writeServed(store: KeyValueStore, hash: Uint8Array, bytes: Uint8Array): void {
  store.set(concatBytes(BYTES, hash), bytes)
}

/** Forgets the bytes of a record that ends. */
export function deleteServed(store: KeyValueStore, hash: Uint8Array): void {
  store.delete(concatBytes(BYTES, hash))
}

/** All hashes whose bytes are there. */
export function* servedHashes(store: KeyValueReader): Iterable<Uint8Array> {
  for (const [key] of store.iterate(BYTES, prefixEnd(BYTES))) yield key.subarray(BYTES.length)
}

/** Whether a transaction of these blocks has a hash. */
export function isInWindow(
  store: KeyValueReader,
  hash: Uint8Array,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): boolean {
  const short = Buffer.from(hash.subarray(0, SHORT_HASH_BYTES))
  for (let height = from < 0n ? 0n : from; height <= to; height++) {
    const bytes = store.get(windowKey(height))
    if (bytes === undefined) continue
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = all.indexOf(short); at >= 0; at = all.indexOf(short, at + 1))
      if (at % SHORT_HASH_BYTES === 0) return true
  }
  return false
}

/** Writes the hashes of a block's critical transactions; none writes nothing. */
export function writeWindow(store: KeyValueStore, height: bigint, hashes: readonly Uint8Array[]): void {
  if (hashes.length === 0) return
  store.set(windowKey(height), concatBytes(...hashes.map((hash) => hash.subarray(0, SHORT_HASH_BYTES))))
}

/** Forgets the hashes of a block. */
export function deleteWindow(store: KeyValueStore, height: bigint): void {
  if (height >= 0n && store.has(windowKey(height))) store.delete(windowKey(height))
}

/** Heights whose hashes are there. */
export function* windowHeights(store: KeyValueReader): Iterable<bigint> {
  for (const [key] of store.iterate(WINDOW, prefixEnd(WINDOW))) yield fromBe64(key, WINDOW.length)
}

/** Counts a block that a validator proposed without something demanded. */
export function countMissed(store: KeyValueStore, proposer: Uint8Array): void {
  const key = concatBytes(MISSED, proposer)
  const before = store.get(key)
  store.set(key, be64(1n + (before === undefined ? 0n : fromBe64(before))))
}

/** What was counted since it was taken last, by consensus address; ascending. */
export function missedBlocks(store: KeyValueReader): { address: Uint8Array; blocks: bigint }[] {
  return [...store.iterate(MISSED, prefixEnd(MISSED))].map(([key, value]) => ({
    address: key.slice(MISSED.length),
    blocks: fromBe64(value),
  }))
}

/** Begins to count anew. */
export function forgetMissed(store: KeyValueStore): void {
  for (const { address } of missedBlocks(store)) store.delete(concatBytes(MISSED, address))
}

function windowKey(height: bigint): Uint8Array {
  return concatBytes(WINDOW, be64(height))
}
