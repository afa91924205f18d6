// Programs that follow a beacon chain, beside a node that lies: they pass it over and go on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startEthereum, type RunningEthereum } from '@causeway/devnet'
import { startIndexer, type IndexerConfigInput } from '@causeway/indexer'
import { checkConfig, openEvmChain, openEvmWallet, type Chain, type EvmChainConfig } from '@causeway/relayer'
import { LIES, openLyingBeacon, type LyingBeacon } from './lying-beacon.ts'

const CHAIN = 'eip155:31337'
const CORE = `0x${'c0'.repeat(20)}`
const silent = pino({ level: 'silent' })
const wallet = openEvmWallet(
  'test test test test test test test test test test test junk',
  "m/44'/60'/0'/0/0",
)

let folder: string
let ethereum: RunningEthereum
let liar: LyingBeacon

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lying-beacon-'))
  ethereum = await openEthereum('honest', 4)
  liar = await openLyingBeacon(ethereum.beaconUrl)
  await slots(ethereum, 12)
})

afterEach(() => {
  liar.lie = (_, answer) => answer
})

afterAll(async () => {
  await liar.close()
  await ethereum.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(Object.keys(LIES))('a node that tells %s', (name) => {
  it('first: the relayer begins with the second', async () => {
    const chain = openChain([liar.url, ethereum.beaconUrl])
    liar.lie = LIES[name]!
    expect((await chain.head()).height).toBe(await finalSlot(ethereum))
    expect((await chain.clientSeed({})).chainId).toBe(CHAIN)
  })

  it('later: the relayer has committees and finality from the second', async () => {
    const chain = openChain([liar.url, ethereum.beaconUrl])
    const before = await chain.head()
    liar.lie = LIES[name]!
    await slots(ethereum, 24) // into the next period but one
    const head = await chain.head()
    expect(head.height).toBe(await finalSlot(ethereum))
    expect(head.height).toBeGreaterThan(before.height)
    const updates = await chain.clientUpdates({ ...VIEW, latestHeight: before.height }, head.height)
    expect(updates.length).toBeGreaterThanOrEqual(2)
    expect(await chain.findMisbehaviour(VIEW, [])).toEqual([])
  })
})

describe('the indexer', () => {
  it('goes on with the second node when the first lies, from the beginning and later', async () => {
    liar.lie = LIES['another network']!
    const evm = {
      ...{ chainId: CHAIN, rpcUrls: [ethereum.rpcUrl], core: CORE, fromBlock: 1n },
      beaconUrls: [liar.url, ethereum.beaconUrl],
    }
    const hub = { chainId: 'causeway-1', rpcUrls: ['http://127.0.0.1:9'] }
    const config: IndexerConfigInput = { hub, evmChains: [evm], database: 'memory', pollMs: 20 }
    const indexer = await startIndexer(config, { log: silent, nowMs: clockOf(ethereum) })
    const isAtFinal = async () => {
      const own = indexer.meta().chains.find(({ chainId }) => chainId === CHAIN)
      return own?.indexedHeight === (await finalBlock(ethereum))
    }
    try {
      await expect.poll(isAtFinal, { timeout: 20_000 }).toBe(true)
      for (const lie of ['an update that names another committee', 'finality that nobody signed']) {
        liar.lie = LIES[lie]!
        await slots(ethereum, 24)
        await expect.poll(isAtFinal, { timeout: 20_000 }).toBe(true)
      }
    } finally {
      await indexer.stop()
    }
  })
})

describe('a relayer that first believed a chain that somebody made up', () => {
  it('begins again at the block that its client trusts', async () => {
    // The same blocks, other committees: with epochs of its own, nobody's signature fits the other chain.
    const madeUp = await openEthereum('made-up', 8)
    try {
      await slots(madeUp, 12)
      const chain = openChain([madeUp.beaconUrl, ethereum.beaconUrl])
      const believed = await chain.head()
      expect(believed.height).toBe(await finalSlot(madeUp))
      const trusted = { latestHeight: await finalSlot(ethereum), beaconRoot: await finalRoot(ethereum) }
      const view = { ...VIEW, ...trusted }
      await slots(ethereum, 20)
      await expect(chain.clientUpdates(view, believed.height)).rejects.toThrow('is not in memory')
      const head = await chain.head()
      expect(head.height).toBe(await finalSlot(ethereum))
      expect((await chain.clientUpdates(view, head.height)).length).toBeGreaterThanOrEqual(2)
    } finally {
      await madeUp.stop()
    }
  })

  it('stays where it is when no node has that block', async () => {
    const chain = openChain([ethereum.beaconUrl])
    const head = await chain.head()
    const view = { ...VIEW, latestHeight: head.height - 1n, beaconRoot: new Uint8Array(32) }
    expect(await chain.clientUpdates(view, head.height)).toHaveLength(1)
  })
})

/** A client of the chain that knows no committee but its own period's. */
const VIEW = {
  ...{ clientId: 'ethereum-0', clientType: 'ethereum' as const, chainId: CHAIN, status: 'Active' as const },
  ...{ revisionNumber: 0n, latestHeight: 1n, latestTimeNanoseconds: 0n, trustingPeriodNanoseconds: 0n },
  knowsNextCommittee: false,
}

async function openEthereum(name: string, epochsPerSyncCommitteePeriod: number): Promise<RunningEthereum> {
  return await startEthereum({
    ports: { execution: 0, beacon: 0 },
    network: { slotsPerEpoch: 4, epochsPerSyncCommitteePeriod },
    pastSlots: 16,
    balances: [],
    log: silent,
    anvilLogPath: join(folder, `${name}.log`),
    onHalt: (error) => {
      throw error
    },
  })
}

function openChain(beacon: string[]): Chain {
  const chain = { id: CHAIN, type: 'evm' as const, rpc: [ethereum.rpcUrl], beacon, contract: CORE }
  const config = checkConfig({ chains: [{ ...chain, key: { env: 'KEY' } }] })
  return openEvmChain(config.chains[0] as EvmChainConfig, wallet, clockOf(ethereum))
}

/** A chain's own clock: slots are made as fast as they can be. */
function clockOf({ network, chain }: RunningEthereum): () => number {
  return () => (network.genesisTimeSeconds + chain.head.slot * network.secondsPerSlot) * 1000
}

async function slots({ chain, producer }: RunningEthereum, count: number): Promise<void> {
  const first = chain.head.slot + 1
  for (let slot = first; slot < first + count; slot++) await producer.produce(slot)
}

async function finalHeader({ beaconUrl }: RunningEthereum): Promise<FinalHeader> {
  const answer = await fetch(`${beaconUrl}/eth/v1/beacon/light_client/finality_update`)
  const { data } = (await answer.json()) as { data: { finalized_header: FinalHeader } }
  return data.finalized_header
}

interface FinalHeader {
  readonly beacon: { readonly slot: string }
  readonly execution: { readonly block_number: string }
}

const finalSlot = async (chain: RunningEthereum) => BigInt((await finalHeader(chain)).beacon.slot)
const finalBlock = async (chain: RunningEthereum) => BigInt((await finalHeader(chain)).execution.block_number)

async function finalRoot({ beaconUrl }: RunningEthereum): Promise<Uint8Array> {
  const answer = await fetch(`${beaconUrl}/eth/v1/beacon/headers/finalized`)
  const { data } = (await answer.json()) as { data: { root: string } }
  return Buffer.from(data.root.slice(2), 'hex')
}
