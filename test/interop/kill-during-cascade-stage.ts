import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testAddress } from '@causeway/devnet'
import {
  HUB_CHAIN_ID,
  createHubApplication,
  createZoneApplication,
  startEmbeddedNode,
  verifyNatively,
  writeCascadeHome,
} from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { openLmdbStorage } from '@causeway/state-tree'
import { provable } from './chain-queries.ts'
import { Part, prepareParts, runCli } from './devnet-parts.ts'
import type { DevnetParts } from './devnet-parts.ts'
import { writeFall } from './kill-during-cascade-prices.ts'
import { freePort, waitFor } from './processes.ts'

/** The zone's chain id. */
export const ZONE = 'zone-1'
/** The relayer's client of the zone on the hub: the genesis of the cascade has one of another chain. */
export const ON_HUB = '07-tendermint-1'
/** Its client of the hub on the zone. */
export const ON_ZONE = '07-tendermint-0'
/** The line on the hub of what the zone sends. */
export const LINE = `transfer/${ON_HUB}/uusd`

/** The devnet's parts on a hub whose accounts fail when prices fall. */
export interface CascadeStage extends DevnetParts {
  /** A second node of the hub: it executes what the first one serves. */
  readonly replica: Part
  /** The accounts that have little cash. */
  readonly failing: readonly string[]
  /** Prices fall from now on until they are so many hundredths of a percent below the first ones. */
  fallTo(bps: bigint): Promise<void>
  height(): Promise<bigint>
  /** Starts all parts, with a route between hub and zone. */
  start(): Promise<void>
  /**
   * Ends all parts but the replica; hub and zone go on here, on their ports and with what they had, and make
   * no more blocks.
   */
  quieten(): Promise<QuietChains>
  /** Ends all parts. */
  kill(): Promise<void>
}

/** Hub and zone in this process. */
export interface QuietChains {
  readonly hub: EmbeddedNode
  readonly zone: EmbeddedNode
  readonly application: ReturnType<typeof createHubApplication>
  stop(): Promise<void>
}

/** Writes homes and configuration into a folder; starts nothing. */
export async function prepareCascade(folder: string): Promise<CascadeStage> {
  const nowSeconds = BigInt(Math.floor(Date.now() / 1000))
  const parts = await prepareParts(folder)
  const home = join(folder, 'cascade')
  const failing = writeHome(home, nowSeconds)
  configureRelayer(parts.relayerConfig)
  const fallFile = join(folder, 'fall.json')
  writeFall(fallFile, 0n, 0n, 0n)
  const { hubRpcUrl, zoneRpcUrl } = parts
  const [hubPort, replicaPort] = [new URL(hubRpcUrl).port, String(await freePort())]
  const program = (name: string) => join(import.meta.dirname, `kill-during-cascade-${name}.ts`)
  const nodeArguments = [home, `${nowSeconds}`, hubPort, fallFile]
  const hub = new Part('hub', folder, `${hubRpcUrl}/status`, nodeArguments, program('node'))
  const replicaArguments = [join(folder, 'replica'), hubRpcUrl, replicaPort]
  const replicaUrl = `http://127.0.0.1:${replicaPort}`
  const replica = new Part('replica', folder, replicaUrl, replicaArguments, program('replica'))
  const all = [parts.zone, hub, replica, parts.relayer, parts.indexer]
  let fallenBps = 0n
  const height = () => heightAt(hubRpcUrl)
  return {
    ...{ ...parts, hub, hubHome: home, replica, failing, height },
    async fallTo(bps) {
      writeFall(fallFile, await height(), fallenBps, bps)
      fallenBps = bps
    },
    async start() {
      hub.start()
      parts.zone.start()
      await Promise.all([provable(hubRpcUrl), provable(zoneRpcUrl)])
      await runCli('relayer', 'client', 'create', HUB_CHAIN_ID, ZONE, '-c', parts.relayerConfig)
      for (const part of [replica, parts.relayer, parts.indexer]) part.start()
    },
    async kill() {
      await Promise.all(all.map((part) => part.kill()))
    },
    async quieten() {
      await Promise.all(all.filter((part) => part !== replica).map((part) => part.kill()))
      return await quietChains({ home, zoneHome: join(folder, 'zone'), hubRpcUrl, zoneRpcUrl })
    },
  }
}

/** The genesis of the cascade, with the zone's token and with fees for whoever sends; gives who may fail. */
function writeHome(home: string, nowSeconds: bigint): string[] {
  const genesis = writeCascadeHome(home, nowSeconds)
  const { ledger, accounts, ...rest } = genesis.app_state as {
    ledger: { balances: object[] }
    accounts: { accounts: { address: string }[] }
  }
  const [relayer, trader] = [testAddress('relayer', 'cway'), testAddress('trader', 'cway')]
  const fees = [relayer, trader].map((holder) => ({ holder, denom: 'ucway', amount: '1000000000000' }))
  const listings = [{ creator: relayer, chainId: ZONE, base: 'uusd', asset: 'usdz' }]
  const gasPrices = [{ denom: 'ucway', priceE9: '1000000' }]
  const state = {
    ...rest,
    accounts: { ...accounts, gasPrices },
    ledger: { ...ledger, listings, balances: [...ledger.balances, ...fees] },
  }
  writeFileSync(join(home, 'config', 'genesis.json'), JSON.stringify({ ...genesis, app_state: state }))
  return accounts.accounts.slice(-20).map(({ address }) => address)
}

/** The route is over the hub's second client; a busy machine may answer late. */
function configureRelayer(path: string): void {
  const config = JSON.parse(readFileSync(path, 'utf8')) as {
    chains: { requestTimeout?: string }[]
    routes: { a: { client: string } }[]
  }
  for (const chain of config.chains) chain.requestTimeout = '60s'
  config.routes[0]!.a.client = ON_HUB
  writeFileSync(path, JSON.stringify(config))
}

async function quietChains(places: {
  home: string
  zoneHome: string
  hubRpcUrl: string
  zoneRpcUrl: string
}): Promise<QuietChains> {
  const { home, zoneHome, hubRpcUrl, zoneRpcUrl } = places
  const options = (of: string) => ({
    storage: openLmdbStorage(join(of, 'data', 'application')),
    verifySignatures: verifyNatively,
    keepVersions: 3_600n,
  })
  const application = createHubApplication({
    ...{ ...options(home), chainId: HUB_CHAIN_ID, priceSource: () => [] },
  })
  const zoneApplication = createZoneApplication({
    ...{ ...options(zoneHome), chainId: ZONE, name: 'zone', bech32Prefix: 'zone' },
  })
  const start = (of: string, url: string, its: typeof application) =>
    startEmbeddedNode({
      ...{ application: its, home: of, blocks: 'onDemand' as const },
      rpc: { host: '127.0.0.1', port: Number(new URL(url).port) },
    })
  const hub = await start(home, hubRpcUrl, application)
  const zone = await start(zoneHome, zoneRpcUrl, zoneApplication)
  const stop = async () => {
    await hub.stop()
    await zone.stop()
  }
  return { hub, zone, application, stop }
}

/** The newest block, however long the node takes to be there again. */
function heightAt(rpcUrl: string): Promise<bigint> {
  const ask = async () => {
    const response = await fetch(`${rpcUrl}/status`)
    const { result } = (await response.json()) as { result: { sync_info: { latest_block_height: string } } }
    return BigInt(result.sync_info.latest_block_height)
  }
  return waitFor('the hub', ask, 240_000)
}
