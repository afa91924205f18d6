// The ABCI 2.0 application: each method is one part of the block pipeline.
import { SharedSteps, finish } from '@causeway/primitives'
import type { Steps } from '@causeway/primitives'
import type { Application } from './abci/application.ts'
import type {
  RequestCheckTx,
  RequestExtendVote,
  RequestFinalizeBlock,
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
import { Chain } from './block/chain.ts'
import type { ChainOptions } from './block/chain.ts'
import { checkTx } from './block/check-tx.ts'
import { commit } from './block/commit.ts'
import type { Composition } from './block/composition.ts'
import { finalizeBlock } from './block/finalize-block.ts'
import { foreseeSignature } from './block/foresee-signature.ts'
import { initChain } from './block/init-chain.ts'
import { prepareProposal } from './block/prepare-proposal.ts'
import { processProposal } from './block/process-proposal.ts'
import { extendVote, verifyVoteExtension } from './block/vote-extension.ts'
import { query } from './query/query.ts'
import type { QueryOptions } from './query/query.ts'
import type { ForeseenSignature } from './tx/signatures.ts'

/** What an application is made with beside its composition. */
export interface CosmosApplicationOptions extends ChainOptions, QueryOptions {}

/** Version of the state machine: it changes with an upgrade. */
export const APPLICATION_VERSION = 1n

/**
 * A chain composed of modules, as both engines drive it. Whatever is asked of it while a block is executed in
 * steps finishes that block first, so that nobody sees half of one; only `foreseeSignature` does not.
 */
export class CosmosApplication implements Application {
  /** Shared by the steps; for tests and operator commands. */
  readonly chain: Chain
  readonly #options: CosmosApplicationOptions
  #underWay: SharedSteps<ResponseFinalizeBlock> | undefined

  constructor(composition: Composition, options: CosmosApplicationOptions) {
    this.chain = new Chain(composition, options)
    this.#options = options
  }

  /**
   * The signature of a transaction that is about to be checked, so that another thread can verify it before
   * `checkTx` asks. Nothing when the bytes are no transaction or the verdict is known.
   */
  foreseeSignature(tx: Uint8Array): ForeseenSignature | undefined {
    return foreseeSignature(this.chain, tx)
  }

  info(): ResponseInfo {
    this.#settle()
    const committed = this.chain.committed
    return {
      data: this.chain.composition.name,
      version: this.#options.version,
      appVersion: APPLICATION_VERSION,
      lastBlockHeight: committed?.height ?? 0n,
      lastBlockAppHash: committed === undefined ? new Uint8Array(0) : this.chain.stores.appHash(),
    }
  }

  initChain(request: RequestInitChain): ResponseInitChain {
    this.#settle()
    return initChain(this.chain, request)
  }

  checkTx(request: RequestCheckTx): ResponseCheckTx {
    this.#settle()
    return checkTx(this.chain, request)
  }

  prepareProposal(request: RequestPrepareProposal): ResponsePrepareProposal {
    this.#settle()
    return prepareProposal(this.chain, request)
  }

  processProposal(request: RequestProcessProposal): ResponseProcessProposal {
    this.#settle()
    return processProposal(this.chain, request)
  }

  extendVote(request: RequestExtendVote, validator?: Uint8Array): ResponseExtendVote {
    this.#settle()
    return extendVote(this.chain, request, validator)
  }

  verifyVoteExtension(request: RequestVerifyVoteExtension): ResponseVerifyVoteExtension {
    this.#settle()
    return verifyVoteExtension(this.chain, request)
  }

  finalizeBlock(request: RequestFinalizeBlock): ResponseFinalizeBlock {
    this.#settle()
    return finish(finalizeBlock(this.chain, request))
  }

  finalizeInSteps(request: RequestFinalizeBlock): Steps<ResponseFinalizeBlock> {
    this.#settle()
    this.#underWay = new SharedSteps(finalizeBlock(this.chain, request))
    return this.#underWay.drive()
  }

  commit(): ResponseCommit {
    this.#settle()
    return commit(this.chain)
  }

  query(request: RequestQuery): ResponseQuery {
    this.#settle()
    return query(this.chain, request, this.#options)
  }

  /** Finishes a block that is executed in steps. */
  #settle(): void {
    // What a step throws is its driver's.
    while (this.#underWay?.advance() === true);
    this.#underWay = undefined
  }
}
