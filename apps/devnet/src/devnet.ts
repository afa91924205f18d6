// The composition: every part of the devnet in this process, started in order, stopped in reverse.
import { join } from 'node:path'
import { startIndexer } from '@causeway/indexer'
import type { Indexer } from '@causeway/indexer'
import { startRelayer } from '@causeway/relayer'
import type { Chain, Relayer } from '@causeway/relayer'
import { openRoutes, relayerEnvironment } from './bridge/open-routes.ts'
import { readTrustedHub } from './bridge/read-trusted-hub.ts'
import { relayerConfig } from './bridge/relayer-config.ts'
import type { RelayerPlaces } from './bridge/relayer-config.ts'
import { ETHEREUM_ADDRESSES, ethereumAccount } from './chains/ethereum-accounts.ts'
import { MAKERS } from './chains/accounts.ts'
import type { CrowdRole } from './chains/accounts.ts'
import { CLIENTS, ETHEREUM, HUB, PORTS, SOLANA, UNIT, USDZ, ZONE } from './chains/facts.ts'
import { hubGenesis, zoneGenesis } from './chains/genesis.ts'
import type { ChainGenesis } from './chains/genesis.ts'
import { writeHome } from './chains/home.ts'
import { startHub, startZone } from './chains/start-chain.ts'
import type { ChainOptions, RunningChain } from './chains/start-chain.ts'
import { deployBridge } from './contracts/deploy-bridge.ts'
import { deployTokens } from './contracts/deploy-tokens.ts'
import { createDeployer } from './contracts/deployer.ts'
import { openSolanaVault } from './contracts/open-solana-vault.ts'
import { solanaGenesis } from './contracts/solana-genesis.ts'
import type { Deployer } from './contracts/deployer.ts'
import { DEPOSITS } from './crowd/deposit.ts'
import { startCrowd } from './crowd/start-crowd.ts'
import type { RunningCrowd } from './crowd/start-crowd.ts'
import { openDatabaseTemplate } from './databases/database-template.ts'
import type { DatabaseTemplate } from './databases/database-template.ts'
import { startEthereum } from './ethereum/start-ethereum.ts'
import type { RunningEthereum } from './ethereum/start-ethereum.ts'
import { formatAmount } from './print/format.ts'
import { attempt } from './process/failure.ts'
import type { Lifecycle } from './process/lifecycle.ts'
import { openLog } from './process/log-file.ts'
import { openOnPort } from './process/ports.ts'
import type { Listening } from './process/ports.ts'
import type { RunFolder } from './process/run-folder.ts'
import { startPrices } from './prices/start-prices.ts'
import type { RunningPrices } from './prices/start-prices.ts'
import type { Printer } from './print/printer.ts'
import { startSolanaCluster } from './solana/start-solana-cluster.ts'
import type { RunningSolana } from './solana/start-solana-cluster.ts'
import type { SentTransfer } from './story/trader.ts'

/** Slots before the start: more than finality takes, so that there is something final to trust at once. */
const PAST_SLOTS = 8
const ETHEREUM_BALANCE = 100n * 10n ** 18n
const TRADER_DOLLARS = 10_000n * UNIT
/** SIMULATED: mainnet's slots are as long, but the root follows 32 slots behind there. */
const SOLANA_TIMES = { slot: 400, rootDepth: 4, slotsPerEpoch: 432 }

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
  readonly ethereum: RunningEthereum
  readonly solana: RunningSolana
  readonly crowd: RunningCrowd
  readonly prices: RunningPrices
  readonly graphqlUrl: string
  readonly metricsUrl: string
}

