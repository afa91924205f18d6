import type { Logger } from 'pino'

import type { Chain, PacketEvent } from '../chain.ts'
import { asRelayError } from '../errors.ts'
import type { Head } from '../plan/view.ts'

/** What a watcher tells. */
export interface WatcherListener {
  /** A new head: what was proven by its absence may be provable now. */
  onHead(head: Head): void
  onEvents(events: readonly PacketEvent[]): void
  /** Blocks were passed over: pending packets have to be looked up again. */
  onGap(): void
}

/** More blocks than this are not read one by one: a look at what is pending is quicker and complete. */
const CATCH_UP_BLOCKS_MAX = 500n
/** A block's results are stored a moment after its header. */
const RESULTS_RETRY_MS = 40

/** Follows one chain: heads at once, then the packet events of every block in order. */
export class ChainWatcher {
  readonly chain: Chain
  readonly #log: Logger
  readonly #nowMs: () => number
  readonly #listeners: WatcherListener[] = []
  #head: Head | undefined
  #headSeenAtMs = 0
  #scanned = 0n
  #isTicking = false
  #again = false
  #closed = false
  #watch: { close(): void } | undefined
  #retry: NodeJS.Timeout | undefined

  constructor(chain: Chain, log: Logger, nowMs: () => number) {
    this.chain = chain
    this.#log = log
    this.#nowMs = nowMs
  }

  get head(): Head | undefined {
    return this.#head
  }

  /** Milliseconds since the chain last grew. */
  get headAgeMs(): number {
    return this.#head === undefined ? Number.POSITIVE_INFINITY : this.#nowMs() - this.#headSeenAtMs
  }

  listen(listener: WatcherListener): void {
    this.#listeners.push(listener)
  }

  /** Begins after the present head: what happened before is found by a rescan. */
  start(): void {
    this.#watch = this.chain.watch(() => this.#wake())
    this.#wake()
  }

  close(): void {
    this.#closed = true
    this.#watch?.close()
    clearTimeout(this.#retry)
  }

  #wake(): void {
    if (this.#isTicking) {
      this.#again = true
      return
    }
    this.#isTicking = true
    void this.#tick()
      .catch((error: unknown) => {
        const { failure, message } = asRelayError(error)
        this.#log.warn({ chain: this.chain.chainId, failure, error: message }, 'chain not readable')
      })
      .finally(() => {
        this.#isTicking = false
        if (!this.#again || this.#closed) return
        this.#again = false
        this.#wake()
      })
  }

  async #tick(): Promise<void> {
    if (this.#closed) return
    const head = await this.chain.head()
    if (this.#head === undefined) this.#scanned = head.height
    if (this.#head === undefined || head.height > this.#head.height) {
      this.#head = head
      this.#headSeenAtMs = this.#nowMs()
      for (const listener of this.#listeners) listener.onHead(head)
    }
    await this.#scan()
  }

  async #scan(): Promise<void> {
    const target = this.#head?.height ?? 0n
    if (target - this.#scanned > CATCH_UP_BLOCKS_MAX) {
      this.#log.warn({ chain: this.chain.chainId, from: this.#scanned, to: target }, 'blocks passed over')
      this.#scanned = target
      for (const listener of this.#listeners) listener.onGap()
    }
    while (this.#scanned < target && !this.#closed) {
      const page = await this.chain.packetEvents(this.#scanned + 1n, target).catch(() => undefined)
      if (page === undefined) {
        this.#retry = setTimeout(() => this.#wake(), RESULTS_RETRY_MS)
        return
      }
      this.#scanned = page.through
      if (page.events.length === 0) continue
      for (const listener of this.#listeners) listener.onEvents(page.events)
    }
  }
}
