import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Relay } from './composition.ts'

const LANE_4_PERCENT = 60
// A transaction that the mempool dropped without a recheck stops counting after this many blocks.
const EXPIRY_HEIGHTS = 100n

/** A transaction that was admitted and waits for a block. */
export interface Admission {
  readonly transaction: Transaction
  /** When it was admitted. */
  readonly height: bigint
  readonly relays: readonly Relay[]
}

/**
 * Counts what CheckTx admitted and no block has committed yet: CometBFT's mempool is one queue, so ordinary
 * transactions are refused above 60 % of it and the rest is left to critical ones. Also knows which packets
 * are under way. A transaction is known by its bytes, however often it was decoded. A node's own affair:
 * nothing of it enters the state.
 */
export class Admissions {
  readonly #transactionsMax: number
  readonly #admitted = new Map<string, Admission>()
  readonly #claims = new Map<string, Admission>()
  #ordinary = 0

  constructor(transactionsMax: number) {
    this.#transactionsMax = transactionsMax
  }

  /** How many wait. */
  get size(): number {
    return this.#admitted.size
  }

  /** Whether a new transaction of this lane finds room. */
  hasRoom(lane: Transaction['lane']): boolean {
    return lane < 4 || this.#ordinary * 100 < this.#transactionsMax * LANE_4_PERCENT
  }

  /** Whether a transaction was admitted and waits. */
  has(transaction: Transaction): boolean {
    return this.#admitted.has(bytesKey(transaction.bytes))
  }

  /** The waiting transaction that relays a packet; the first of them when there are more. */
  claimant(relay: Relay): Admission | undefined {
    return this.#claims.get(relay.key)
  }

  /** Remembers an admitted transaction. */
  add(transaction: Transaction, height: bigint, relays: readonly Relay[]): void {
    const key = bytesKey(transaction.bytes)
    const admission = this.#admitted.get(key) ?? { transaction, height, relays }
    for (const relay of relays) if (!this.#claims.has(relay.key)) this.#claims.set(relay.key, admission)
    if (this.#admitted.has(key)) return
    this.#admitted.set(key, admission)
    if (transaction.lane === 4) this.#ordinary += 1
  }

  /** Forgets one that was committed or dropped. */
  remove(transaction: Transaction): void {
    const key = bytesKey(transaction.bytes)
    const admission = this.#admitted.get(key)
    if (admission === undefined) return
    this.#admitted.delete(key)
    if (transaction.lane === 4) this.#ordinary -= 1
    for (const relay of admission.relays) {
      if (this.#claims.get(relay.key) === admission) this.#claims.delete(relay.key)
    }
  }

  /** Forgets those admitted long ago. */
  expire(height: bigint): void {
    for (const admission of this.#admitted.values()) {
      // In order of admission.
      if (admission.height + EXPIRY_HEIGHTS > height) return
      this.remove(admission.transaction)
    }
  }
}
