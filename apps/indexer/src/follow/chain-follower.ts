import type { Logger } from 'pino'
import type { VerifySignatures } from '@causeway/light-clients'
import { equalBytes, fromHex, toHexUpper } from '@causeway/primitives'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Database } from '../database/open-database.ts'
import { backoffMs, pause } from './backoff.ts'
import type { ChainState, ChainStatus } from './chain-status.ts'
import { collectBatch, type Batch } from './collect-batch.ts'
import type { ChainHead, CometRpc, FetchedBlock } from './comet-rpc.ts'
import { loadCursor, type ChainRole } from './cursor.ts'
import { EndpointError } from './endpoint-error.ts'
import { Endpoints } from './endpoints.ts'
import { fetchBlocks } from './fetch-blocks.ts'
import { loadTrackedChains } from './tracked-chains.ts'
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

/** What a follower is handed. */
export type FollowerParts = {
  readonly database: Database
  readonly connect: (url: string) => CometRpc
  readonly verifySignatures: VerifySignatures
  readonly limits: FollowLimits
  readonly log: Logger
  readonly nowMs: () => number
  /** Called after each committed batch. */
  readonly onCommitted: (batch: Batch) => void
}

const INTERNAL_BACKOFF = { firstMs: 500, longestMs: 10_000 }

/**
 * Follows one chain into the tables: fetches, verifies, projects and writes block after block, for as long as
 * it runs.
 */
export class ChainFollower {
  readonly #config: ChainConfig
  readonly #parts: FollowerParts
  readonly #endpoints: Endpoints
  readonly #rpcs: readonly CometRpc[]
  readonly #stopping = new AbortController()
  #cursor: VerifiedHead | undefined
  #tracked = new Map<string, string>()
  #validators: { hash: Uint8Array; set: ValidatorSet } | undefined
  #status: ChainStatus
  #wake: () => void = () => undefined
  #running: Promise<unknown> | undefined

