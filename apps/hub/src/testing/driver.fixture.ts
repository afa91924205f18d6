import { fromNanoseconds, toNanoseconds } from '@causeway/light-clients'
import { canonicalJson, equalBytes, utf8 } from '@causeway/primitives'
import type { JsonValue } from '@causeway/primitives'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import {
  ExtendedCommitInfo,
  ResponseProcessProposal_ProposalStatus as Status,
} from '@causeway/protocol/tendermint/abci/types'
import type {
  RequestFinalizeBlock,
  RequestInitChain,
  ResponseFinalizeBlock,
} from '@causeway/protocol/tendermint/abci/types'
import type { Application } from '../abci/application.ts'
import { commitOf, extendedCommit } from './validators.fixture.ts'
import type { TestValidator } from './validators.fixture.ts'

const NONE = new Uint8Array(0)
const EMPTY_COMMIT: ExtendedCommitInfo = { round: 0, votes: [] }

/** Drives one application block by block, as an engine does, on a clock of its own. */
export class Driver {
  readonly application: Application
  /** Everybody who is in the set at some height; power 0 = not at genesis. */
  readonly validators: readonly TestValidator[]
  readonly chainId: string
  readonly hasExtensions: boolean
  height: bigint
  timeNanoseconds: bigint
  lastCommit: ExtendedCommitInfo = EMPTY_COMMIT
  /** All requests, to be replayed elsewhere. */
  readonly requests: RequestFinalizeBlock[] = []
  /** What was answered to each. */
  readonly responses: ResponseFinalizeBlock[] = []
  mempool: Uint8Array[] = []
  readonly #changes: { from: bigint; publicKey: Uint8Array; power: bigint }[] = []

  constructor(
    application: Application,
    validators: readonly TestValidator[],
    options: { chainId?: string; initialHeight?: bigint; extensions?: boolean } = {},
  ) {
    this.application = application
    this.validators = validators
    this.chainId = options.chainId ?? 'causeway-1'
    this.hasExtensions = options.extensions ?? true
    this.height = (options.initialHeight ?? 1n) - 1n
    this.timeNanoseconds = 1_700_000_000_000_000_000n
  }

  get timeSeconds(): bigint {
    return this.timeNanoseconds / 1_000_000_000n
  }

  initChain(appState: JsonValue, enableHeight = 1n): void {
    this.application.initChain(this.initRequest(appState, enableHeight))
  }

  initRequest(appState: JsonValue, enableHeight = 1n): RequestInitChain {
    return {
      time: fromNanoseconds(this.timeNanoseconds),
      chainId: this.chainId,
      consensusParams: ConsensusParams.fromPartial({ abci: { voteExtensionsEnableHeight: enableHeight } }),
      validators: this.validators
        .filter(({ power }) => power > 0n)
        .map(({ publicKey, power }) => ({ pubKey: { ed25519: publicKey }, power })),
      appStateBytes: utf8(canonicalJson(appState)),
      initialHeight: this.height + 1n,
    }
  }

  /** CheckTx, and the mempool when it passes. */
  submit(tx: Uint8Array) {
    const response = this.application.checkTx({ tx, type: 0 })
    if (response.code === 0) this.mempool.push(tx)
    return response
  }

  /**
   * Proposes the mempool, judges the proposal, executes and commits; then every validator extends its vote.
   */
  block(secondsLater = 1n): ResponseFinalizeBlock {
    const height = this.height + 1n
    const timeNanoseconds = this.timeNanoseconds + secondsLater * 1_000_000_000n
    const time = fromNanoseconds(timeNanoseconds)
    const common = { misbehavior: [], height, time, nextValidatorsHash: NONE, proposerAddress: NONE }
    const { txs } = this.application.prepareProposal({
      ...common,
      maxTxBytes: 22_000_000n,
      txs: this.mempool,
      localLastCommit: this.lastCommit,
    })
    const proposedLastCommit = commitOf(this.lastCommit)
    const verdict = this.application.processProposal({ ...common, txs, proposedLastCommit, hash: NONE })
    if (verdict.status !== Status.ACCEPT) throw new Error(`block ${height} was refused by its own proposer`)
    return this.execute({ ...common, txs, decidedLastCommit: proposedLastCommit, hash: NONE })
  }

  /** A decided block of these transactions, after transaction 0 where there must be one. */
  proposal(txs: readonly Uint8Array[], secondsLater = 1n): RequestFinalizeBlock {
    const isDue = this.hasExtensions && this.lastCommit.votes.length > 0
    const zero = isDue ? [ExtendedCommitInfo.encode(this.lastCommit).finish()] : []
    const height = this.height + 1n
    const time = fromNanoseconds(this.timeNanoseconds + secondsLater * 1_000_000_000n)
    const decidedLastCommit = commitOf(this.lastCommit)
    const common = { misbehavior: [], hash: NONE, nextValidatorsHash: NONE, proposerAddress: NONE }
    return { ...common, txs: [...zero, ...txs], decidedLastCommit, height, time }
  }

  /** Executes and commits a decided block. */
  execute(request: RequestFinalizeBlock, commit = true): ResponseFinalizeBlock {
    const vote = this.vote(request)
    const response = this.application.finalizeBlock(request)
    if (!commit) return response
    this.application.commit()
    for (const { pubKey, power } of response.validatorUpdates) {
      this.#changes.push({ from: request.height + 2n, publicKey: pubKey!.ed25519!, power })
    }
    this.requests.push(request)
    this.responses.push(response)
    this.height = request.height
    this.timeNanoseconds = toNanoseconds(request.time)
    this.lastCommit = vote
    const included = new Set(request.txs.map((tx) => Buffer.from(tx).toString('hex')))
    this.mempool = this.mempool.filter((tx) => !included.has(Buffer.from(tx).toString('hex')))
    this.mempool = this.mempool.filter((tx) => this.application.checkTx({ tx, type: 1 }).code === 0)
    return response
  }

  /** The extended commit of a block, which every validator votes for before it is executed. */
  vote({
    height,
    time,
    txs = [],
  }: Pick<RequestFinalizeBlock, 'height' | 'time'> & { txs?: Uint8Array[] }): ExtendedCommitInfo {
    const { chainId } = this
    const request = {
      hash: NONE,
      height,
      time,
      txs,
      proposedLastCommit: undefined,
      misbehavior: [],
      nextValidatorsHash: NONE,
      proposerAddress: NONE,
    }
    const validators = this.setAt(height)
    return extendedCommit(
      validators,
      validators.map(({ address }) => this.application.extendVote(request, address).voteExtension),
      { chainId, height },
    )
  }

  /** The validators that sign a height: what a block changes holds two heights later. */
  setAt(height: bigint): TestValidator[] {
    return this.validators
      .map((validator) => {
        const change = this.#changes.findLast(
          ({ from, publicKey }) => from <= height && equalBytes(publicKey, validator.publicKey),
        )
        return { ...validator, power: change?.power ?? validator.power }
      })
      .filter(({ power }) => power > 0n)
  }

  /** A query at the newest height, or at the one given. */
  query(path: string, data: Uint8Array, options: { height?: bigint; prove?: boolean } = {}) {
    return this.application.query({ path, data, height: options.height ?? 0n, prove: options.prove ?? false })
  }
}