/**
 * Starts hub, zone, Ethereum, Solana, relayer and indexer, joined by routes, and the crowd. What has been
 * started is closed by the lifecycle.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { base, run, lifecycle } = options
  const log = openLog(run.log('devnet'))
  const databases = openDatabaseTemplate(base, run, lifecycle, ({ message }) =>
    log.warn({ message }, 'no template'),
  )
  const [{ hub, prices }, zone, { ethereum, deployer }, solana] = await Promise.all([
    startHubPart(options),
    startChainPart('zone', zoneGenesis(), PORTS.zone, startZone, options),
    startEthereumPart(options),
    startSolanaPart(options),
  ])
  const places: Places = {
    hubRpcUrl: hub.rpcUrl,
    zoneRpcUrl: zone.rpcUrl,
    ethereum,
    solana,
    folder: run.folder('relayer'),
  }
  const [indexer, relayer] = await Promise.all([
    startIndexerPart(places, databases, options),
    joinChains(places, deployer, databases, options),
  ])
  const crowd = await startCrowdPart(places, options)
  const metricsUrl = `${relayer.url ?? ''}/metrics`
  return { hub, zone, ethereum, solana, crowd, prices, graphqlUrl: indexer.graphqlUrl, metricsUrl }
}

/** Where the parts are that others are joined to. */
type Places = Required<Omit<RelayerPlaces, 'metricsPort'>>

