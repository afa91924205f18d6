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
import { LaneBudget } from './lanes.ts'

const PRIORITY_SCALE = 1_000_000_000_000n

/**
 * Makes a proposal: transaction 0, then the lanes in order, each within its budget, nobody's transactions out
 * of turn.
 */
export function prepareProposal(chain: Chain, request: RequestPrepareProposal): ResponsePrepareProposal {
  const state = chain.readLatest()
  const txs: Uint8Array[] = []
  if (isTransactionZeroDue(chain, state, request.height)) {
    txs.push(ExtendedCommitInfo.encode(request.localLastCommit ?? { round: 0, votes: [] }).finish())
  }
  const waiting = decodable(chain, request.txs)
  const selection = new Selection(chain, state, Number(request.maxTxBytes) - sizeInBlock(txs))
  for (const lane of [1, 2, 3] as const) {
    for (const transaction of waiting) if (transaction.lane === lane) selection.consider(transaction)
  }
  const ordinary = waiting.filter(({ lane }) => lane === 4)
  const prices = new Map(chain.composition.authentication.gasPrices(state).map((p) => [p.denom, p.priceE9]))
  const offers = ordinary.map((transaction) => ({ transaction, priority: priorityOf(transaction, prices) }))
  for (const transaction of byFee(offers)) selection.consider(transaction)
  return { txs: [...txs, ...selection.chosen] }
}

/** Takes transactions while there is room, in order of each sender's sequence. */
class Selection {
  readonly chosen: Uint8Array[] = []
  readonly #chain: Chain
  readonly #state: ReadContext
  readonly #budget: LaneBudget
  readonly #nextSequence = new Map<string, bigint>()
  #bytesLeft: number

  constructor(chain: Chain, state: ReadContext, bytesLeft: number) {
    this.#chain = chain
    this.#state = state
    this.#budget = new LaneBudget(chain.composition.limits)
    this.#bytesLeft = bytesLeft
  }

  consider(transaction: Transaction): void {
    const { bytes, gasLimit, lane, sequence, timeoutHeight } = transaction
    const sender = toHex(transaction.signer)
    if (sequence !== this.#expected(sender, transaction.signer)) return
    if (timeoutHeight !== 0n && timeoutHeight <= this.#state.height) return
    const size = sizeInBlock([bytes])
    if (size > this.#bytesLeft || !this.#budget.take(lane, bytes.length, gasLimit)) return
    this.#bytesLeft -= size
    this.#nextSequence.set(sender, sequence + 1n)
    this.chosen.push(bytes)
  }

  #expected(sender: string, id: Uint8Array): bigint | undefined {
    const next = this.#nextSequence.get(sender)
    return next ?? this.#chain.composition.authentication.findAccount(this.#state, id)?.sequence
  }
}

function decodable(chain: Chain, txs: readonly Uint8Array[]): Transaction[] {
  const transactions: Transaction[] = []
  for (const bytes of txs) {
    try {
      transactions.push(chain.transactions.decode(bytes))
    } catch (error) {
      if (!isProtocolError(error)) throw error
    }
  }
  return transactions
}

/** The fee as a multiple of the least one, so that denominations compare. */
function priorityOf({ fee, gasLimit }: Transaction, prices: ReadonlyMap<string, bigint>): bigint {
  const price = fee === undefined ? undefined : prices.get(fee.denom)
  if (fee === undefined || price === undefined || price === 0n) return 0n
  return (fee.amount * PRIORITY_SCALE * 1_000_000_000n) / (price * BigInt(gasLimit))
}

/** Bytes of transactions as CometBFT counts them: repeated field 1 of `Data`. */
function sizeInBlock(txs: readonly Uint8Array[]): number {
  return txs.reduce((sum, { length }) => sum + 1 + uvarint(BigInt(length)).length + length, 0)
}
