import { assert, toHex } from '@causeway/primitives'
import type { StorageWrite } from '@causeway/state-tree'

/**
 * What modules keep with a block but outside the app hash: nodes may have more or less of it, so no block may
 * depend on it. Written in the block's own commit; what an execution wrote that was not committed is
 * forgotten.
 */
export class AsideRecords {
  #read: ((key: Uint8Array) => Uint8Array | undefined) | undefined
  #writes = new Map<string, StorageWrite>()

  /** Tells where committed records are. */
  open(read: (key: Uint8Array) => Uint8Array | undefined): void {
    assert(this.#read === undefined, 'records belong to one chain')
    this.#read = read
  }

  /** A committed record. */
  get(key: Uint8Array): Uint8Array | undefined {
    assert(this.#read !== undefined, 'records are read where a chain is')
    return this.#read(key)
  }

  /** A record as the block that is being executed leaves it so far. */
  newest(key: Uint8Array): Uint8Array | undefined {
    const written = this.#writes.get(toHex(key))
    return written === undefined ? this.get(key) : written.value
  }

  /** Writes a record with the block that is being executed; nothing removes it. */
  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#writes.set(toHex(key), { key, value })
  }

  /** Forgets what was not committed: a block is executed, perhaps again. */
  begin(): void {
    this.#writes.clear()
  }

  /** What goes into the commit; forgets it. */
  take(): StorageWrite[] {
    const writes = [...this.#writes.values()]
    this.#writes.clear()
    return writes
  }
}
