// Accounts fail one after the other while the hub and its indexer are killed with −9 at random instants and
// started again: the indexer ends with the tables of one that nobody killed, which say what the blocks say.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  HUB_CHAIN_ID,
  createHubApplication,
  startEmbeddedNode,
  verifyNatively,
  writeCascadeHome,
} from '@causeway/hub'
import type { EmbeddedNode } from '@causeway/hub'
import { checksumTables, startIndexer } from '@causeway/indexer'
import { openLmdbStorage } from '@causeway/state-tree'
import { jsonRpc } from '../bench/hub-under-load.ts'
import { endProcess, freePort, startProcess, waitFor } from './processes.ts'
import type { RunningProcess } from './processes.ts'

const KILLS = 8
const WAIT_MS = 240_000
const NODE = join(import.meta.dirname, '../../apps/hub/src/cascade/cascade-node.fixture.ts')
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

describe(`hub and indexer killed with −9 ${KILLS} times while accounts fail`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-during-cascade-'))
  const home = join(folder, 'hub')
  const nowSeconds = BigInt(Math.floor(Date.now() / 1000))
  const random = generator(seed)
  let port: number
  let hubUrl: string
  let hub: RunningProcess
  let indexer: RunningProcess
  let quiet: EmbeddedNode | undefined
  let told: { readonly begun: number; readonly sold: number }

  beforeAll(async () => {
    writeCascadeHome(home, nowSeconds)
    port = await freePort()
    hubUrl = `http://127.0.0.1:${port}`
    startHub()
    startIndexing()
  })

  afterAll(async () => {
    for (const each of [hub, indexer]) if (each !== undefined) await endProcess(each)
    await quiet?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('the hub goes on, and liquidates', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const height = await heightNow()
      await waitFor('blocks', async () => ((await heightNow()) >= height + 12n ? true : undefined), WAIT_MS)
      await pause(random() * 400)
      if (kill % 2 === 0) {
        await endProcess(hub)
        startHub()
      } else {
        await endProcess(indexer)
        startIndexing()
      }
      // Nobody falls over because the other is gone.
      expect([hub, indexer].map(({ child }) => child.exitCode)).toEqual([null, null])
    }
    await endProcess(hub)
    await endProcess(indexer)
    quiet = await quietHub()
    told = await countEvents(await heightNow())
    expect(told.begun).toBeGreaterThan(4)
    expect(told.sold).toBeGreaterThan(4)
  })

  it('and the indexer has everything once', async () => {
    const height = await heightNow()
    const ofKilled = await tables(join(folder, 'indexer'), height)
    const ofWhole = await tables(join(folder, 'whole'), height)
    expect(ofKilled).toEqual(ofWhole)
    const rowsOf = (name: string) => ofKilled.find(({ table }) => table === name)?.rows
    console.log(
      `  seed ${seed}: ${height} blocks, ${told.begun} liquidations, ${told.sold} takeovers; ` +
        ofKilled.map(({ table, rows }) => `${table} ${rows}`).join(', '),
    )
    expect(rowsOf('liquidation')).toBe(told.begun)
  })

  function startHub(): void {
    hub = startProcess(process.execPath, [NODE, home, `${nowSeconds}`, `${port}`], join(folder, 'hub.log'))
  }

  function startIndexing(): void {
    const script = `
      import { startIndexer } from '@causeway/indexer'
      await startIndexer(JSON.parse(process.argv[1]))`
    const config = JSON.stringify(sources(join(folder, 'indexer')))
    const args = ['--input-type=module', '-e', script, config]
    const log = join(folder, 'indexer.log')
    indexer = startProcess(process.execPath, args, log, process.env, import.meta.dirname)
  }

  function sources(database: string) {
    return {
      hub: { chainId: HUB_CHAIN_ID, rpcUrls: [hubUrl] },
      chains: [],
      database,
      logLevel: 'silent' as const,
      pollMs: 200,
    }
  }

  /** The same hub in this process, which makes no more blocks. */
  async function quietHub(): Promise<EmbeddedNode> {
    const application = createHubApplication({
      chainId: HUB_CHAIN_ID,
      storage: openLmdbStorage(join(home, 'data', 'application')),
      verifySignatures: verifyNatively,
      priceSource: () => [],
    })
    return startEmbeddedNode({ application, home, blocks: 'onDemand', rpc: { host: '127.0.0.1', port } })
  }

  async function tables(database: string, height: bigint) {
    const reading = await startIndexer(sources(database))
    await reading.waitForHeight(HUB_CHAIN_ID, height, WAIT_MS)
    const checksums = await checksumTables(reading.database.reader)
    await reading.stop()
    return checksums
  }

  function heightNow(): Promise<bigint> {
    return waitFor(
      'the hub',
      async () => {
        const status = (await jsonRpc(hubUrl)('status', {})) as {
          sync_info: { latest_block_height: string }
        }
        return BigInt(status.sync_info.latest_block_height)
      },
      WAIT_MS,
    )
  }

  /** What the blocks tell of liquidations. */
  async function countEvents(height: bigint) {
    const counts = { begun: 0, sold: 0 }
    for (let at = 1n; at <= height; at++) {
      const results = (await jsonRpc(hubUrl)('block_results', { height: `${at}` })) as {
        finalize_block_events: { type: string; attributes: { key: string; value: string }[] }[] | null
      }
      for (const { type, attributes } of results.finalize_block_events ?? []) {
        if (type === 'causeway.liquidation.v1.sold') counts.sold += 1
        if (type !== 'causeway.liquidation.v1.stage') continue
        if (attributes.some(({ key, value }) => key === 'before' && value === 'none')) counts.begun += 1
      }
    }
    return counts
  }
})

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The same instants for the same seed. */
function generator(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
