import { bytesKey } from '../bytes-key.ts'

const ENTRIES_MAX = 512
const BYTES_MAX = 16 * 1024 * 1024

/**
 * Transactions that this node has named in votes, by hash, whatever has become of them in its mempool: who
 * names one has to be able to hand it over. The oldest go first. A node's own affair: nothing of it enters
 * the state.
 */
export class Pinned {
  readonly #entries = new Map<string, Uint8Array>()
  #bytes = 0

  /** The bytes of a hash. */
  get(hash: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(bytesKey(hash))
  }

  /** Keeps a transaction. */
  pin(hash: Uint8Array, bytes: Uint8Array): void {
    const key = bytesKey(hash)
    if (this.#entries.has(key)) return
    this.#entries.set(key, bytes)
    this.#bytes += bytes.length
    for (const [oldest, { length }] of this.#entries) {
      if (this.#entries.size <= ENTRIES_MAX && this.#bytes <= BYTES_MAX) return
      this.#entries.delete(oldest)
      this.#bytes -= length
    }
  }
}
