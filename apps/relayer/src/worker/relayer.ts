import type { Logger } from 'pino'

import type { Chain } from '../chain.ts'
import type { RelayerConfig, RouteConfig } from '../config/schema.ts'
import { asRelayError, RelayError } from '../errors.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { serveMetrics } from '../metrics/server.ts'
import { isSetAside } from '../plan/retry-strategy.ts'
import { packetId } from '../plan/work.ts'
import { openDatabase } from '../queue/database.ts'
import { openJournal } from '../queue/journal.ts'
import type { Journal } from '../queue/journal.ts'
import { createMemoryJournal } from '../queue/memory-journal.ts'
import { checkRoutes } from './check-routes.ts'
import { Guard } from './guard.ts'
import { Lane } from './lane.ts'
import { Route } from './route.ts'
import type { RouteEnd } from './route.ts'
import { ChainWatcher } from './watcher.ts'

/** What the composition hands in. */
export interface RelayerDeps {
  readonly log: Logger
  /** Chains by id, opened with their wallets. */
  readonly chains: ReadonlyMap<string, Chain>
  readonly nowMs: () => number
  /** Postgres; else the configured folder. */
  readonly databaseUrl?: string | undefined
  /** Memory only when the folder is in use: for one-shot commands beside a running relayer. */
  readonly mayShareChains?: boolean
  readonly serve?: boolean
  readonly dryRun?: boolean
  /** Keeps the queue in memory, whatever the configuration says. */
  readonly inMemory?: boolean
  /** Relays this packet only, by its name `sourceClient/sequence`. */
  readonly onlyPacket?: string | undefined
}

/** A running relayer. */
export interface Relayer {
  /** Address of `/metrics`, `/health`, `/ready`; undefined when it serves nothing. */
  readonly url: string | undefined
  readonly metrics: Metrics
  readonly journal: Journal
  readonly routes: readonly Route[]
  /** Why it is not ready; empty when it is. */
  unreadiness(): readonly string[]
  /** Relays until nothing is pending on any route; the packets that stay (set aside) by id. */
  clear(timeoutMs: number): Promise<{ readonly left: readonly string[] }>
  /** Ends the flights in the air, writes the queue and closes everything. */
  stop(): Promise<void>
}

/**
 * Checks the routes, opens the queue, follows the chains and relays on every route until stopped. Throws
 * `RelayError` (config) when a route can't work.
 */
