// The composition: every part of the devnet in this process, started in order, stopped in reverse.
import { join } from 'node:path'
import { startIndexer } from '@causeway/indexer'
import type { Indexer } from '@causeway/indexer'
import { startRelayer } from '@causeway/relayer'
import type { Relayer } from '@causeway/relayer'
import { openRoute, relayerEnvironment } from './bridge/open-route.ts'
import type { OpenRoute } from './bridge/open-route.ts'
import { relayerConfig } from './bridge/relayer-config.ts'
import type { RelayerPlaces } from './bridge/relayer-config.ts'
import { HUB, PORTS, ZONE } from './chains/facts.ts'
import { hubGenesis, zoneGenesis } from './chains/genesis.ts'
import type { ChainGenesis } from './chains/genesis.ts'
import { writeHome } from './chains/home.ts'
import { startHub, startZone } from './chains/start-chain.ts'
import type { ChainOptions, RunningChain } from './chains/start-chain.ts'
import { openDatabaseTemplate } from './databases/database-template.ts'
import type { DatabaseTemplate } from './databases/database-template.ts'
import { attempt } from './process/failure.ts'
import type { Lifecycle } from './process/lifecycle.ts'
import { openLog } from './process/log-file.ts'
import { openOnPort } from './process/ports.ts'
import type { Listening } from './process/ports.ts'
import type { RunFolder } from './process/run-folder.ts'
import type { Printer } from './print/printer.ts'

/** What a devnet is started with. */
export interface DevnetOptions {
  /** Where run folders are made; what outlives a run stays here. */
  readonly base: string
  readonly blockMilliseconds: number
  readonly run: RunFolder
  readonly print: Printer
  readonly lifecycle: Lifecycle
}

/** A running devnet: where its parts are. */
export interface Devnet {
  readonly hub: RunningChain
  readonly zone: RunningChain
  readonly clients: OpenRoute['clients']
  readonly graphqlUrl: string
  readonly metricsUrl: string
}

/**
 * Starts hub, zone, relayer and indexer, joined by a route. What has been started is closed by the lifecycle.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { base, run, lifecycle } = options
  const log = openLog(run.log('devnet'))
  const databases = openDatabaseTemplate(base, run, lifecycle, ({ message }) =>
    log.warn({ message }, 'no template'),
  )
  const [hub, zone] = await Promise.all([
    startChainPart('hub', hubGenesis(), PORTS.hub, startHub, options),
    startChainPart('zone', zoneGenesis(), PORTS.zone, startZone, options),
  ])
  const places: Omit<RelayerPlaces, 'metricsPort'> = {
    hubRpcUrl: hub.rpcUrl,
    zoneRpcUrl: zone.rpcUrl,
    folder: run.folder('relayer'),
  }
  const [indexer, { clients, relayer }] = await Promise.all([
    startIndexerPart(places, databases, options),
    joinChains(places, databases, options),
  ])
  return { hub, zone, clients, graphqlUrl: indexer.graphqlUrl, metricsUrl: `${relayer.url ?? ''}/metrics` }
}

async function startChainPart(
  name: 'hub' | 'zone',
  genesis: ChainGenesis,
  preferredPort: number,
  open: (options: ChainOptions) => Promise<RunningChain>,
  { run, print, lifecycle, blockMilliseconds }: DevnetOptions,
): Promise<RunningChain> {
  const home = run.folder(name)
  const log = openLog(run.log(name), 'debug')
  const onHalt = (error: unknown) => lifecycle.interrupt(haltOf(genesis.chainId, error))
  const start = async () => {
    writeHome(home, genesis, new Date())
    return await openOnPort(preferredPort, (port) => open({ home, port, blockMilliseconds, log, onHalt }))
  }
  const listening = await attempt(`start ${genesis.chainId}`, run.log(name), () =>
    lifecycle.start(name, start, ({ part }) => part.stop()),
  )
  tellPort(name, listening, print)
  const { part } = listening
  const what = name === 'hub' ? 'the hub makes blocks' : 'a Cosmos zone makes blocks'
  await attempt(`make blocks on ${genesis.chainId}`, run.log(name), () => lifecycle.during(part.provable))
  print.step({ who: genesis.chainId, what, facts: { every: `${blockMilliseconds} ms`, rpc: part.rpcUrl } })
  return part
}

async function startIndexerPart(
  { hubRpcUrl, zoneRpcUrl }: Pick<RelayerPlaces, 'hubRpcUrl' | 'zoneRpcUrl'>,
  databases: DatabaseTemplate,
  { run, print, lifecycle }: DevnetOptions,
): Promise<Indexer> {
  const log = openLog(run.log('indexer'))
  const database = join(run.path, 'indexer')
  const config = {
    hub: { chainId: HUB.chainId, rpcUrls: [hubRpcUrl] },
    chains: [{ chainId: ZONE.chainId, rpcUrls: [zoneRpcUrl] }],
    database,
    graphiql: true,
    pollMs: 250,
  }
  const start = () => openOnPort(PORTS.graphql, (port) => startIndexer({ ...config, port }, { log }))
  const listening = await attempt('start the indexer', run.log('indexer'), async () => {
    await databases.copyTo(database)
    return await lifecycle.start('indexer', start, ({ part }) => part.stop())
  })
  tellPort('GraphQL', listening, print)
  print.step({ who: 'indexer', what: 'follows both chains and serves GraphQL' })
  return listening.part
}

/** Creates the clients first: the relayer's configuration names them. */
async function joinChains(
  places: Omit<RelayerPlaces, 'metricsPort'>,
  databases: DatabaseTemplate,
  { run, print, lifecycle }: DevnetOptions,
): Promise<{ clients: OpenRoute['clients']; relayer: Relayer }> {
  const logPath = run.log('relayer')
  const preliminary = { ...places, metricsPort: 0 }
  const { chains, clients } = await attempt('create the clients', logPath, () =>
    lifecycle.during(openRoute(preliminary, print)),
  )
  const log = openLog(logPath)
  const env = relayerEnvironment(preliminary)
  const start = () =>
    openOnPort(PORTS.metrics, (metricsPort) =>
      startRelayer(relayerConfig({ ...places, metricsPort }, clients), { log, env, chains }),
    )
  const listening = await attempt('start the relayer', logPath, async () => {
    await databases.copyTo(join(places.folder, 'queue')) // where the relayer keeps its queue
    return await lifecycle.start('relayer', start, ({ part }) => part.stop())
  })
  tellPort('metrics', listening, print)
  print.step({ who: 'relayer', what: `relays between ${clients.onHub} on both chains` })
  return { clients, relayer: listening.part }
}

function tellPort(name: string, { port, instead }: Listening<unknown>, print: Printer): void {
  if (instead !== undefined) print.note(`port ${instead} is taken: ${name} is on port ${port}`)
}

function haltOf(chainId: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`${chainId} has halted: ${reason}`, { cause })
}
