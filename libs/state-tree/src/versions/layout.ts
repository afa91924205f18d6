import { assert, concatBytes } from '@causeway/primitives'

/**
 * Keys of the storage, by their first byte (numbers big-endian):
 *
 *     00                                          the head: format, store names, latest and oldest version
 *     01 ‖ version u64                            commit record: a reference to each store's root
 *     02 ‖ store u16 ‖ version u64 ‖ bucket u32   up to eight nodes (iavl/node-records.ts)
 *     03 ‖ version u64 ‖ store u16 ‖ part u32     nodes that this version no longer uses
 *     04 ‖ key                                    the application's own records (`extra`)
 *     05 ‖ store u16 ‖ version u64 ‖ bucket u32   which of the eight nodes are dead, one bit each
 *
 * A store's number is its place in the head's list of names.
 */
export const HEAD_KEY: Uint8Array = Uint8Array.of(0)

/** Longest key of an application's own record. */
export const EXTRA_KEY_LENGTH_MAX = 500

/** Key of a version's commit record. */
export function commitKey(version: number): Uint8Array {
  const key = new Uint8Array(9)
  key[0] = 1
  writeVersion(key, 1, version)
  return key
}

/** Key of a record of nodes. */
export function nodesKey(store: number, version: number, bucket: number): Uint8Array {
  return bucketKey(2, store, version, bucket)
}

/** Key of the dead slots of a record of nodes. */
export function deadSlotsKey(store: number, version: number, bucket: number): Uint8Array {
  return bucketKey(5, store, version, bucket)
}

/** Key of one part of the list of nodes that `version` no longer uses. */
export function orphansKey(version: number, store: number, part: number): Uint8Array {
  const key = new Uint8Array(15)
  key[0] = 3
  writeVersion(key, 1, version)
  key[9] = store >>> 8
  key[10] = store
  writeU32(key, 11, part)
  return key
}

/** The store of an orphans key. */
export function storeOfOrphansKey(key: Uint8Array): number {
  return (key[9]! << 8) | key[10]!
}

/** Key of an application's own record. */
export function extraKey(key: Uint8Array): Uint8Array {
  assert(key.length > 0 && key.length <= EXTRA_KEY_LENGTH_MAX, 'an extra key has 1 … 500 bytes')
  return concatBytes(Uint8Array.of(4), key)
}

function bucketKey(kind: number, store: number, version: number, bucket: number): Uint8Array {
  const key = new Uint8Array(15)
  key[0] = kind
  key[1] = store >>> 8
  key[2] = store
  writeVersion(key, 3, version)
  writeU32(key, 11, bucket)
  return key
}

function writeVersion(key: Uint8Array, offset: number, version: number): void {
  writeU32(key, offset, Math.floor(version / 2 ** 32))
  writeU32(key, offset + 4, version % 2 ** 32)
}

function writeU32(key: Uint8Array, offset: number, value: number): void {
  key[offset] = value >>> 24
  key[offset + 1] = value >>> 16
  key[offset + 2] = value >>> 8
  key[offset + 3] = value
}
