import { equalBytes } from '@causeway/primitives'
import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import type { ReadContext } from './context.ts'
import { LaneBudget, laneIn, laneRoom } from './lanes.ts'
import type { Lane, LaneSize } from './lanes.ts'

// In the critical lanes every signer comes to this part of the room before anybody gets more.
const SIGNER_PERCENT = 25

/** What a selection is made with. */
export interface SelectionParts {
  /** What the engine leaves for transactions. */
  readonly bytesLeft: number
  /** What the block has to contain and can: room is kept for it. */
  readonly demands: readonly Transaction[]
  /** Bytes of transactions as the engine counts them. */
  readonly sizeInBlock: (txs: readonly Uint8Array[]) => number
}

/** Takes transactions while there is room, in order of each sender's sequence; lane after lane. */
export class Selection {
  /** In order; each once. */
  readonly chosen = new Set<Transaction>()
  readonly #chain: Chain
  readonly #state: ReadContext
  readonly #sizeInBlock: SelectionParts['sizeInBlock']
  readonly #budget: LaneBudget
  readonly #kept: { readonly lane: Lane; readonly transaction: Transaction }[] = []
  readonly #nextSequence = new Map<string, bigint>()
  readonly #shares = new Map<string, LaneSize>()
  #bytesLeft: number

  constructor(chain: Chain, state: ReadContext, { bytesLeft, demands, sizeInBlock }: SelectionParts) {
    this.#chain = chain
    this.#state = state
    this.#sizeInBlock = sizeInBlock
    this.#budget = new LaneBudget(chain.composition.limits)
    this.#bytesLeft = bytesLeft
    for (const transaction of demands) this.#keep(transaction)
  }

  /** Takes what the block has to contain of a lane, in turn or not: it may fail. */
  takeDemanded(lane: Lane): void {
    for (const { transaction, lane: own } of this.#kept) {
      if (own !== lane) continue
      this.#budget.takeKept(lane, sizeOf(transaction))
      const { signer, sequence, isTrade } = transaction
      if (!isTrade && sequence === this.#expected(signer))
        this.#nextSequence.set(bytesKey(signer), sequence + 1n)
      this.chosen.add(transaction)
    }
  }

  /** Takes it if its signer stays within a share of the lane. */
  considerShare(lane: Lane, transaction: Transaction): void {
    const { bytes, gas } = sizeOf(transaction)
    const key = `${lane} ${bytesKey(transaction.signer)}`
    const room = laneRoom(this.#chain.composition.limits, lane)
    const used = this.#shares.get(key) ?? { bytes: 0, gas: 0 }
    const after = { bytes: used.bytes + bytes, gas: used.gas + gas }
    if (after.bytes * 100 > room.bytes * SIGNER_PERCENT || after.gas * 100 > room.gas * SIGNER_PERCENT) return
    if (this.consider(lane, transaction)) this.#shares.set(key, after)
  }

  /** Whether a lane has room for as little as this. */
  hasRoom(lane: Lane, least: LaneSize): boolean {
    return least.bytes <= this.#bytesLeft && this.#budget.hasRoom(lane, least)
  }

  /** Takes it if it is in turn and there is room. */
  consider(lane: Lane, transaction: Transaction): boolean {
    const { bytes, signer, sequence, timeoutHeight, isTrade } = transaction
    // What has no sequence could be taken by its share and again by its fee.
    if (this.chosen.has(transaction) || this.#isKept(transaction)) return false
    if (!isTrade && sequence !== this.#expected(signer)) return false
    if (timeoutHeight !== 0n && timeoutHeight <= this.#state.height) return false
    const size = this.#sizeInBlock([bytes])
    if (size > this.#bytesLeft || !this.#budget.take(lane, sizeOf(transaction))) return false
    this.#bytesLeft -= size
    if (!isTrade) this.#nextSequence.set(bytesKey(signer), sequence + 1n)
    this.chosen.add(transaction)
    return true
  }

  #keep(transaction: Transaction): void {
    const lane = laneIn(this.#chain.composition, this.#state, transaction)
    const size = this.#sizeInBlock([transaction.bytes])
    if (size > this.#bytesLeft || !this.#budget.keep(lane, sizeOf(transaction))) return
    this.#bytesLeft -= size
    this.#kept.push({ lane, transaction })
  }

  /** The same bytes, perhaps decoded another time. */
  #isKept({ bytes }: Transaction): boolean {
    return this.#kept.some(({ transaction }) => equalBytes(transaction.bytes, bytes))
  }

  #expected(id: Uint8Array): bigint | undefined {
    const next = this.#nextSequence.get(bytesKey(id))
    return next ?? this.#chain.composition.authentication.findAccount(this.#state, id)?.sequence
  }
}

/** What a transaction takes of a block. */
export function sizeOf({ bytes, gasLimit }: Transaction): LaneSize {
  return { bytes: bytes.length, gas: gasLimit }
}
