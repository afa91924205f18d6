/** Reads a key-value store: ranges are [start, end), ascending unless `reverse`. */
export interface KeyValueReader {
  get(key: Uint8Array): Uint8Array | undefined
  has(key: Uint8Array): boolean
  iterate(start?: Uint8Array, end?: Uint8Array, reverse?: boolean): Iterable<[Uint8Array, Uint8Array]>
}

/** A key-value store that a transaction writes to. Empty values are never written. */
export interface KeyValueStore extends KeyValueReader {
  set(key: Uint8Array, value: Uint8Array): void
  delete(key: Uint8Array): void
}
