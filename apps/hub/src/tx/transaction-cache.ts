import { bytesKey } from '../bytes-key.ts'
import { decodeTransaction } from './decode-transaction.ts'
import type { TransactionRules } from './decode-transaction.ts'
import type { Transaction } from './transaction.ts'

/** What a cache holds at most. */
export interface CacheLimits {
  readonly entries: number
  readonly bytes: number
}

/**
 * Remembers decoded transactions by their bytes, so that admission, proposal and delivery decode once and a
 * signature's verdict is found again. Only what decodes is kept; the oldest go first. A cache smaller than
 * the mempool would lose each transaction just before its recheck.
 */
export class TransactionCache {
  readonly #rules: TransactionRules
  readonly #limits: CacheLimits
  readonly #entries = new Map<string, Transaction>()
  #bytes = 0

  constructor(rules: TransactionRules, limits: CacheLimits) {
    this.#rules = rules
    this.#limits = limits
  }

  /** What it holds now. */
  get held(): CacheLimits {
    return { entries: this.#entries.size, bytes: this.#bytes }
  }

  /** The transaction of these bytes. Throws `ProtocolError`, always the same for the same bytes. */
  decode(bytes: Uint8Array): Transaction {
    const key = bytesKey(bytes)
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    // The engine may reuse its buffer: what is kept is a copy.
    const transaction = decodeTransaction(bytes.slice(), this.#rules, { text: key })
    this.#entries.set(key, transaction)
    this.#bytes += bytes.length
    this.#evict()
    return transaction
  }

  /** Decodes for a simulation, unsigned; nothing is kept. */
  decodeSimulation(bytes: Uint8Array): Transaction {
    return decodeTransaction(bytes, this.#rules, { isSimulation: true })
  }

  /** Forgets a transaction that was delivered; `text` is `bytesKey` of its bytes, where that is known. */
  remove(bytes: Uint8Array, text = bytesKey(bytes)): void {
    if (this.#entries.delete(text)) this.#bytes -= bytes.length
  }

  #evict(): void {
    // Asked first: finding the oldest passes over all that went before it.
    if (this.#isWithinLimits()) return
    for (const [key, { bytes }] of this.#entries) {
      this.#entries.delete(key)
      this.#bytes -= bytes.length
      if (this.#isWithinLimits()) return
    }
  }

  #isWithinLimits(): boolean {
    return this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes
  }
}
