// Four CometBFT validators: three leave a sender's transactions to others where they may, the fourth leaves
// them out where it must not, and does everything else that a validator can do.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  HUB_CHAIN_ID,
  createHubApplication,
  createSeededPriceSource,
  hubAppState,
  replay,
  verifyNatively,
} from '@causeway/hub'
import { createMemoryStorage } from '@causeway/state-tree'
import { jsonRpc } from '../bench/hub-under-load.ts'
import { criticalSender } from '../hostile/critical-sender.ts'
import { requireBinary } from './binaries.ts'
import { createCometNetwork, heightOf } from './comet-network.ts'
import type { CometNode } from './comet-network.ts'
import { waitFor } from './processes.ts'

const KINDS = ['forgetful', 'forgetful', 'forgetful', 'worst']
const ASSETS = [
  { denom: 'weth', decimals: 18, symbol: 'ETH', initialWeightBps: 8_000, maintenanceWeightBps: 9_000 },
]
// Wrong: no votes, fewer, forged, of another round or height; undecodable, lanes, twice; what is demanded.
const REFUSALS = ['block/2', 'block/4', 'block/11', 'block/30', 'block/31', 'block/34', 'block/36']

interface Event {
  readonly type: string
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
}

describe('four CometBFT validators, one as hostile as it can be', () => {
  const victim = criticalSender('victim', 1n)
  const bystander = criticalSender('bystander', 2n)
  const canceller = criticalSender('canceller', 3n)
  const waits: { readonly recorded: number; readonly included: number }[] = []
  let directory: string
  let nodes: CometNode[]

  beforeAll(async () => {
    const cometbft = await requireBinary('cometbft')
    directory = mkdtempSync(join(tmpdir(), 'hostile-'))
    nodes = await createCometNetwork({
      cometbft,
      directory,
      chainId: HUB_CHAIN_ID,
      validators: 4,
      appState: JSON.parse(
        JSON.stringify(
          hubAppState({
            denom: 'ucway',
            gasPriceE9: 0n,
            balances: [victim, bystander, canceller].map(({ address }) => ({
              holder: address,
              denom: 'ucway',
              amount: 1_000_000_000n,
            })),
            assets: ASSETS,
          }),
        ),
      ),
      application: ({ index, home, socket }) => [
        process.execPath,
        [
          join(import.meta.dirname, 'hub-validator.ts'),
          socket,
          home,
          HUB_CHAIN_ID,
          `${KINDS[index]}:${victim.address}`,
        ],
      ],
    })
    await Promise.all(nodes.map((node) => node.start()))
    await reached(6)
  })

  afterAll(async () => {
    for (const node of nodes ?? []) await node.kill()
    if (directory) rmSync(directory, { recursive: true, force: true })
  })

  it('go on, refuse whatever it does wrong, and take a censored transaction by the third block', async () => {
    const missing = () => REFUSALS.filter((code) => !refusals().includes(`${code} `))
    for (let round = 0; round < 100 && (missing().length > 0 || waits.length < 4); round++) {
      // Else the same validator could be in turn each time that a transaction is demanded.
      await reached(Number(await heightOf(nodes[0]!.rpcUrl)) + (round % 4), [nodes[0]!])
      const tx = victim.critical()
      await send(0, tx)
      waits.push(await untilIncluded(tx))
    }
    expect(missing()).toEqual([])
    console.log(
      `  ${waits.length} censored transactions; blocks from record to inclusion: ${waits.map(blocksOf)}`,
    )
    for (const wait of waits) expect(blocksOf(wait)).toBeLessThanOrEqual(3)
  })

  it('agree at every height, on prices that the liar did not move', async () => {
    const height = Number(await heightOf(nodes[0]!.rpcUrl))
    await reached(height)
    for (let h = 2; h <= height; h += 5) {
      const hashes = await Promise.all(nodes.map(async (node) => (await blockOf(node, h)).header.app_hash))
      expect(new Set(hashes).size, `app hashes at height ${h}`).toBe(1)
    }
    const events = (await eventsOf(height)).filter(({ type }) => type === 'causeway.oracle.v1.price')
    const price = BigInt(events[0]!.attributes.find(({ key }) => key === 'price_e9')!.value)
    expect(price > 2_000_000_000_000n && price < 4_500_000_000_000n, `price ${price}`).toBe(true)
    expect(readFileSync(join(nodes[1]!.home, 'application.log'), 'utf8')).toBe('')
  })

  it('and what CometBFT drove gives the same hashes in a fresh application', async () => {
    for (const node of nodes) await node.kill()
    const fresh = createHubApplication({
      chainId: HUB_CHAIN_ID,
      storage: createMemoryStorage(),
      verifySignatures: verifyNatively,
      priceSource: createSeededPriceSource('replay', []),
    })
    expect(replay(join(nodes[1]!.home, 'recording'), fresh).blocks).toBeGreaterThan(20)
  })

  async function send(node: number, tx: Uint8Array): Promise<void> {
    const sent = await jsonRpc(nodes[node]!.rpcUrl)('broadcast_tx_sync', {
      tx: Buffer.from(tx).toString('base64'),
    })
    expect(sent).toMatchObject({ code: 0 })
  }

  /** Follows blocks, with others' transactions in each, until one has the transaction. */
  async function untilIncluded(tx: Uint8Array) {
    const hash = createHash('sha256').update(tx).digest('hex').toUpperCase()
    let height = Number(await heightOf(nodes[0]!.rpcUrl))
    let recorded = 0
    for (const until = height + 40; height < until;) {
      await send(1, bystander.ordinary())
      await send(2, canceller.critical())
      height += 1
      await reached(height, [nodes[0]!])
      for (const { type, attributes } of await eventsOf(height)) {
        if (type !== 'causeway.block.v1.inclusion' || attributes[0]!.value !== hash) continue
        const [, change] = attributes
        if (change!.value === 'recorded') recorded = height
        if (change!.value === 'included') return { recorded, included: height }
      }
    }
    throw new Error(`${hash} was not included within 40 blocks`)
  }

  async function eventsOf(height: number): Promise<Event[]> {
    // A height is told before its results are stored.
    const results = await waitFor(`the results of height ${height}`, () =>
      jsonRpc(nodes[0]!.rpcUrl)('block_results', { height: `${height}` }),
    )
    return (results as { finalize_block_events?: Event[] }).finalize_block_events ?? []
  }

  async function blockOf(node: CometNode, height: number) {
    const { block } = (await jsonRpc(node.rpcUrl)('block', { height: `${height}` })) as {
      block: { header: { app_hash: string } }
    }
    return block
  }

  async function reached(height: number, all = nodes): Promise<void> {
    for (const node of all)
      await waitFor(
        `node ${node.index} at height ${height}`,
        async () => (Number(await heightOf(node.rpcUrl)) >= height ? true : undefined),
        180_000,
      )
  }

  /** What the three have refused. */
  function refusals(): string {
    const paths = nodes.slice(0, 3).map(({ home }) => join(home, 'refusals.txt'))
    return paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('')
  }
})

function blocksOf({ recorded, included }: { readonly recorded: number; readonly included: number }): number {
  return included - recorded
}