  constructor(config: ChainConfig, parts: FollowerParts) {
    this.#config = config
    this.#parts = parts
    this.#rpcs = config.rpcUrls.map(parts.connect)
    this.#endpoints = new Endpoints(this.#rpcs, parts.nowMs)
    this.#status = {
      chainId: config.chainId,
      role: config.role,
      state: 'STARTING',
      indexedHeight: 0n,
      indexedTimeNanoseconds: 0n,
      headHeight: 0n,
      behindSinceMs: undefined,
      contactMs: undefined,
      headMovedMs: undefined,
      lastError: undefined,
    }
  }

  /** How it goes. */
  get status(): ChainStatus {
    return this.#status
  }

  /** The last verified block that is in the tables. */
  get cursor(): VerifiedHead | undefined {
    return this.#cursor
  }

  /** The endpoint for reads beside the blocks. */
  endpoint(): CometRpc {
    const picked = this.#endpoints.pick()
    return 'rpc' in picked ? picked.rpc : this.#rpcs[0]!
  }

  /** Begins to follow. */
  start(): void {
    const { signal } = this.#stopping
    const watching = this.#rpcs.map((rpc) => watchNewBlocks(rpc.url, () => this.#wake(), signal))
    this.#running = Promise.all([this.#run(signal), ...watching])
  }

  /** Stops after what is under way; nothing is written afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    let internalFailures = 0
    let isLoaded = false
    while (!signal.aborted) {
      try {
        if (!isLoaded) await this.#load()
        isLoaded = true
        const { atHead, woken } = await this.#round(signal)
        internalFailures = 0
        if (atHead) await pause(this.#parts.limits.pollMs, signal, woken)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof EndpointError && error.retry === 'never') return this.#fail('STOPPED', error)
        // The cursor is read again: the failure may have come after the database took the batch.
        isLoaded = error instanceof EndpointError
        if (!isLoaded) this.#fail('RETRYING', error)
        await pause(isLoaded ? 0 : backoffMs(++internalFailures, INTERNAL_BACKOFF), signal)
      }
    }
  }

  async #load(): Promise<void> {
    const { manager } = this.#parts.database.reader
    this.#cursor = await loadCursor(manager, this.#config.chainId)
    this.#tracked = await loadTrackedChains(manager, this.#config.chainId)
    this.#update({
      indexedHeight: this.#cursor?.height ?? 0n,
      indexedTimeNanoseconds: this.#cursor?.timeNanoseconds ?? 0n,
    })
  }

  /** Reads from one endpoint up to its head. */
  async #round(signal: AbortSignal): Promise<{ atHead: boolean; woken?: Promise<void> }> {
    const picked = this.#endpoints.pick()
    if ('waitMs' in picked) {
      await pause(picked.waitMs, signal)
      return { atHead: false }
    }
    // Armed before the head is asked for: a block that comes meanwhile isn't missed.
    const woken = new Promise<void>((resolve) => (this.#wake = resolve))
    try {
      const head = await picked.rpc.head(signal)
      this.#meet(head)
      await this.#readTo(head, picked.rpc, signal)
      this.#endpoints.succeeded(picked.rpc)
      this.#update({
        state: 'LIVE',
        behindSinceMs: undefined,
        contactMs: this.#parts.nowMs(),
        lastError: undefined,
      })
      return { atHead: true, woken }
    } catch (error) {
      if (error instanceof EndpointError && !signal.aborted) {
        this.#endpoints.failed(picked.rpc, error)
        this.#fail(error.isLie ? 'REFUSED' : 'RETRYING', error, picked.rpc.url)
      }
      throw error
    }
  }

  #meet(head: ChainHead): void {
    const { chainId } = this.#config
    if (head.chainId !== chainId)
      throw new EndpointError('wrong-chain', `${head.chainId} instead of ${chainId}`)
    const indexed = this.#cursor?.height ?? 0n
    if (head.height < indexed)
      throw new EndpointError('behind', `at ${head.height}, the tables are at ${indexed}`)
    const now = this.#parts.nowMs()
    const isBehind = head.height > indexed
    this.#update({
      contactMs: now,
      headHeight: head.height,
      headMovedMs: head.height > this.#status.headHeight ? now : this.#status.headMovedMs,
      behindSinceMs: isBehind ? (this.#status.behindSinceMs ?? now) : undefined,
    })
    if (isBehind && this.#status.state !== 'LIVE') this.#update({ state: 'SYNCING' })
  }

  async #readTo(head: ChainHead, rpc: CometRpc, signal: AbortSignal): Promise<void> {
    const { limits } = this.#parts
    const first = this.#cursor === undefined ? this.#rootHeight(head) : this.#cursor.height + 1n
    const blocks = fetchBlocks(rpc, first, head.height, limits.parallelFetches, signal)
    try {
      for (;;) {
        const batch = await collectBatch(blocks, limits.batchBlocks, {
          chain: this.#config,
          parent: this.#cursor,
          tracked: this.#tracked,
          rpc,
          verify: (block, parent) => this.#verify(block, parent, rpc, signal),
        })
        if (batch === undefined) return
        signal.throwIfAborted()
        await writeBatch(this.#parts.database, this.#config, batch)
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
    this.#update({ indexedHeight: batch.head.height, indexedTimeNanoseconds: batch.head.timeNanoseconds })
    this.#parts.onCommitted(batch)
  }

  #update(changes: Partial<ChainStatus>): void {
    this.#status = { ...this.#status, ...changes }
  }

  #fail(state: ChainState, error: unknown, endpoint?: string): void {
    const kind = error instanceof EndpointError ? error.kind : 'internal'
    const message = error instanceof Error ? error.message : String(error)
    this.#update({ state, lastError: { kind, message, atMs: this.#parts.nowMs() } })
    const level = state === 'RETRYING' && kind !== 'internal' ? 'warn' : 'error'
    this.#parts.log[level]({ kind, endpoint, detail: message }, 'following the chain failed')
  }
}
