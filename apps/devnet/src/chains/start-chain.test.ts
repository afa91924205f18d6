import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '../process/log-file.ts'
import { testAddress } from './accounts.ts'
import { ETHEREUM, HUB, SOL, SOLANA, SOLANA_DOLLAR, ZONE } from './facts.ts'
import { hubGenesis, zoneGenesis } from './genesis.ts'
import { writeHome } from './home.ts'
import { startHub, startZone } from './start-chain.ts'
import type { ChainOptions, RunningChain } from './start-chain.ts'

let folder: string
let running: RunningChain[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devnet-chain-'))
  running = []
})

afterEach(async () => {
  for (const chain of running) await chain.stop()
  rmSync(folder, { recursive: true, force: true })
})

const sources = {
  priceSource: () => [
    { asset: 4n, priceE9: 3_000_000_000_000n, publishTimeSeconds: BigInt(Math.floor(Date.now() / 1_000)) },
  ],
  surfaceSource: () => [],
}
const chains = [
  {
    ...{ name: 'hub', chainId: HUB.chainId, genesis: hubGenesis },
    start: (options: ChainOptions) => startHub(options, sources),
  },
  { name: 'zone', chainId: ZONE.chainId, genesis: zoneGenesis, start: startZone },
] as const

async function run(
  { name, genesis, start }: (typeof chains)[number],
  { halts = [], genesisTime = new Date() }: { halts?: unknown[]; genesisTime?: Date } = {},
): Promise<RunningChain> {
  const home = join(folder, name)
  writeHome(home, genesis(), genesisTime)
  const log = openLog(join(folder, `${name}.log`))
  const chain = await start({
    home,
    port: 0,
    blockMilliseconds: 20,
    log,
    onHalt: (error) => halts.push(error),
  })
  running.push(chain)
  return chain
}

describe.each(chains)('the $name', (chain) => {
  it('makes provable blocks on the loopback interface, and says so in its log', async () => {
    const { chainId, rpcUrl, provable, node } = await run(chain)
    expect(chainId).toBe(chain.chainId)
    expect(rpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await provable
    expect(node.height()).toBeGreaterThanOrEqual(2n)
    expect(readFileSync(join(folder, `${chain.name}.log`), 'utf8')).toContain('"msg":"started"')
  })

  it('goes on from where it was, with the same key and genesis', async () => {
    const first = await run(chain)
    await first.provable
    await first.stop()
    const height = first.node.height()
    const halts: unknown[] = []
    const second = await run(chain, { halts })
    expect(second.node.height()).toBe(height)
    const next = await new Promise<bigint>((resolve) => second.node.onBlock((block) => resolve(block.height)))
    expect(next).toBe(height + 1n)
    await second.provable // at once: it was provable before
    expect(halts).toEqual([])
  })
})

describe('the prices of the hub', () => {
  it('are taken when they were published now, however long ago the block before was', async () => {
    const minuteAgo = new Date(Date.now() - 60_000)
    const { rpcUrl, provable } = await run(chains[0], { genesisTime: minuteAgo })
    await provable
    const response = await fetch(`${rpcUrl}/block_results?height=2`)
    const { result } = (await response.json()) as {
      result: { finalize_block_events: { type: string }[] | null }
    }
    const types = (result.finalize_block_events ?? []).map(({ type }) => type)
    expect(types).toContain('causeway.oracle.v1.price')
  })
})

describe('a home', () => {
  it('keeps its validator key to itself and names it in the genesis', () => {
    writeHome(folder, zoneGenesis(), new Date(0))
    const keyPath = join(folder, 'config', 'priv_validator_key.json')
    expect(statSync(keyPath).mode & 0o077).toBe(0)
    const key = JSON.parse(readFileSync(keyPath, 'utf8')) as { address: string }
    const genesis = JSON.parse(readFileSync(join(folder, 'config', 'genesis.json'), 'utf8')) as {
      chain_id: string
      genesis_time: string
      validators: { address: string }[]
    }
    expect(genesis.validators.map(({ address }) => address)).toEqual([key.address])
    expect(genesis).toMatchObject({ chain_id: 'zone-1', genesis_time: '1970-01-01T00:00:00.000Z' })
  })
})

describe('the genesis of the hub', () => {
  it("lists the chains' tokens for the relayer's clients, with haircuts, and wants votes with prices", () => {
    const { appState: stateOf, consensusParams } = hubGenesis()
    const one = new Uint8Array(32).fill(1)
    const appState = stateOf({ consensusKey: one, blsSecret: one })
    const creator = testAddress('relayer', HUB.prefix)
    const { usdc, wrappedEther, core: contract } = ETHEREUM.contracts
    const ethereum = { creator, clientType: 'ethereum', chainId: 'eip155:31337', contract }
    const solana = {
      ...{ creator, clientType: 'solana', chainId: SOLANA.chainId, contract: SOLANA.programs.core },
    }
    expect(appState).toMatchObject({
      ledger: {
        listings: [
          { creator, chainId: 'zone-1', base: 'uusd', asset: 'usdz' },
          { ...ethereum, base: usdc, asset: 'usdc' },
          { ...ethereum, base: wrappedEther, asset: 'eth' },
          { ...solana, base: SOLANA_DOLLAR.base, asset: 'usdc' },
          { ...solana, base: SOL.base, asset: 'sol' },
        ],
      },
      risk: {
        weights: [
          { asset: '2', initialWeightBps: 9_500, maintenanceWeightBps: 9_700 },
          { asset: '3', initialWeightBps: 9_500, maintenanceWeightBps: 9_700 },
          { asset: '4', initialWeightBps: 8_500, maintenanceWeightBps: 9_000 },
          { asset: '5', initialWeightBps: 8_000, maintenanceWeightBps: 8_500 },
        ],
      },
      oracle: {
        feeds: [
          { asset: '2', symbol: 'USDZ' },
          { asset: '3', symbol: 'USDC' },
          { asset: '4', symbol: 'ETH' },
          { asset: '5', symbol: 'SOL' },
          { asset: '6', symbol: 'BTC' },
        ],
      },
      // Stable tokens become cash; who has nothing else pays fees with it.
      cash: { assets: [{ asset: '2' }, { asset: '3' }] },
      accounts: {
        gasPrices: [
          { denom: 'ucway', priceE9: '1000000' },
          { denom: 'cash', priceE9: '1000000' },
        ],
      },
      markets: {
        underlyings: [
          { asset: '4', name: 'ETH', option: { tickE9: '100000000', lotE9: '10000000' } },
          { asset: '6', name: 'BTC', perpetual: { tickE9: '100000000', lotE9: '100000' } },
          { asset: '5', name: 'SOL', tier: 2 },
        ],
      },
    })
    expect(consensusParams['abci']).toEqual({ vote_extensions_enable_height: '1' })
  })
})
