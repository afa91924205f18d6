/** One write of a batch; `undefined` deletes. */
export interface StorageWrite {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

/** How a range is read. */
export interface RangeOptions {
  readonly reverse?: boolean
  readonly limit?: number
}

/**
 * An ordered key space on a disk or in memory. Keys have 1 … 511 bytes. Returned bytes belong to the caller.
 */
export interface Storage {
  get(key: Uint8Array): Uint8Array | undefined
  /** Pairs with start ≤ key < end, read at once, so that later writes don't disturb them. */
  range(start: Uint8Array, end: Uint8Array | undefined, options?: RangeOptions): [Uint8Array, Uint8Array][]
  /** All of it or nothing, whatever happens to the process; readable when it returns. */
  write(batch: readonly StorageWrite[]): void
  /** From now on reads see what other threads have written before. */
  refresh(): void
  close(): void
}

/** Longest key of a storage. */
export const STORAGE_KEY_LENGTH_MAX = 511
