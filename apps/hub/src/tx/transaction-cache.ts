import { bytesKey } from '../bytes-key.ts'
import { decodeTransaction } from './decode-transaction.ts'
import type { TransactionRules } from './decode-transaction.ts'
import type { Transaction } from './transaction.ts'

const ENTRIES_MAX = 50_000
const BYTES_MAX = 64 * 1024 * 1024

/**
 * Remembers decoded transactions by their bytes, so that admission, proposal and delivery decode once and a
 * signature's verdict is found again. Only what decodes is kept; the oldest go first.
 */
export class TransactionCache {
  readonly #rules: TransactionRules
  readonly #entries = new Map<string, Transaction>()
  #bytes = 0

  constructor(rules: TransactionRules) {
    this.#rules = rules
  }

  /** The transaction of these bytes. Throws `ProtocolError`, always the same for the same bytes. */
  decode(bytes: Uint8Array): Transaction {
    const key = bytesKey(bytes)
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    // The engine may reuse its buffer: what is kept is a copy.
    const transaction = decodeTransaction(bytes.slice(), this.#rules)
    this.#entries.set(key, transaction)
    this.#bytes += bytes.length
    this.#evict()
    return transaction
  }

  /** Decodes for a simulation, unsigned; nothing is kept. */
  decodeSimulation(bytes: Uint8Array): Transaction {
    return decodeTransaction(bytes, this.#rules, { isSimulation: true })
  }

  /** Forgets a transaction that was delivered. */
  remove(bytes: Uint8Array): void {
    if (this.#entries.delete(bytesKey(bytes))) this.#bytes -= bytes.length
  }

  #evict(): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#entries.size <= ENTRIES_MAX && this.#bytes <= BYTES_MAX) return
      this.#entries.delete(key)
      this.#bytes -= bytes.length
    }
  }
}
