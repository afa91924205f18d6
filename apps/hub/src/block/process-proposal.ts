import { isProtocolError, toHex } from '@causeway/primitives'
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
import type { ReadContext } from './context.ts'
import { demanded } from '../inclusion/demanded.ts'
import { LaneBudget, laneIn } from './lanes.ts'

/** Judges another validator's proposal, by its bytes and the committed state alone. */
export function processProposal(chain: Chain, request: RequestProcessProposal): ResponseProcessProposal {
  const reason = judgeProposal(chain, request)
  if (reason === undefined) return { status: Status.ACCEPT }
  chain.options.onProposalRefused?.(request.height, reason)
  return { status: Status.REJECT }
}

/**
 * Why a proposal is refused, or nothing: transaction 0, then lanes in order, each within its budget, then
 * what a block has to contain.
 */
export function judgeProposal(chain: Chain, request: RequestProcessProposal): ProtocolError | undefined {
  try {
    const state = chain.readLatest()
    const proven = readTransactionZero(chain, state, {
      height: request.height,
      first: request.txs[0],
      lastCommit: request.proposedLastCommit,
    })
    const contained = judgeLanes(chain, state, request.txs, proven === undefined ? 0 : 1)
    requireDemanded(chain, state, request.height, contained)
    return undefined
  } catch (error) {
    if (isProtocolError(error)) return error
    throw error
  }
}

/** Gives the transactions, by their bytes. */
function judgeLanes(
  chain: Chain,
  state: ReadContext,
  txs: readonly Uint8Array[],
  first: number,
): ReadonlySet<string> {
  const budget = new LaneBudget(chain.composition.limits)
  const seen = new Set<string>()
  let current = 1
  for (let index = first; index < txs.length; index++) {
    const transaction = decode(chain, txs[index]!, index)
    const { bytes, text, gasLimit: gas } = transaction
    const lane = laneIn(chain.composition, state, transaction)
    if (seen.has(text)) throw errors.duplicateTransaction({ index })
    seen.add(text)
    if (lane < current) throw errors.laneOrder({ index, lane, after: current })
    current = lane
    if (!budget.take(lane, { bytes: bytes.length, gas })) throw errors.laneBudget({ index, lane })
  }
  return seen
}

function requireDemanded(
  { composition }: Chain,
  state: ReadContext,
  height: bigint,
  contained: ReadonlySet<string>,
): void {
  if (composition.inclusion === undefined) return
  for (const { bytes, isBinding, record } of demanded(state, height, composition.limits)) {
    if (!isBinding || bytes === undefined || contained.has(bytesKey(bytes))) continue
    throw errors.missingDemanded({ hash: toHex(record.name.hash).toUpperCase(), recorded: record.height })
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
