import type { Steps } from '@causeway/primitives'
import type {
  RequestCheckTx,
  RequestExtendVote,
  RequestFinalizeBlock,
  RequestInfo,
  RequestInitChain,
  RequestPrepareProposal,
  RequestProcessProposal,
  RequestQuery,
  RequestVerifyVoteExtension,
  ResponseCheckTx,
  ResponseCommit,
  ResponseExtendVote,
  ResponseFinalizeBlock,
  ResponseInfo,
  ResponseInitChain,
  ResponsePrepareProposal,
  ResponseProcessProposal,
  ResponseQuery,
  ResponseVerifyVoteExtension,
} from '@causeway/protocol/tendermint/abci/types'

/**
 * A replicated state machine, as both engines drive it. Every method is synchronous: when it returns, its
 * effect has happened. A method throws `AssertionError` when an invariant is broken, and then the driver
 * stops the node; every failure a user, validator or peer can cause is a code in the response.
 *
 * `finalizeBlock` must leave nothing durable; `commit` makes the block's changes durable in one atomic step,
 * so that after a crash `info` names exactly the last height that `commit` finished.
 */
export interface Application {
  info(request: RequestInfo): ResponseInfo
  initChain(request: RequestInitChain): ResponseInitChain
  checkTx(request: RequestCheckTx): ResponseCheckTx
  prepareProposal(request: RequestPrepareProposal): ResponsePrepareProposal
  processProposal(request: RequestProcessProposal): ResponseProcessProposal
  /**
   * Beyond ABCI 2.0, which has one validator a node: the embedded engine also says for which of its
   * validators
   * (by consensus address) the extension is.
   */
  extendVote(request: RequestExtendVote, validator?: Uint8Array): ResponseExtendVote
  verifyVoteExtension(request: RequestVerifyVoteExtension): ResponseVerifyVoteExtension
  finalizeBlock(request: RequestFinalizeBlock): ResponseFinalizeBlock
  /** `finalizeBlock` in steps, between which its driver may prepare transactions. */
  finalizeInSteps?(request: RequestFinalizeBlock): Steps<ResponseFinalizeBlock>
  commit(): ResponseCommit
  query(request: RequestQuery): ResponseQuery
}

/** Work on a transaction before CheckTx, such as checking its signature in another thread; or none. */
export type PrepareTx = (tx: Uint8Array) => Promise<void> | undefined

/** Executes a block in steps; in one where the application knows no others. */
export function* finalizeSteps(
  application: Application,
  request: RequestFinalizeBlock,
): Steps<ResponseFinalizeBlock> {
  if (application.finalizeInSteps === undefined) return application.finalizeBlock(request)
  return yield* application.finalizeInSteps(request)
}
