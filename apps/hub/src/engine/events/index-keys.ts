import { EMPTY_BYTES, be16, be64, concatBytes, fromBe16, fromBe64, sha256, utf8 } from '@causeway/primitives'

/*
 * Key space of the event index, an LMDB of its own that can be rebuilt from the block store:
 *
 *     01                                          → height up to which blocks are indexed
 *     10 ‖ transaction hash                       → height (8) ‖ index (4) ‖ 01 when it succeeded
 *     20 ‖ length (2) ‖ composite key ‖ value ‖ height (8)
 *                                                 → of transactions: pairs of index (4), event (4)
 *     30 ‖ … the same …                           → of blocks: pairs of 0 (4) and event (4)
 *
 * `value` is its length (2) and its bytes; a value over 300 bytes is ffff, its first 256 bytes and its
 * SHA-256, and the record then begins with the length (4) and the bytes of the value, otherwise with a length
 * of 0.
 */

/** What an index entry belongs to. */
export type IndexKind = 'tx' | 'block'

/** An index record taken apart. */
export interface Posting {
  readonly value: string
  readonly height: bigint
  /** Pairs of transaction index and event position. */
  readonly places: readonly Place[]
}

/** Where in a block an event stands. */
export interface Place {
  readonly index: number
  readonly event: number
}

/** Key of the height up to which blocks are indexed. */
export const INDEXED_HEIGHT_KEY = Uint8Array.of(0x01)

/** Longest composite key that is indexed. */
export const COMPOSITE_LENGTH_MAX = 160

const VALUE_LENGTH_MAX = 300
const VALUE_PREFIX_LENGTH = 256
const LONG_VALUE = 0xffff
const kinds: Record<IndexKind, number> = { tx: 0x20, block: 0x30 }

/** Key of a transaction. */
export function txKey(hash: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0x10), hash)
}

/** What all keys of a composite key begin with. */
export function compositePrefix(kind: IndexKind, composite: string): Uint8Array {
  const bytes = utf8(composite)
  return concatBytes(Uint8Array.of(kinds[kind]), be16(bytes.length), bytes)
}

/** Key of what one block has under a value; `prefix` is that of the composite key. */
export function postingKey(prefix: Uint8Array, value: string, height: bigint): Uint8Array {
  const length = Buffer.byteLength(value)
  if (length > VALUE_LENGTH_MAX) {
    const bytes = utf8(value)
    const head = bytes.subarray(0, VALUE_PREFIX_LENGTH)
    return concatBytes(prefix, be16(LONG_VALUE), head, sha256(bytes), be64(height))
  }
  const key = Buffer.allocUnsafe(prefix.length + 2 + length + 8)
  key.set(prefix)
  key.writeUInt16BE(length, prefix.length)
  key.write(value, prefix.length + 2, 'utf8')
  key.writeBigUInt64BE(height, prefix.length + 2 + length)
  return key
}

/** Record of what one block has under a value: `places` holds index and event of each place in turn. */
export function encodePosting(value: string, places: readonly number[]): Uint8Array {
  const isLong = value.length > VALUE_LENGTH_MAX / 3 && Buffer.byteLength(value) > VALUE_LENGTH_MAX
  const long = isLong ? utf8(value) : EMPTY_BYTES
  const record = Buffer.allocUnsafe(4 + long.length + places.length * 4)
  record.writeUInt32BE(long.length)
  record.set(long, 4)
  places.forEach((number, i) => record.writeUInt32BE(number, 4 + long.length + i * 4))
  return record
}

/** Takes a key and its record apart. */
export function decodePosting(key: Uint8Array, record: Uint8Array): Posting {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  const longLength = bytes.readUInt32BE(0)
  const places: Place[] = []
  for (let at = 4 + longLength; at < bytes.length; at += 8) {
    places.push({ index: bytes.readUInt32BE(at), event: bytes.readUInt32BE(at + 4) })
  }
  const long = bytes.subarray(4, 4 + longLength)
  const value = longLength > 0 ? long.toString('utf8') : shortValue(key)
  return { value, height: fromBe64(key, key.length - 8), places }
}

function shortValue(key: Uint8Array): string {
  const start = 3 + fromBe16(key, 1)
  return Buffer.from(key.subarray(start + 2, start + 2 + fromBe16(key, start))).toString('utf8')
}
