import { assert, concatBytes } from '@causeway/primitives'
import { bucketOf, encodeNodes, slotOf, SLOTS, withoutSlots } from '../iavl/node-records.ts'
import type { SealedTree } from '../iavl/seal.ts'
import { VarintReader, writeVarint } from '../iavl/varint.ts'
import type { Storage, StorageWrite } from '../storage/storage.ts'
import { deadSlotsKey, nodesKey, orphansKey, storeOfOrphansKey } from './layout.ts'

/** Nodes that one record of orphans lists. */
const PART_LENGTH = 512
/** Records of orphans read at once. */
const PARTS_AT_ONCE = 8
const ALL_SLOTS = (1 << SLOTS) - 1
/** Number of stores at most: a version below 2⁴⁵ and a store make one safe integer. */
export const STORES_MAX = 256

/** All that a store writes for a version: its nodes, and the list of those that it no longer uses. */
export function encodeVersion(version: number, store: number, tree: SealedTree): StorageWrite[] {
  const { nodes, orphans } = tree
  const writes: StorageWrite[] = []
  encodeNodes(nodes, (bucket, value) => writes.push({ key: nodesKey(store, version, bucket), value }))
  const filled = nodes.length % SLOTS
  if (filled > 0) {
    // The slots that the last record never fills count as dead, so that it goes with its last node
    const value = Uint8Array.of(ALL_SLOTS & (ALL_SLOTS << filled))
    writes.push({ key: deadSlotsKey(store, version, bucketOf(nodes.length)), value })
  }
  const bytes = new Uint8Array(Math.min(orphans.length, PART_LENGTH) * 13)
  for (let first = 0; first < orphans.length; first += PART_LENGTH) {
    const stop = Math.min(first + PART_LENGTH, orphans.length)
    let end = 0
    for (let i = first; i < stop; i++) {
      end = writeVarint(orphans[i]!.nonce, bytes, writeVarint(orphans[i]!.version, bytes, end))
    }
    writes.push({ key: orphansKey(version, store, first / PART_LENGTH), value: bytes.slice(0, end) })
  }
  return writes
}

/**
 * The writes that free nodes which no version from `oldest` on uses: about `limit` of them, and whether that
 * was all. A node that version v dropped is used by versions below v only.
 */
export function freeOrphans(
  storage: Storage,
  oldest: number,
  limit: number,
): { writes: StorageWrite[]; freed: number; isAll: boolean } {
  const doomed = new Map<number, Map<number, number>>()
  const writes: StorageWrite[] = []
  let freed = 0
  let parts: [Uint8Array, Uint8Array][] = []
  let start = orphansKey(0, 0, 0)
  do {
    parts = storage.range(start, orphansKey(oldest + 1, 0, 0), { limit: PARTS_AT_ONCE })
    for (const [key, part] of parts) {
      freed += collectPart(storeOfOrphansKey(key), part, doomed)
      writes.push({ key, value: undefined })
      start = concatBytes(key, Uint8Array.of(0))
    }
  } while (parts.length === PARTS_AT_ONCE && freed < limit)
  for (const [place, buckets] of doomed) {
    const store = place % STORES_MAX
    const version = Math.floor(place / STORES_MAX)
    for (const [bucket, slots] of buckets) killSlots(storage, store, version, bucket, slots, writes)
  }
  return { writes, freed, isAll: parts.length < PARTS_AT_ONCE }
}

/** Adds the nodes of one part to the slots that are to go, by place and bucket; returns how many they are. */
function collectPart(store: number, part: Uint8Array, doomed: Map<number, Map<number, number>>): number {
  const reader = new VarintReader(part, 0)
  let count = 0
  while (reader.offset < part.length) {
    const place = reader.next() * STORES_MAX + store
    const nonce = reader.next()
    let buckets = doomed.get(place)
    if (buckets === undefined) doomed.set(place, (buckets = new Map<number, number>()))
    const bucket = bucketOf(nonce)
    buckets.set(bucket, (buckets.get(bucket) ?? 0) | (1 << slotOf(nonce)))
    count++
  }
  return count
}

/**
 * Most often only a bit is set: records lie all over the storage, and rewriting one for each node that dies
 * would be most of a commit's work. A record is written anew once half of it is dead, and deleted when all of
 * it is.
 */
function killSlots(
  storage: Storage,
  store: number,
  version: number,
  bucket: number,
  slots: number,
  writes: StorageWrite[],
): void {
  const deadKey = deadSlotsKey(store, version, bucket)
  const before = slots === ALL_SLOTS ? undefined : storage.get(deadKey)
  const dead = slots | (before?.[0] ?? 0)
  const key = nodesKey(store, version, bucket)
  if (dead === ALL_SLOTS) {
    writes.push({ key, value: undefined })
    if (before !== undefined) writes.push({ key: deadKey, value: undefined })
    return
  }
  writes.push({ key: deadKey, value: Uint8Array.of(dead) })
  if (countBits(before?.[0] ?? 0) >= SLOTS / 2 || countBits(dead) < SLOTS / 2) return
  const record = storage.get(key)
  assert(record !== undefined, 'a record with a living node is there')
  writes.push({ key, value: withoutSlots(record, dead) })
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
