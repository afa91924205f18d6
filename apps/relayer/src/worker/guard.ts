import type { Logger } from 'pino'

import type { EndpointReport } from '../chain.ts'
import type { RelayerConfig } from '../config/schema.ts'
import { asRelayError } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Lane } from './lane.ts'
import type { Route } from './route.ts'
import type { ChainWatcher } from './watcher.ts'

/** What the guard watches over. */
export interface GuardOptions {
  readonly watchers: readonly ChainWatcher[]
  readonly routes: readonly Route[]
  readonly metrics: Metrics
  readonly config: RelayerConfig
  readonly log: Logger
  readonly nowMs: () => number
}

const PROBE_EVERY_MS = 5_000
const BALANCE_EVERY_PROBES = 12
/** A lane that failed this often in a row makes no progress. */
const FAILURES_BEFORE_UNREADY = 4

/**
 * The slow rounds beside relaying: endpoints, balances, rescans, equivocation; and the judgement of
 * readiness.
 */
export class Guard {
  readonly #options: GuardOptions
  readonly #reports = new Map<string, readonly EndpointReport[]>()
  readonly #frozen = new Set<Lane>()
  /** The greatest height of each lane's client whose state was compared with the chain's endpoints. */
  readonly #compared = new Map<Lane, bigint>()
  #timer: NodeJS.Timeout | undefined
  #round = 0
  #closed = false

  constructor(options: GuardOptions) {
    this.#options = options
  }

  start(): void {
    void this.#probe()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /**
   * Reasons for not being ready: stale endpoints, halted chains, routes not looked at yet or making no
   * progress.
   */
  unreadiness(): string[] {
    const { watchers, routes, nowMs } = this.#options
    const reasons: string[] = []
    for (const watcher of watchers) {
      const id = watcher.chain.chainId
      const reports = this.#reports.get(id)
      if (reports === undefined || watcher.head === undefined) reasons.push(`chain ${id}: not seen yet`)
      else
        for (const one of reports) if (!one.isFresh) reasons.push(`chain ${id}: endpoint ${one.url} is stale`)
      if (watcher.head !== undefined && watcher.headAgeMs > this.#staleAfterMs(id))
        reasons.push(`chain ${id}: halted`)
    }
    for (const route of routes) {
      const { name } = route.options
      if (nowMs() - route.rescannedAtMs > 3 * this.#rescanMs(name))
        reasons.push(`route ${name}: not looked at lately`)
      for (const lane of route.lanes) {
        if (lane.failures < FAILURES_BEFORE_UNREADY) continue
        const to = lane.options.target.chain.chainId
        reasons.push(`route ${name}: no progress to ${to} (${lane.lastError?.failure ?? 'unknown'})`)
      }
      for (const lane of route.lanes) {
        const status = lane.client?.status ?? 'Active'
        if (status !== 'Active')
          reasons.push(`route ${name}: client ${lane.options.targetClient} is ${status}`)
      }
    }
    return reasons
  }

  async #probe(): Promise<void> {
    const { watchers, routes, log } = this.#options
    await Promise.all(watchers.map((watcher) => this.#probeChain(watcher)))
    for (const route of routes) await this.#lookAfter(route)
    this.#round += 1
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#probe().catch((error: unknown) =>
        log.error({ error: asRelayError(error).message }, 'guard round failed'),
      )
    }, PROBE_EVERY_MS)
  }

  async #probeChain({ chain, head }: ChainWatcher): Promise<void> {
    const { metrics } = this.#options
    const reports = await chain.probe().catch(() => [])
    this.#reports.set(chain.chainId, reports)
    metrics.freshEndpoints(chain.chainId, reports.filter((one) => one.isFresh).length, reports.length)
    if (head !== undefined) metrics.height(chain.chainId, Number(head.height))
    if (this.#round % BALANCE_EVERY_PROBES !== 0) return
    const balance = await chain.balance().catch(() => undefined)
    if (balance !== undefined) metrics.balance(chain.chainId, balance.denom, Number(balance.amount))
  }

  async #lookAfter(route: Route): Promise<void> {
    const { log, nowMs } = this.#options
    const { name } = route.options
    if (nowMs() - route.rescannedAtMs >= this.#rescanMs(name)) {
      await route.rescan().catch((error: unknown) => {
        const { failure, message } = asRelayError(error)
        log.warn({ route: name, failure, error: message }, 'look at pending packets failed')
      })
    }
    for (const lane of route.lanes) {
      await this.#checkEquivocation(lane).catch((error: unknown) => {
        log.warn({ lane: lane.options.name, error: asRelayError(error).message }, 'equivocation check failed')
      })
    }
  }

  /**
   * Endpoints that disagree on a header, or with what the client accepted, are shown to the client at once:
   * if both are signed, it freezes.
   */
  async #checkEquivocation(lane: Lane): Promise<void> {
    const { proving, target, targetClient, name, route } = lane.options
    const { client } = lane
    if (client?.status !== 'Active' || this.#frozen.has(lane)) return
    const above = this.#compared.get(lane) ?? client.latestHeight - 1n
    const accepted = await target.chain.acceptedStates(client, above)
    const evidence = await proving.chain.findMisbehaviour(client, accepted)
    if (evidence.length === 0) {
      const [newest] = accepted
      if (newest !== undefined) this.#compared.set(lane, newest.height)
      return
    }
    this.#options.log.error(
      { lane: name, chain: proving.chain.chainId },
      'endpoints disagree: submitting misbehaviour',
    )
    const [outcome] = await target.chain.submit({ clientId: targetClient, updates: evidence, batches: [] })
    if (outcome?.error !== undefined) {
      this.#options.log.error(
        { lane: name, error: outcome.error.message },
        'misbehaviour refused: an endpoint lies',
      )
      return
    }
    this.#frozen.add(lane)
    this.#options.metrics.submitted(route, target.chain.chainId, 'misbehaviour')
    lane.wake()
  }

  #staleAfterMs(chainId: string): number {
    return Number(this.#options.config.chains.find((one) => one.id === chainId)?.staleAfter ?? 60_000n)
  }

  #rescanMs(route: string): number {
    return Number(this.#options.config.routes.find((one) => one.name === route)?.rescan ?? 60_000n)
  }
}
