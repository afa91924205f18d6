import type { Logger } from 'pino'
import { backoffMs, pause } from './backoff.ts'
import type { ChainState, ChainStatus } from './chain-status.ts'
import type { ChainHead } from './comet-rpc.ts'
import type { ChainRole } from './cursor.ts'
import { EndpointError } from './endpoint-error.ts'
import { Endpoints } from './endpoints.ts'

/** How far the tables are with a chain. */
export type Indexed = { readonly height: bigint; readonly timeNanoseconds: bigint }

/** What following has to know of a kind of chain: `Rpc` is one of its endpoints. */
export interface ChainSource<Rpc> {
  readonly endpoints: readonly Rpc[]
  /** Reads what the tables hold; called again after a failure that the database may have survived. */
  load(): Promise<Indexed | undefined>
  head(rpc: Rpc, signal: AbortSignal): Promise<ChainHead>
  /** Reads everything up to the head; `advance` is told of each committed batch. */
  readTo(head: ChainHead, rpc: Rpc, signal: AbortSignal, advance: (to: Indexed) => void): Promise<void>
}

/** What a loop is handed. */
export type LoopParts = {
  readonly chainId: string
  readonly role: ChainRole
  readonly pollMs: number
  readonly log: Logger
  readonly nowMs: () => number
}

const INTERNAL_BACKOFF = { firstMs: 500, longestMs: 10_000 }

/** Follows a chain for as long as it runs: picks endpoints, waits, retries, and says how it goes. */
export class FollowLoop<Rpc extends { readonly url: string }> {
  readonly #source: ChainSource<Rpc>
  readonly #parts: LoopParts
  readonly #endpoints: Endpoints<Rpc>
  #status: ChainStatus
  #wake: () => void = () => undefined

  constructor(source: ChainSource<Rpc>, parts: LoopParts) {
    this.#source = source
    this.#parts = parts
    this.#endpoints = new Endpoints(source.endpoints, parts.nowMs)
    this.#status = {
      chainId: parts.chainId,
      role: parts.role,
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

  /** The endpoint for reads beside the blocks. */
  endpoint(): Rpc {
    const picked = this.#endpoints.pick()
    return 'rpc' in picked ? picked.rpc : this.#source.endpoints[0]!
  }

  /** Ends the pause at the head. */
  wake(): void {
    this.#wake()
  }

  /** Follows until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let internalFailures = 0
    let isLoaded = false
    while (!signal.aborted) {
      try {
        if (!isLoaded) this.#advance(await this.#source.load())
        isLoaded = true
        const { atHead, woken } = await this.#round(signal)
        internalFailures = 0
        if (atHead) await pause(this.#parts.pollMs, signal, woken)
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
      const head = await this.#source.head(picked.rpc, signal)
      this.#meet(head)
      await this.#source.readTo(head, picked.rpc, signal, (to) => this.#advance(to))
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
    const { chainId, nowMs } = this.#parts
    if (head.chainId !== chainId)
      throw new EndpointError('wrong-chain', `${head.chainId} instead of ${chainId}`)
    const indexed = this.#status.indexedHeight
    if (head.height < indexed)
      throw new EndpointError('behind', `at ${head.height}, the tables are at ${indexed}`)
    const now = nowMs()
    const isBehind = head.height > indexed
    this.#update({
      contactMs: now,
      headHeight: head.height,
      headMovedMs: head.height > this.#status.headHeight ? now : this.#status.headMovedMs,
      behindSinceMs: isBehind ? (this.#status.behindSinceMs ?? now) : undefined,
    })
    if (isBehind && this.#status.state !== 'LIVE') this.#update({ state: 'SYNCING' })
  }

  #advance(to: Indexed | undefined): void {
    this.#update({ indexedHeight: to?.height ?? 0n, indexedTimeNanoseconds: to?.timeNanoseconds ?? 0n })
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
