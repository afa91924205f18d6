import type { RequestFinalizeBlock, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { Block } from '@causeway/protocol/tendermint/types/block'
import type { ExtendedCommit } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { hashResults } from '@causeway/light-clients'
import type { Steps } from '@causeway/primitives'
import { afterBlock } from '../chain/chain-state.ts'
import type { ChainState } from '../chain/chain-state.ts'
import type { MadeBlock } from '../chain/block.ts'
import { commitInfo, misbehaviors, plainCommit } from '../chain/commit-info.ts'
import { finalizeSteps } from '../application.ts'
import { errors } from '../errors.ts'
import { blockLimits } from './core.ts'
import type { EngineCore } from './core.ts'

/** A block that became part of the chain. */
export interface AppliedBlock {
  readonly made: MadeBlock
  readonly response: ResponseFinalizeBlock
  readonly before: ChainState
  readonly after: ChainState
}

const PRUNED_AT_ONCE_MAX = 256

/**
 * Executes a block that has its commit and makes it part of the chain. Before, the block itself is stored;
 * then come FinalizeBlock, in steps, one write of commit, results and state, and only then the application's
 * own commit. So after a crash the application is at the store's height or one behind.
 */
export function* applyBlock(
  core: EngineCore,
  made: MadeBlock,
  extendedCommit: ExtendedCommit,
): Steps<AppliedBlock> {
  const { application, state: before, store, mempool } = core
  const request = finalizeRequest(made.block, made.blockId.hash, before.lastValidators)
  const response = yield* finalizeSteps(application, request)
  requireResults(response, made.txHashes.length)
  const after = afterBlock(before, made.header, made.blockId, response, hashResults(response.txResults))
  const evidence = made.block.evidence!.evidence
  store.saveCommitted({
    made,
    extendedCommit,
    commit: plainCommit(extendedCommit),
    response,
    before,
    after,
    evidence: core.evidence.writesFor(evidence, after),
  })
  const { retainHeight } = application.commit()
  core.state = after
  core.extendedCommit = extendedCommit
  core.pending = undefined
  core.evidence.update(evidence, after)
  mempool.setLimits(blockLimits(after))
  mempool.update(made.txHashes, response.txResults)
  if (retainHeight > 0n && retainHeight <= after.lastHeight) store.prune(retainHeight, PRUNED_AT_ONCE_MAX)
  return { made, response, before, after }
}

/** What the application is given of a decided block. `lastValidators` signed the block before. */
export function finalizeRequest(
  block: Block,
  hash: Uint8Array,
  lastValidators: ValidatorSet,
): RequestFinalizeBlock {
  const header = block.header!
  return {
    txs: block.data!.txs,
    decidedLastCommit: commitInfo(block.lastCommit, lastValidators),
    misbehavior: misbehaviors(block.evidence!.evidence),
    hash,
    height: header.height,
    time: header.time,
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
  }
}

/** Refuses an answer without a result for each transaction. Throws `engine/45`. */
export function requireResults(response: ResponseFinalizeBlock, transactions: number): void {
  const results = response.txResults.length
  if (results !== transactions) throw errors.wrongResultCount({ results, transactions })
}
