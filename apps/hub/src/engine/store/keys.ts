import { be64, concatBytes } from '@causeway/primitives'

/*
 * Key space of the block store. Heights are eight bytes, big-endian, so that records lie in order of height.
 */
const prefixes = {
  block: 0x10,
  meta: 0x11,
  commit: 0x12,
  results: 0x13,
  validators: 0x14,
  params: 0x15,
  heightByHash: 0x16,
  pendingEvidence: 0x20,
  committedEvidence: 0x21,
} as const

/** A kind of record that there is one of for each height. */
export type HeightRecord = 'block' | 'meta' | 'commit' | 'results' | 'validators' | 'params'

/** Key of the chain state. */
export const STATE_KEY = Uint8Array.of(0x01)
/** Key of the last extended commit. */
export const EXTENDED_COMMIT_KEY = Uint8Array.of(0x02)
/** Key of the block that was proposed and perhaps signed, but isn't committed. */
export const PENDING_KEY = Uint8Array.of(0x03)
/** Key of the lowest height whose block is kept. */
export const BASE_KEY = Uint8Array.of(0x04)
/** Key of the hash of the genesis. */
export const GENESIS_KEY = Uint8Array.of(0x05)

/** Key of a record at a height. */
export function heightKey(record: HeightRecord, height: bigint): Uint8Array {
  return concatBytes(Uint8Array.of(prefixes[record]), be64(height))
}

/** First key of a kind of record. */
export function firstKey(record: HeightRecord | 'pendingEvidence'): Uint8Array {
  return Uint8Array.of(prefixes[record])
}

/** Key of the height of a block by its hash. */
export function blockHashKey(hash: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(prefixes.heightByHash), hash)
}

/** Key of a piece of evidence. */
export function evidenceKey(
  kind: 'pendingEvidence' | 'committedEvidence',
  height: bigint,
  hash: Uint8Array,
): Uint8Array {
  return concatBytes(Uint8Array.of(prefixes[kind]), be64(height), hash)
}
