import { assert } from '@causeway/primitives'
import { bytesKey } from '../bytes-key.ts'
import { TOKENS_MAX } from '../tx/token-bucket.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Relay } from './composition.ts'
import type { Lane } from './lanes.ts'

// What the transactions of a lane and of those after it may fill together of the mempool.
const SHARE_PERCENT = { 1: 100, 2: 90, 3: 80, 4: 60 } as const
// Where that much of the mempool is taken, an account may have so many waiting in lanes 2 and 3: many
// transactions of few don't shut out the few of many. A thousand accounts together leave room in lane 3 of a
// mempool of 20,000.
const CROWDED_PERCENT = 60
const CROWDED_MAX = 3
// A transaction that the mempool dropped without a recheck stops counting after this many blocks.
const EXPIRY_HEIGHTS = 100n

/** What a mempool holds at most. */
export interface MempoolLimits {
  readonly transactions: number
  readonly bytes: number
}

/** A transaction that was admitted and waits for a block. */
export interface Admission {
  readonly transaction: Transaction
  /** In the block after the state that it was checked on last. */
  readonly lane: Lane
  /** When it was admitted. */
  readonly height: bigint
  readonly relays: readonly Relay[]
}

/**
 * Counts what CheckTx admitted and no block has committed yet: CometBFT's mempool is one queue, so ordinary
 * transactions are refused above 60 % of it, those of lane 3 and 4 together above 80 %, of 2 to 4 above 90 %,
 * and nobody fills the rest but packets. Above 60 % an account has at most three in lanes 2 and 3. Also knows
 * which packets are under way, and what waits on tokens of an account. A transaction is known by its bytes,
 * however often it was decoded. A node's own affair: nothing of it enters the state.
 */
export class Admissions {
  readonly #limits: MempoolLimits
  readonly #admitted = new Map<string, Admission>()
  /** Those of lanes 1 to 3, in order of admission. */
  readonly #critical = new Map<string, Admission>()
  readonly #claims = new Map<string, Admission>()
  readonly #waiting = new Map<Lane, { transactions: number; bytes: number }>()
  /** By account: tokens that what waits will take. */
  readonly #tokens = new Map<string, number>()
  /** By account: how many wait in lanes 2 and 3. */
  readonly #urgent = new Map<string, number>()

  constructor(limits: MempoolLimits) {
    this.#limits = limits
  }

  /** How many wait. */
  get size(): number {
    return this.#admitted.size
  }

  /** Those of lanes 1 to 3 that wait, in order of admission. */
  critical(): Iterable<Admission> {
    return this.#critical.values()
  }

  /** Whether a new transaction finds room in this lane. */
  hasRoom(lane: Lane, { bytes, signer }: Pick<Transaction, 'bytes' | 'signer'>): boolean {
    const waiting = { transactions: 0, bytes: bytes.length }
    for (const [each, count] of this.#waiting) {
      if (each < lane) continue
      waiting.transactions += count.transactions
      waiting.bytes += count.bytes
    }
    if (!this.#isWithin(SHARE_PERCENT[lane], waiting)) return false
    if (!isUrgent(lane) || this.#isWithin(CROWDED_PERCENT, waiting)) return true
    return (this.#urgent.get(bytesKey(signer)) ?? 0) < CROWDED_MAX
  }

  #isWithin(percent: number, waiting: { readonly transactions: number; readonly bytes: number }): boolean {
    const { transactions, bytes } = this.#limits
    return waiting.transactions * 100 < transactions * percent && waiting.bytes * 100 <= bytes * percent
  }

  /**
   * Whether the tokens of a full bucket pay for a new transaction beside what its account has waiting. The
   * bucket itself can't tell where the mempool doesn't recheck.
   */
  hasTokens(transaction: Transaction): boolean {
    const { signer, tokens } = transaction
    if (!isFree(transaction)) return true
    return BigInt((this.#tokens.get(bytesKey(signer)) ?? 0) + tokens) <= TOKENS_MAX
  }

  /** Whether a transaction was admitted and waits. */
  has(transaction: Transaction): boolean {
    return this.#admitted.has(transaction.text)
  }

  /** The waiting transaction that relays a packet; the first of them when there are more. */
  claimant(relay: Relay): Admission | undefined {
    return this.#claims.get(relay.key)
  }

  /** Remembers an admitted transaction; of one that waits already only the lane is new. */
  add(transaction: Transaction, admitted: Omit<Admission, 'transaction'>): void {
    const key = transaction.text
    const known = this.#admitted.get(key)
    const { relays, height } = known ?? admitted
    const isSame = known !== undefined && known.lane === admitted.lane
    const admission = isSame ? known : { transaction, lane: admitted.lane, height, relays }
    for (const relay of relays) {
      const claimant = this.#claims.get(relay.key)
      if (claimant === undefined || claimant === known) this.#claims.set(relay.key, admission)
    }
    if (isSame) return
    if (known !== undefined) this.#count(known, -1)
    this.#count(admission, 1)
    this.#admitted.set(key, admission)
    if (admission.lane < 4) this.#critical.set(key, admission)
    else this.#critical.delete(key)
  }

  /** Forgets one that was committed or dropped. */
  remove(transaction: Transaction): void {
    const key = transaction.text
    const admission = this.#admitted.get(key)
    if (admission === undefined) return
    this.#admitted.delete(key)
    this.#critical.delete(key)
    this.#count(admission, -1)
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

  #count({ transaction, lane }: Admission, sign: 1 | -1): void {
    const count = this.#waiting.get(lane) ?? { transactions: 0, bytes: 0 }
    this.#waiting.set(lane, count)
    count.transactions += sign
    count.bytes += sign * transaction.bytes.length
    assert(count.transactions >= 0, 'what is forgotten was counted')
    if (!isUrgent(lane) && !isFree(transaction)) return
    const account = bytesKey(transaction.signer)
    if (isUrgent(lane)) addTo(this.#urgent, account, sign)
    if (isFree(transaction)) addTo(this.#tokens, account, sign * transaction.tokens)
  }
}

function addTo(counts: Map<string, number>, account: string, added: number): void {
  const count = (counts.get(account) ?? 0) + added
  if (count === 0) counts.delete(account)
  else counts.set(account, count)
}

/** Of lanes 2 and 3, which cost little or nothing. */
function isUrgent(lane: Lane): boolean {
  return lane === 2 || lane === 3
}

function isFree({ isTrade, fee }: Transaction): boolean {
  return isTrade && fee === undefined
}
