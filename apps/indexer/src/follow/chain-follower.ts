import type { Logger } from 'pino'
import type { VerifySignatures } from '@causeway/light-clients'
import { equalBytes, fromHex, toHexUpper } from '@causeway/primitives'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Database } from '../database/open-database.ts'
import type { ChainStatus } from './chain-status.ts'
import { collectBatch, type Batch, type CommittedBatch } from './collect-batch.ts'
import type { ChainHead, CometRpc, FetchedBlock } from './comet-rpc.ts'
import { loadCursor, type ChainRole } from './cursor.ts'
import { EndpointError } from './endpoint-error.ts'
import { fetchBlocks } from './fetch-blocks.ts'
import { FollowLoop, type ChainSource, type Indexed } from './follow-loop.ts'
import type { KnownMarkets } from './resolve-markets.ts'
import { loadKnownMarkets, loadTrackedChains } from './tracked-chains.ts'
import { verifyBlock, type VerifiedHead } from './verify-block.ts'
import { watchNewBlocks } from './wake-up.ts'
import { writeBatch } from './write-batch.ts'

/** Where a chain is read, and what is trusted of it. */
export type ChainConfig = {
  readonly chainId: string
  readonly role: ChainRole
  readonly rpcUrls: readonly string[]
  /**
   * The first block to read; its header is trusted, its hash checked when it is given. Without it, the
   * earliest block.
   */
  readonly root?: { readonly height: bigint; readonly hash?: string | undefined } | undefined
}

/** Bounds on following a chain. */
export type FollowLimits = { batchBlocks: number; parallelFetches: number; pollMs: number }

/** What a follower of any kind of chain is handed. */
export type FollowerContext = {
  readonly database: Database
  readonly limits: FollowLimits
  readonly log: Logger
  readonly nowMs: () => number
  /** Called after each committed batch. */
  readonly onCommitted: (batch: CommittedBatch) => void
}

/** What a follower of a CometBFT chain is handed. */
export type FollowerParts = FollowerContext & {
  readonly connect: (url: string) => CometRpc
  readonly verifySignatures: VerifySignatures
}

/** A chain that is being followed. */
export interface Follower {
  /** How it goes. */
  readonly status: ChainStatus
  /** Begins to follow. */
  start(): void
  /** Stops after what is under way; nothing is written afterwards. */
  stop(): Promise<void>
}

/**
 * Follows one CometBFT chain into the tables: fetches, verifies, projects and writes block after block, for
 * as
 * long as it runs.
 */
export class ChainFollower implements Follower, ChainSource<CometRpc> {
  readonly endpoints: readonly CometRpc[]
  readonly #config: ChainConfig
  readonly #parts: FollowerParts
  readonly #loop: FollowLoop<CometRpc>
  readonly #stopping = new AbortController()
  #cursor: VerifiedHead | undefined
  #tracked = new Map<string, string>()
  #markets: KnownMarkets = { ids: new Set(), isAsked: false }
  #validators: { hash: Uint8Array; set: ValidatorSet } | undefined
  #running: Promise<unknown> | undefined

  constructor(config: ChainConfig, parts: FollowerParts) {
    this.#config = config
    this.#parts = parts
    this.endpoints = config.rpcUrls.map(parts.connect)
    const { chainId, role } = config
    const { limits, log, nowMs } = parts
    this.#loop = new FollowLoop(this, { chainId, role, pollMs: limits.pollMs, log, nowMs })
  }

  get status(): ChainStatus {
    return this.#loop.status
  }

  /** The last verified block that is in the tables. */
  get cursor(): VerifiedHead | undefined {
    return this.#cursor
  }

  /** The endpoint for reads beside the blocks. */
  endpoint(): CometRpc {
    return this.#loop.endpoint()
  }

  start(): void {
    const { signal } = this.#stopping
    const watching = this.endpoints.map((rpc) => watchNewBlocks(rpc.url, () => this.#loop.wake(), signal))
    this.#running = Promise.all([this.#loop.run(signal), ...watching])
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  /** Reads the cursor and the known clients. */
  async load(): Promise<Indexed | undefined> {
    const { manager } = this.#parts.database.reader
    this.#cursor = await loadCursor(manager, this.#config.chainId)
    this.#tracked = await loadTrackedChains(manager, this.#config.chainId)
    if (this.#config.role === 'hub') this.#markets = { ids: await loadKnownMarkets(manager), isAsked: false }
    return this.#cursor
  }

  /** What an endpoint says of its chain. */
  head(rpc: CometRpc, signal: AbortSignal): Promise<ChainHead> {
    return rpc.head(signal)
  }

  /** Reads, verifies and writes every block up to the head. */
  async readTo(
    head: ChainHead,
    rpc: CometRpc,
    signal: AbortSignal,
    advance: (to: Indexed) => void,
  ): Promise<void> {
    const { limits } = this.#parts
    const first = this.#cursor === undefined ? this.#rootHeight(head) : this.#cursor.height + 1n
    const blocks = fetchBlocks(rpc, first, head.height, limits.parallelFetches, signal)
    try {
      for (;;) {
        // A batch that is not written has taught nothing.
        const markets = { ...this.#markets, ids: new Set(this.#markets.ids) }
        const batch = await collectBatch(blocks, limits.batchBlocks, {
          chain: this.#config,
          parent: this.#cursor,
          tracked: this.#tracked,
          markets,
          rpc,
          verify: (block, parent) => this.#verify(block, parent, rpc, signal),
        })
        if (batch === undefined) return
        signal.throwIfAborted()
        await writeBatch(this.#parts.database, this.#config, batch)
        this.#markets = markets
        advance(batch.head)
        this.#advance(batch)
      }
    } finally {
      await blocks.return(undefined)
    }
  }

  #rootHeight(head: ChainHead): bigint {
    const { root } = this.#config
    if (root !== undefined) return root.height
    if (head.earliestHeight > 1n) {
      this.#parts.log.warn(
        { earliest: head.earliestHeight },
        'the endpoint has no blocks before this: history is partial',
      )
    }
    return head.earliestHeight < 1n ? 1n : head.earliestHeight
  }

  async #verify(
    block: FetchedBlock,
    parent: VerifiedHead | undefined,
    rpc: CometRpc,
    signal: AbortSignal,
  ): Promise<VerifiedHead> {
    const { validatorsHash } = block.header
    if (this.#validators === undefined || !equalBytes(this.#validators.hash, validatorsHash)) {
      this.#validators = { hash: validatorsHash, set: await rpc.validators(block.height, signal) }
    }
    const nowNanoseconds = BigInt(this.#parts.nowMs()) * 1_000_000n
    const { verifySignatures } = this.#parts
    try {
      const head = verifyBlock(block, this.#validators.set, parent, {
        chainId: this.#config.chainId,
        nowNanoseconds,
        verifySignatures,
      })
      if (parent === undefined) this.#checkRoot(head)
      return head
    } catch (error) {
      this.#validators = undefined
      throw error
    }
  }

  #checkRoot({ blockHash }: VerifiedHead): void {
    const hash = this.#config.root?.hash
    if (hash !== undefined && !equalBytes(fromHex(hash.toLowerCase()), blockHash)) {
      throw new EndpointError('wrong-root', `block ${toHexUpper(blockHash)} instead of the trusted ${hash}`)
    }
  }

  #advance(batch: Batch): void {
    this.#cursor = batch.head
    for (const [clientId, chainId] of batch.tracked) this.#tracked.set(clientId, chainId)
    for (const problem of batch.problems) this.#parts.log.warn(problem, 'an event was not understood')
    this.#parts.onCommitted(batch)
  }
}
