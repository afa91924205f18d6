import { isProtocolError } from '@causeway/primitives'
import type { ProtocolError } from '@causeway/primitives'
import { ResponseProcessProposal_ProposalStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestProcessProposal,
  ResponseProcessProposal,
} from '@causeway/protocol/tendermint/abci/types'
import { bytesKey } from '../bytes-key.ts'
import type { Transaction } from '../tx/transaction.ts'
import { readTransactionZero } from './begin-block.ts'
import { errors } from './block-errors.ts'
import type { Chain } from './chain.ts'
import { LaneBudget } from './lanes.ts'

/** Judges another validator's proposal, by its bytes and the committed state alone. */
export function processProposal(chain: Chain, request: RequestProcessProposal): ResponseProcessProposal {
  const reason = judgeProposal(chain, request)
  if (reason === undefined) return { status: Status.ACCEPT }
  chain.options.onProposalRefused?.(request.height, reason)
  return { status: Status.REJECT }
}

/** Why a proposal is refused, or nothing: transaction 0, then lanes in order, each within its budget. */
export function judgeProposal(chain: Chain, request: RequestProcessProposal): ProtocolError | undefined {
  try {
    const proven = readTransactionZero(chain, chain.readLatest(), {
      height: request.height,
      first: request.txs[0],
      lastCommit: request.proposedLastCommit,
    })
    judgeLanes(chain, request.txs, proven === undefined ? 0 : 1)
    return undefined
  } catch (error) {
    if (isProtocolError(error)) return error
    throw error
  }
}

function judgeLanes(chain: Chain, txs: readonly Uint8Array[], first: number): void {
  const budget = new LaneBudget(chain.composition.limits)
  const seen = new Set<string>()
  let current = 1
  for (let index = first; index < txs.length; index++) {
    const transaction = decode(chain, txs[index]!, index)
    const { lane, bytes, gasLimit } = transaction
    const key = bytesKey(bytes)
    if (seen.has(key)) throw errors.duplicateTransaction({ index })
    seen.add(key)
    if (lane < current) throw errors.laneOrder({ index, lane, after: current })
    current = lane
    if (!budget.take(lane, bytes.length, gasLimit)) throw errors.laneBudget({ index, lane })
  }
}

function decode(chain: Chain, bytes: Uint8Array, index: number): Transaction {
  try {
    return chain.transactions.decode(bytes)
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.undecodableTransaction({ index, reason: error.message })
  }
}
