import { isProtocolError } from '@causeway/primitives'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestPrepareProposal,
  ResponsePrepareProposal,
} from '@causeway/protocol/tendermint/abci/types'
import { headerSize } from '../tx/encode-transaction.ts'
import type { Transaction } from '../tx/transaction.ts'
import { isTransactionZeroDue } from './begin-block.ts'
import { byFee } from './by-fee.ts'
import type { Offer } from './by-fee.ts'
import type { Chain } from './chain.ts'
import { availableDemands } from '../inclusion/available-demands.ts'
import { LANES, laneIn } from './lanes.ts'
import type { LaneSize } from './lanes.ts'
import { priorities } from './priority.ts'
import { Selection, sizeOf } from './selection.ts'

/**
 * Makes a proposal: transaction 0, then the lanes in order, in each what the inclusion list demands and then
 * the rest, within its budget and by fee for a unit of gas, nobody's transactions out of turn. Which
 * transactions of a lane beside the demanded, and in which order, is the proposer's own choice: others judge
 * the order of lanes and the budgets.
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
  const demands = availableDemands(chain, state, request.height, given.keys())
  const selection = new Selection(chain, state, { bytesLeft, demands, sizeInBlock })
  const priority = priorities(chain, state)
  const waiting = LANES.map((): Offer[] => [])
  for (const transaction of given.keys()) {
    const lane = laneIn(chain.composition, state, transaction)
    waiting[lane - 1]!.push({ transaction, priority: priority(transaction) })
  }
  for (const lane of LANES) {
    selection.takeDemanded(lane)
    const offers = waiting[lane - 1]!
    if (lane !== 4) for (const transaction of byFee(offers)) selection.considerShare(lane, transaction)
    const least = leastOf(offers)
    for (const transaction of byFee(offers))
      if (!selection.consider(lane, transaction) && !selection.hasRoom(lane, least)) break
  }
  // The request's own arrays: the engine knows their hashes by identity.
  const chosen = [...selection.chosen].map((transaction) => given.get(transaction) ?? transaction.bytes)
  return { txs: [...txs, ...chosen] }
}

/** What any of these takes of a block at least. */
function leastOf(offers: readonly Offer[]): LaneSize {
  const least = { bytes: Infinity, gas: Infinity }
  for (const { transaction } of offers) {
    const { bytes, gas } = sizeOf(transaction)
    least.bytes = Math.min(least.bytes, bytes)
    least.gas = Math.min(least.gas, gas)
  }
  return least
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
  return txs.reduce((sum, { length }) => sum + headerSize(length) + length, 0)
}
