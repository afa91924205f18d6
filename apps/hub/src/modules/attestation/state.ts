// Store `attestation`:
//   0x01 ‖ BE64 height → AttestationRecord: what that height's attestors sign
//   0x02 ‖ BE64 height → StoredAttestors that sign from this height on
//   0x03 ‖ SHA-256(key) → Membership: when a key belonged to the attestors
//   0x04 ‖ operator 20 → BE64 bad signatures, BE64 last height at which its signatures are not looked at
// The first three for as long as a false attestation can be slashed. Beside the stores, by `aggregateKey`:
// Aggregate.
import { assert, be64, concatBytes, fromBe64, prefixEnd, sha256, utf8 } from '@causeway/primitives'
import {
  AttestationRecord,
  Membership,
  StoredAttestors,
} from '@causeway/protocol/causeway/attestation/v1/attestation'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const ATTESTATION_STORE = 'attestation'

/** A stored set with the height that it begins at. */
export interface SetEntry {
  readonly firstHeight: bigint
  readonly bytes: Uint8Array
}

const RECORD_PREFIX = Uint8Array.of(1)
const SET_PREFIX = Uint8Array.of(2)
const MEMBERSHIP_PREFIX = Uint8Array.of(3)
const STRIKES_PREFIX = Uint8Array.of(4)
const AGGREGATE_PREFIX = utf8('attestation/')

/** What the attestors of a height sign; nothing when they sign nothing, or it is forgotten. */
export function readRecord(store: KeyValueReader, height: bigint): AttestationRecord | undefined {
  const bytes = store.get(concatBytes(RECORD_PREFIX, be64(height)))
  return bytes === undefined ? undefined : AttestationRecord.decode(bytes.slice())
}

/** Writes what the attestors of a height sign. */
export function writeRecord(store: KeyValueStore, height: bigint, record: AttestationRecord): void {
  assert(record.appHash.length === 32 && record.nextSetHash.length === 32, 'a record has two hashes')
  store.set(concatBytes(RECORD_PREFIX, be64(height)), AttestationRecord.encode(record).finish())
}

/** Forgets a height. */
export function deleteRecord(store: KeyValueStore, height: bigint): void {
  store.delete(concatBytes(RECORD_PREFIX, be64(height)))
}

/** Records, the oldest first. */
export function* records(store: KeyValueReader): Iterable<{ height: bigint; record: AttestationRecord }> {
  for (const [key, value] of store.iterate(RECORD_PREFIX, prefixEnd(RECORD_PREFIX))) {
    yield { height: fromBe64(key, 1), record: AttestationRecord.decode(value.slice()) }
  }
}

/** The set that signs a height, as it is stored. */
export function readSetEntry(store: KeyValueReader, height: bigint): SetEntry | undefined {
  const end = concatBytes(SET_PREFIX, be64(height + 1n))
  for (const [key, bytes] of store.iterate(SET_PREFIX, end, true)) {
    return { firstHeight: fromBe64(key, 1), bytes }
  }
  return undefined
}

/** The set that begins first after a height. */
export function nextSetHeight(store: KeyValueReader, height: bigint): bigint | undefined {
  const start = concatBytes(SET_PREFIX, be64(height + 1n))
  for (const [key] of store.iterate(start, prefixEnd(SET_PREFIX))) return fromBe64(key, 1)
  return undefined
}

/** Heights that stored sets begin at, ascending. */
export function setHeights(store: KeyValueReader): bigint[] {
  return [...store.iterate(SET_PREFIX, prefixEnd(SET_PREFIX))].map(([key]) => fromBe64(key, 1))
}

/** Writes the set that signs from a height on. */
export function writeSet(store: KeyValueStore, firstHeight: bigint, set: StoredAttestors): void {
  store.set(concatBytes(SET_PREFIX, be64(firstHeight)), StoredAttestors.encode(set).finish())
}

/** Forgets a set. */
export function deleteSet(store: KeyValueStore, firstHeight: bigint): void {
  store.delete(concatBytes(SET_PREFIX, be64(firstHeight)))
}

/** When a key belonged to the attestors; nothing for a key that did not, or long ago. */
export function readMembership(store: KeyValueReader, key: Uint8Array): Membership | undefined {
  const bytes = store.get(concatBytes(MEMBERSHIP_PREFIX, sha256(key)))
  return bytes === undefined ? undefined : Membership.decode(bytes.slice())
}

/** Writes when a key belonged to the attestors; nothing forgets it. */
export function writeMembership(
  store: KeyValueStore,
  key: Uint8Array,
  membership: Membership | undefined,
): void {
  const name = concatBytes(MEMBERSHIP_PREFIX, sha256(key))
  if (membership === undefined) return store.delete(name)
  store.set(name, Membership.encode(membership).finish())
}

/** How often an operator has signed badly, and until when its signatures are not looked at. */
export interface Strikes {
  readonly count: bigint
  readonly untilHeight: bigint
}

/** Reads them; nothing for who never signed badly. */
export function readStrikes(store: KeyValueReader, operator: Uint8Array): Strikes | undefined {
  const bytes = store.get(concatBytes(STRIKES_PREFIX, operator))
  return bytes === undefined ? undefined : { count: fromBe64(bytes), untilHeight: fromBe64(bytes, 8) }
}

/** Writes them; one operator each, so nothing forgets them. */
export function writeStrikes(
  store: KeyValueStore,
  operator: Uint8Array,
  { count, untilHeight }: Strikes,
): void {
  store.set(concatBytes(STRIKES_PREFIX, operator), concatBytes(be64(count), be64(untilHeight)))
}

/** Where the aggregate of a height is kept beside the stores. */
export function aggregateKey(height: bigint): Uint8Array {
  return concatBytes(AGGREGATE_PREFIX, be64(height))
}