export async function runRelayer(config: RelayerConfig, deps: RelayerDeps): Promise<Relayer> {
  await checkRoutes(config.routes, deps.chains, deps.log)
  const journal = await openQueue(config, deps)
  const metrics = createMetrics()
  const watchers = new Map<string, ChainWatcher>()
  for (const [id, chain] of deps.chains) watchers.set(id, new ChainWatcher(chain, deps.log, deps.nowMs))
  const routes: Route[] = []
  const parts: (() => Promise<void>)[] = [() => journal.close()]
  const stop = async () => {
    for (const close of parts.splice(0).reverse()) await close()
  }
  try {
    for (const route of config.routes)
      routes.push(await openRoute(route, config, watchers, metrics, journal, deps))
    const guard = new Guard({
      watchers: [...watchers.values()],
      routes,
      metrics,
      config,
      log: deps.log,
      nowMs: deps.nowMs,
    })
    parts.push(async () => {
      guard.close()
      for (const watcher of watchers.values()) watcher.close()
      await Promise.all(routes.flatMap((route) => route.lanes.map((lane) => lane.close())))
    })
    const server =
      deps.serve === true
        ? await serveMetrics(config.metrics, metrics.registry, () => guard.unreadiness())
        : undefined
    if (server !== undefined) parts.push(() => server.close())
    for (const watcher of watchers.values()) watcher.start()
    guard.start()
    deps.log.info({ routes: routes.length, chains: watchers.size, url: server?.url }, 'relayer started')
    return {
      url: server?.url,
      metrics,
      journal,
      routes,
      unreadiness: () => guard.unreadiness(),
      clear: (timeoutMs) => clear(routes, timeoutMs, deps.nowMs),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openQueue(config: RelayerConfig, deps: RelayerDeps): Promise<Journal> {
  const settings = { url: deps.databaseUrl, folder: config.database.folder }
  if (deps.dryRun === true || deps.inMemory === true) return createMemoryJournal()
  try {
    return await openJournal(await openDatabase(settings, deps.log), deps.log)
  } catch (error) {
    const isHeld = error instanceof RelayError && /another relayer is running/.test(error.message)
    if (!isHeld || deps.mayShareChains !== true) throw error
    deps.log.warn('a relayer is running on this database: working from the chains alone')
    return createMemoryJournal()
  }
}

async function openRoute(
  route: RouteConfig,
  config: RelayerConfig,
  watchers: ReadonlyMap<string, ChainWatcher>,
  metrics: Metrics,
  journal: Journal,
  deps: RelayerDeps,
): Promise<Route> {
  const lanes: { a?: Lane; b?: Lane } = {}
  const makeLane = (side: 'a' | 'b', peer: 'a' | 'b') => {
    const own = config.chains.find((chain) => chain.id === route[side].chain)
    const target = watchers.get(route[side].chain)
    const proving = watchers.get(route[peer].chain)
    if (own === undefined || target === undefined || proving === undefined) {
      throw new RelayError('config', 'never', `route ${route.name} names a chain that is not open`)
    }
    return new Lane({
      name: `${route.name}/${route[side].chain}`,
      route: route.name,
      target,
      proving,
      targetClient: route[side].client,
      limits: { messagesMax: own.batch.messages, bytesMax: own.batch.bytes, gasMax: own.gas.max },
      gas: own.gas,
      filter: {
        ...route.filter,
        amountMinByDenom: new Map(Object.entries(route.filter.minimumAmounts)),
        only: deps.onlyPacket,
      },
      refreshAtPercent: route.refreshAtPercent,
      pendingMax: route.pendingMax,
      dryRun: deps.dryRun === true,
      journal,
      metrics,
      log: deps.log,
      nowMs: deps.nowMs,
      onExpired: (work) => {
        const opposite = lanes[peer]
        // Not provable before the proving chain's clock has passed the timeout; its height says nothing.
        opposite?.add({
          ...work,
          kind: 'timeout',
          eventHeight: 0n,
          attempts: 0,
          notBeforeMs: 0n,
          apart: false,
        })
        opposite?.wake()
      },
    })
  }
  const [a, b] = [makeLane('a', 'b'), makeLane('b', 'a')]
  Object.assign(lanes, { a, b })
  for (const lane of [a, b]) for (const work of await journal.open(lane.options.name)) lane.add(work)
  const end = (side: 'a' | 'b', lane: Lane): RouteEnd => ({
    watcher: lane.options.target,
    client: route[side].client,
    lane,
  })
  return new Route({
    name: route.name,
    a: end('a', a),
    b: end('b', b),
    metrics,
    log: deps.log,
    nowMs: deps.nowMs,
  })
}

/**
 * Looks, relays and looks again, until a look finds nothing (or only what was set aside). Throws `RelayError`
 * when the time is up and a look failed, or found packets whose events are in no index.
 */
async function clear(
  routes: readonly Route[],
  timeoutMs: number,
  nowMs: () => number,
): Promise<{ left: string[] }> {
  const deadline = nowMs() + timeoutMs
  for (;;) {
    const looks = await Promise.allSettled(routes.map((route) => route.rescan()))
    const works = routes.flatMap((route) => route.lanes.flatMap((lane) => lane.works))
    const failed = looks.find((look) => look.status === 'rejected')
    const pending = looks.reduce((sum, look) => sum + (look.status === 'fulfilled' ? look.value : 0), 0)
    if (failed === undefined && pending === 0 && works.length === 0) return { left: [] }
    const isStuck =
      failed === undefined && works.length > 0 && works.every((work) => isSetAside(work.attempts))
    if (isStuck || nowMs() > deadline) {
      if (failed !== undefined) throw asRelayError(failed.reason)
      if (works.length === 0) throw eventsMissing(pending)
      return { left: [...new Set(works.map((work) => packetId(work.packet)))] }
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function eventsMissing(pending: number): RelayError {
  const what = `${pending} packets are pending and no endpoint's index has their events`
  return new RelayError('endpoint', 'later', `${what}: add an endpoint that keeps them`)
}
