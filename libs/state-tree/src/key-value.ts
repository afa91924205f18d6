import { assert } from '@causeway/primitives'

/** Reads one key space. Returned bytes are borrowed: nobody may write to them. */
export interface KeyValueReader {
  get(key: Uint8Array): Uint8Array | undefined
  has(key: Uint8Array): boolean
  /** `get` for who has the key's text (`keyText`) at hand. */
  getByText?(text: string, key: Uint8Array): Uint8Array | undefined
  /** Pairs with start ≤ key < end, ascending, or descending when `reverse`. */
  iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]>
}

/**
 * Reads and writes one key space. Keys and values passed in are kept: the caller may not write to them later.
 */
export interface KeyValueStore extends KeyValueReader {
  /** Empty keys and empty values are bugs of the caller. */
  set(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
}

/** One net change of a key space; `undefined` deletes. */
export interface Change {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

/** Longest key of a store: cosmos-sdk's bound. */
export const KEY_LENGTH_MAX = 128 * 1024 - 1

/** A key that a store accepts. */
export function assertKey(key: Uint8Array): void {
  assert(key.length > 0, 'a key has at least one byte')
  assert(key.length <= KEY_LENGTH_MAX, 'a key has at most 131,071 bytes')
}

/** A value that a store accepts: an empty one can't be proven, so it is refused everywhere. */
export function assertValue(value: Uint8Array): void {
  assert(value.length > 0, 'an empty value is refused')
}