/** With its prices: the first block wants some. */
async function startHubPart(
  options: DevnetOptions,
): Promise<{ readonly hub: RunningChain; readonly prices: RunningPrices }> {
  const { run, lifecycle } = options
  const log = openLog(run.log('prices'))
  const prices = await attempt('start the feeder', run.log('prices'), () =>
    lifecycle.start(
      'prices',
      () => startPrices(log, (error) => lifecycle.interrupt(haltOf('the feeder', error))),
      (part) => part.stop(),
    ),
  )
  const open = (chain: ChainOptions) => startHub(chain, prices)
  return { hub: await startChainPart('hub', hubGenesis(), PORTS.hub, open, options), prices }
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

/** With the tokens on it: the bridge's contracts want to know the hub first. */
async function startEthereumPart({
  run,
  print,
  lifecycle,
}: DevnetOptions): Promise<{ ethereum: RunningEthereum; deployer: Deployer }> {
  const log = openLog(run.log('ethereum'), 'debug')
  const start = () =>
    startEthereum({
      ports: { execution: PORTS.ethereum, beacon: PORTS.beacon },
      network: { chainId: ETHEREUM.evmChainId },
      pastSlots: PAST_SLOTS,
      balances: Object.values(ETHEREUM_ADDRESSES).map((address) => [address, ETHEREUM_BALANCE]),
      log,
      anvilLogPath: run.log('anvil'),
      onHalt: (error) => lifecycle.interrupt(haltOf(ETHEREUM.chainId, error)),
    })
  const ethereum = await attempt('start Ethereum', run.log('anvil'), () =>
    lifecycle.start('ethereum', start, (part) => part.stop()),
  )
  for (const [name, listening] of ethereum.moved) tellPort(name, listening, print)
  ethereum.run()
  const { rpcUrl, network } = ethereum
  const what = 'anvil makes blocks, a sync committee of 512 signs for them'
  const facts = {
    every: `${network.secondsPerSlot} s`,
    final: `after ${network.finalitySlots} slots`,
    rpc: rpcUrl,
  }
  print.step({ who: ETHEREUM.chainId, what, facts })
  const deployer = createDeployer(rpcUrl, ethereumAccount('deployer', rpcUrl))
  await attempt('create the tokens', run.log('anvil'), () =>
    lifecycle.during(deployTokens(deployer, ETHEREUM_ADDRESSES.trader, TRADER_DOLLARS)),
  )
  return { ethereum, deployer }
}

async function startSolanaPart({ run, print, lifecycle }: DevnetOptions): Promise<RunningSolana> {
  const start = () =>
    openOnPort(PORTS.solana, (rpcPort) =>
      startSolanaCluster({ ...SOLANA_TIMES, seed: SOLANA.seed, ...solanaGenesis(TRADER_DOLLARS), rpcPort }),
    )
  const listening = await attempt('start Solana', run.log('devnet'), () =>
    lifecycle.start('solana', start, ({ part }) => part.stop()),
  )
  tellPort('Solana RPC', listening, print)
  const { part } = listening
  const what = 'a local cluster makes slots, four validators vote'
  const facts = { every: `${SOLANA_TIMES.slot} ms`, rpc: part.rpcUrl }
  print.step({ who: SOLANA.chainId, what, facts })
  return part
}

async function startIndexerPart(
  { hubRpcUrl, zoneRpcUrl, ethereum, solana }: Places,
  databases: DatabaseTemplate,
  { run, print, lifecycle }: DevnetOptions,
): Promise<Indexer> {
  const log = openLog(run.log('indexer'))
  const database = join(run.path, 'indexer')
  const config = {
    hub: { chainId: HUB.chainId, rpcUrls: [hubRpcUrl] },
    chains: [{ chainId: ZONE.chainId, rpcUrls: [zoneRpcUrl] }],
    evmChains: [
      {
        chainId: ETHEREUM.chainId,
        rpcUrls: [ethereum.rpcUrl],
        beaconUrls: [ethereum.beaconUrl],
        core: ETHEREUM.contracts.core,
        fromBlock: BigInt(PAST_SLOTS),
      },
    ],
    solanaChains: [
      { chainId: SOLANA.chainId, rpcUrls: [solana.rpcUrl], core: SOLANA.programs.core, fromSlot: 0n },
    ],
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
  print.step({ who: 'indexer', what: 'follows all chains and serves GraphQL' })
  return listening.part
}

/** Creates the clients and the bridge's contracts first: the relayer's configuration names them. */
async function joinChains(
  places: Places,
  deployer: Deployer,
  databases: DatabaseTemplate,
  { run, print, lifecycle }: DevnetOptions,
): Promise<Relayer> {
  const logPath = run.log('relayer')
  const preliminary = { ...places, metricsPort: 0 }
  const deploy = async (hub: Chain) => {
    await deployBridge(deployer, await readTrustedHub(hub))
    const details = { core: deployer.addresses.core, vault: deployer.addresses.vault }
    print.step({ who: ETHEREUM.chainId, what: "holds the bridge's contracts", details })
  }
  const chains = await attempt('create the clients', logPath, () =>
    lifecycle.during(openRoutes(preliminary, deploy, print)),
  )
  const opened = await attempt("open Solana's vault", logPath, () =>
    lifecycle.during(openSolanaVault(places.solana.rpcUrl)),
  )
  print.step({ who: SOLANA.chainId, what: 'the vault takes its lines', details: { tx: opened } })
  const log = openLog(logPath)
  const env = relayerEnvironment(preliminary)
  const start = () =>
    openOnPort(PORTS.metrics, (metricsPort) =>
      startRelayer(relayerConfig({ ...places, metricsPort }), { log, env, chains }),
    )
  const listening = await attempt('start the relayer', logPath, async () => {
    await databases.copyTo(join(places.folder, 'queue')) // where the relayer keeps its queue
    return await lifecycle.start('relayer', start, ({ part }) => part.stop())
  })
  tellPort('metrics', listening, print)
  const clients = `${CLIENTS.zoneOnHub}, ${CLIENTS.ethereumOnHub} and ${CLIENTS.solanaOnHub}`
  print.step({ who: 'relayer', what: `relays over ${clients} of ${HUB.chainId}` })
  return listening.part
}

/** They have deposited when it returns; they trade soon after. */
async function startCrowdPart(
  { hubRpcUrl, zoneRpcUrl }: Places,
  { run, print, lifecycle }: DevnetOptions,
): Promise<RunningCrowd> {
  const onDeposit = (role: CrowdRole, { height, transaction, sequence }: SentTransfer) => {
    const what = `${role} deposits ${formatAmount(DEPOSITS[role], 0)} ${USDZ.base}`
    const facts = { block: String(height), packet: String(sequence) }
    const isMaker = MAKERS.some((maker) => maker === role)
    print.step({ who: ZONE.chainId, what, facts, ...(isMaker ? { details: { tx: transaction } } : {}) })
  }
  const start = () => startCrowd({ hubRpcUrl, zoneRpcUrl, log: openLog(run.log('crowd')), onDeposit })
  const crowd = await lifecycle.start('crowd', start, (part) => part.stop())
  await attempt('let the crowd deposit', run.log('zone'), () => lifecycle.during(crowd.deposited))
  return crowd
}

function tellPort(name: string, { port, instead }: Listening<unknown>, print: Printer): void {
  if (instead !== undefined) print.note(`port ${instead} is taken: ${name} is on port ${port}`)
}

function haltOf(chainId: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`${chainId} has halted: ${reason}`, { cause })
}
