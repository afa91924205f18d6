import type { Lane } from './lanes.ts'

const LANE_4_PERCENT = 60
// A transaction that the mempool dropped without a recheck stops counting after this many blocks.
const EXPIRY_HEIGHTS = 100n

/**
 * Counts what CheckTx admitted and no block has committed yet: CometBFT's mempool is one queue, so ordinary
 * transactions are refused above 60 % of it and the rest is left to critical ones. A node's own affair:
 * nothing of it enters the state.
 */
export class Admissions {
  readonly #transactionsMax: number
  readonly #admitted = new Map<object, { lane: Lane; height: bigint }>()
  #ordinary = 0

  constructor(transactionsMax: number) {
    this.#transactionsMax = transactionsMax
  }

  /** Whether a new transaction of this lane finds room. */
  hasRoom(lane: Lane): boolean {
    return lane < 4 || this.#ordinary * 100 < this.#transactionsMax * LANE_4_PERCENT
  }

  /** Whether a transaction was admitted and waits. */
  has(transaction: object): boolean {
    return this.#admitted.has(transaction)
  }

  /** Remembers an admitted transaction. */
  add(transaction: object, lane: Lane, height: bigint): void {
    if (this.#admitted.has(transaction)) return
    this.#admitted.set(transaction, { lane, height })
    if (lane === 4) this.#ordinary += 1
  }

  /** Forgets one that was committed or dropped. */
  remove(transaction: object): void {
    const admitted = this.#admitted.get(transaction)
    if (admitted === undefined) return
    this.#admitted.delete(transaction)
    if (admitted.lane === 4) this.#ordinary -= 1
  }

  /** Forgets those admitted long ago. */
  expire(height: bigint): void {
    for (const [transaction, admitted] of this.#admitted) {
      // In order of admission.
      if (admitted.height + EXPIRY_HEIGHTS > height) return
      this.remove(transaction)
    }
  }
}
