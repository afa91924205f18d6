import { AssertionError, assert, isProtocolError } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import { toNanoseconds } from '@causeway/light-clients'
import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { beginBlock, readTransactionZero } from './begin-block.ts'
import type { ProvenExtensions } from './begin-block.ts'
import type { Transaction } from '../tx/transaction.ts'
import type { Chain } from './chain.ts'
import { ExecutionContext, readContext } from './context.ts'
import type { BlockInfo } from './context.ts'
import { decodeDelivered, deliverTx, transactionZeroResult } from './deliver-tx.ts'
import type { Decoded } from './deliver-tx.ts'
import { endBlock } from './end-block.ts'
import { foreseenFacts } from './foresee-signature.ts'
import { unlimitedGas } from './gas.ts'
import { demanded } from '../inclusion/demanded.ts'
import type { Demand } from '../inclusion/demanded.ts'
import { followBlock } from '../inclusion/follow-block.ts'
import { Layer } from './layer.ts'

/** Marks what a block's beginning told, as cosmos-sdk does: the rest comes after the transactions. */
const BEGIN = { key: 'mode', value: 'BeginBlock', index: false }
/** Transactions that a step delivers: a few milliseconds of orders. */
const STEP_TRANSACTIONS = 32

/**
 * Executes a decided block, in steps: transaction 0, begin, deliver, end, hash. Nothing is durable before
 * `commit`; executing the same height again replaces the pending block.
 *
 * A decided block with a bad transaction 0 was voted for by more than 2/3 of validators that don't check it:
 * the node halts with an `AssertionError` at the last good height rather than take prices from it.
 */
export function* finalizeBlock(chain: Chain, request: RequestFinalizeBlock): Steps<ResponseFinalizeBlock> {
  const block = chain.nextBlock(request.height, toNanoseconds(request.time))
  assert(
    block.height === chain.latest.height + 1n,
    `block ${chain.latest.height + 1n} follows, not ${block.height}`,
  )
  // Genesis is flushed with the first block: its writes belong to that block's layer.
  const layer = new Layer(chain.readers())
  if (chain.genesis !== undefined) copyGenesis(chain.genesis.layer, layer)
  const context = new ExecutionContext(block, layer, unlimitedGas())
  const due = dueOf(chain, layer, block)
  chain.composition.aside?.begin()
  const proven = provenOrHalt(chain, block, layer, request)
  beginBlock(chain, context, proven, {
    lastCommit: request.decidedLastCommit,
    misbehaviour: request.misbehavior,
  })
  for (const { attributes } of context.events) attributes.push(BEGIN)
  const rest = proven === undefined ? request.txs : request.txs.slice(1)
  const decoded = rest.map((bytes) => decodeDelivered(chain, bytes))
  verifyAhead(chain, layer, block, decoded)
  const txResults = proven === undefined ? [] : [transactionZeroResult()]
  for (const [i, transaction] of decoded.entries()) {
    if (i % STEP_TRANSACTIONS === 0) yield
    txResults.push(deliverTx(chain, block, layer, transaction))
  }
  if (chain.composition.inclusion !== undefined) {
    const transactions = decoded.filter((each): each is Transaction => !isProtocolError(each))
    followBlock(context, { transactions, due, proposer: request.proposerAddress })
  }
  const validatorUpdates = yield* endBlock(chain, context)
  const changes = layer.changes()
  const appHash = chain.stores.finalize(block.height, changes)
  chain.pending = { block, changes, validatorUpdates }
  return { events: context.events, txResults, validatorUpdates, consensusParamUpdates: undefined, appHash }
}

/** What the block has to contain, by the state before it. */
function dueOf(chain: Chain, layer: Layer, block: BlockInfo): readonly Demand[] {
  const { inclusion, limits } = chain.composition
  if (inclusion === undefined) return []
  const state = readContext(chain.latest, (name) => layer.store(name))
  return demanded(state, block.height, limits)
}

function provenOrHalt(
  chain: Chain,
  block: BlockInfo,
  layer: Layer,
  request: RequestFinalizeBlock,
): ProvenExtensions | undefined {
  try {
    const state = readContext(chain.latest, (name) => layer.store(name))
    const { height } = block
    return readTransactionZero(chain, state, {
      height,
      first: request.txs[0],
      lastCommit: request.decidedLastCommit,
    })
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw new AssertionError(`block ${block.height} was decided with a bad transaction 0: ${error.message}`)
  }
}

/**
 * Checks in one batch the signatures that no CheckTx has seen; what can't be foreseen is checked at delivery.
 */
function verifyAhead(chain: Chain, layer: Layer, block: BlockInfo, decoded: readonly Decoded[]): void {
  const state = readContext(block, (name) => layer.store(name))
  const batch = []
  for (const transaction of decoded) {
    if (isProtocolError(transaction) || chain.signatures.isJudged(transaction)) continue
    const facts = foreseenFacts(chain, state, transaction)
    if (facts !== undefined) batch.push(facts)
  }
  chain.signatures.verifyAhead(batch)
}

function copyGenesis(genesis: Layer, layer: Layer): void {
  for (const [name, changes] of genesis.changes()) {
    const store = layer.store(name)
    for (const { key, value } of changes) {
      assert(value !== undefined, 'genesis deletes nothing')
      store.set(key, value)
    }
  }
}
