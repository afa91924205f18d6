import { isProtocolError, toHex, uvarint } from '@causeway/primitives'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestPrepareProposal,
  ResponsePrepareProposal,
} from '@causeway/protocol/tendermint/abci/types'
import type { Transaction } from '../tx/transaction.ts'
import { isTransactionZeroDue } from './begin-block.ts'
import { byFee } from './by-fee.ts'
import type { Chain } from './chain.ts'
import type { ReadContext } from './context.ts'
import { LaneBudget, laneRoom } from './lanes.ts'
import type { BlockLimits } from './lanes.ts'
import { priorities } from './priority.ts'

// In the critical lanes every signer comes to this part of the room before anybody gets more.
const SIGNER_PERCENT = 25

/**
 * Makes a proposal: transaction 0, then the lanes in order, each within its budget and by fee for a unit of
 * gas, nobody's transactions out of turn. Which transactions of a lane, and in which order, is the proposer's
 * own choice: others judge the order of lanes and the budgets.
 */
export function prepareProposal(chain: Chain, request: RequestPrepareProposal): ResponsePrepareProposal {
  const state = chain.readLatest()
  const txs: Uint8Array[] = []
  if (isTransactionZeroDue(chain, state, request.height)) {
    txs.push(ExtendedCommitInfo.encode(request.localLastCommit ?? { round: 0, votes: [] }).finish())
  }
  const bytesLeft = Number(request.maxTxBytes) - sizeInBlock(txs)
  // Late precommits can make transaction 0 larger than a block. It can't be cut, and an engine takes no
  // proposal beyond its limit: this round has none, and the next proposer has seen other precommits.
  if (bytesLeft < 0) return { txs: [] }
  const given = decodable(chain, request.txs)
  const waiting = [...given.keys()]
  const selection = new Selection(chain, state, bytesLeft)
  const priority = priorities(chain, state)
  for (const lane of [1, 2, 3, 4] as const) {
    const offers = waiting
      .filter((transaction) => transaction.lane === lane)
      .map((transaction) => ({ transaction, priority: priority(transaction) }))
    if (lane !== 4) for (const transaction of byFee(offers)) selection.considerShare(transaction)
    for (const transaction of byFee(offers)) selection.consider(transaction)
  }
  // The request's own arrays: the engine knows their hashes by identity.
  return { txs: [...txs, ...[...selection.chosen].map((transaction) => given.get(transaction)!)] }
}

/** Takes transactions while there is room, in order of each sender's sequence. */
class Selection {
  /** In order; each once. */
  readonly chosen = new Set<Transaction>()
  readonly #chain: Chain
  readonly #state: ReadContext
  readonly #budget: LaneBudget
  readonly #nextSequence = new Map<string, bigint>()
  readonly #shares = new Map<string, BlockLimits>()
  #bytesLeft: number

  constructor(chain: Chain, state: ReadContext, bytesLeft: number) {
    this.#chain = chain
    this.#state = state
    this.#budget = new LaneBudget(chain.composition.limits)
    this.#bytesLeft = bytesLeft
  }

  /** Takes it if its signer stays within a share of the lane. */
  considerShare(transaction: Transaction): void {
    const { lane, bytes, gasLimit } = transaction
    const key = `${lane} ${toHex(transaction.signer)}`
    const room = laneRoom(this.#chain.composition.limits, lane)
    const used = this.#shares.get(key) ?? { bytes: 0, gas: 0 }
    const after = { bytes: used.bytes + bytes.length, gas: used.gas + gasLimit }
    if (after.bytes * 100 > room.bytes * SIGNER_PERCENT || after.gas * 100 > room.gas * SIGNER_PERCENT) return
    if (this.consider(transaction)) this.#shares.set(key, after)
  }

  /** Takes it if it is in turn and there is room. */
  consider(transaction: Transaction): boolean {
    const { bytes, gasLimit, lane, sequence, timeoutHeight, isTrade } = transaction
    const sender = toHex(transaction.signer)
    // What has no sequence could be taken by its share and again by its fee.
    if (this.chosen.has(transaction)) return false
    if (!isTrade && sequence !== this.#expected(sender, transaction.signer)) return false
    if (timeoutHeight !== 0n && timeoutHeight <= this.#state.height) return false
    const size = sizeInBlock([bytes])
    if (size > this.#bytesLeft || !this.#budget.take(lane, bytes.length, gasLimit)) return false
    this.#bytesLeft -= size
    if (!isTrade) this.#nextSequence.set(sender, sequence + 1n)
    this.chosen.add(transaction)
    return true
  }

  #expected(sender: string, id: Uint8Array): bigint | undefined {
    const next = this.#nextSequence.get(sender)
    return next ?? this.#chain.composition.authentication.findAccount(this.#state, id)?.sequence
  }
}

/** What can be decoded, each with the bytes that the engine gave. */
function decodable(chain: Chain, txs: readonly Uint8Array[]): Map<Transaction, Uint8Array> {
  const transactions = new Map<Transaction, Uint8Array>()
  for (const bytes of txs) {
    try {
      transactions.set(chain.transactions.decode(bytes), bytes)
    } catch (error) {
      if (!isProtocolError(error)) throw error
    }
  }
  return transactions
}

/** Bytes of transactions as CometBFT counts them: repeated field 1 of `Data`. */
function sizeInBlock(txs: readonly Uint8Array[]): number {
  return txs.reduce((sum, { length }) => sum + 1 + uvarint(BigInt(length)).length + length, 0)
}
