// A node killed with −9 while accounts fail one after the other: the same state as of a node that nobody
// disturbed, nothing taken over twice, and nobody liquidated who could pay.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import type { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { createMemoryStorage, openLmdbStorage } from '@causeway/state-tree'
import { createHubApplication } from '../app.ts'
import type { CosmosApplication } from '../application.ts'
import { brokenInvariants } from '../block/inspect.ts'
import { parseGenesis } from '../engine/chain/genesis.ts'
import { homeAt } from '../engine/home.ts'
import { finalizeRequest } from '../engine/node/apply-block.ts'
import { initChainRequest } from '../engine/node/handshake.ts'
import { startEmbeddedNode } from '../engine/start-embedded-node.ts'
import { BlockStore } from '../engine/store/block-store.ts'
import { hubOptions } from '../testing/hub.fixture.ts'
import { Bidders, liquidationOf, liquidationsOf } from './bidders.fixture.ts'
import { writeCascadeHome } from './cascade-home.fixture.ts'
import { cascadeSources } from './cascade.fixture.ts'

const KILLS = Number(process.env['KILLS'] ?? 3)
const MORE_BLOCKS = 20
const SEED = Number(process.env['SEED'] ?? 20260107)
const program = fileURLToPath(new URL('./cascade-node.fixture.ts', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'cascade-'))
// What is priced is priced at a time; blocks follow the clock.
const nowSeconds = BigInt(Math.floor(Date.now() / 1000))
const genesis = writeCascadeHome(home, nowSeconds)

afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Runs the node for some blocks and a moment more, kills it; gives the last height that it told. */
async function runAndKill(reported: Map<bigint, string>, random: () => number): Promise<bigint> {
  const child = spawn(process.execPath, [program, home, `${nowSeconds}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stderr: string[] = []
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)))
  let text = ''
  let blocks = 0
  const after = 10 + Math.floor(random() * 30)
  child.stdout.on('data', (chunk) => {
    text += String(chunk)
    blocks += String(chunk).split('\n').length - 1
    // Not at once: the kill should fall anywhere in what a block takes.
    if (blocks >= after) setTimeout(() => child.kill('SIGKILL'), random() * 60)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code, stderr.join('')).toBeNull()
  let last = 0n
  for (const line of text.split('\n').slice(0, -1)) {
    const [height, hash] = line.split(' ') as [string, string]
    last = BigInt(height)
    expect(reported.get(last) ?? hash, `two blocks at height ${height}`).toBe(hash)
    reported.set(last, hash)
  }
  return last
}

/** The node in this process, without anybody to kill it. */
async function finish(): Promise<{ readonly height: bigint; readonly left: readonly string[] }> {
  const storage = openLmdbStorage(join(home, 'data', 'application'))
  const hub = createHubApplication(hubOptions(storage, cascadeSources(nowSeconds)))
  const node = await startEmbeddedNode({ application: hub, home, blocks: 'onDemand', rpc: false })
  const bidders = new Bidders(hub)
  for (let i = 0; i < MORE_BLOCKS; i++) {
    for (const tx of bidders.bids()) await node.submit(tx)
    node.produceBlock()
  }
  expect(brokenInvariants(hub.chain)).toEqual([])
  const height = node.height()
  const left = liquidationsOf(hub).map(({ account }) => account)
  await node.stop()
  storage.close()
  return { height, left }
}

/** What a fresh node that executes the same blocks sees. */
class Witness {
  readonly hub: CosmosApplication
  readonly started: string[] = []
  /** Accounts under liquidation after each height. */
  readonly open = new Map<bigint, number>()
  readonly sold: string[] = []
  readonly delivered = new Set<string>()

  constructor() {
    this.hub = createHubApplication(hubOptions(createMemoryStorage(), { priceSource: () => [] }))
    this.hub.initChain(initChainRequest(parseGenesis(genesis)))
  }

  follow(height: bigint, txs: readonly Uint8Array[], response: ResponseFinalizeBlock): void {
    for (const [i, tx] of txs.entries()) {
      if (i === 0 || response.txResults[i]!.code !== 0) continue
      const hash = createHash('sha256').update(tx).digest('hex')
      expect(this.delivered.has(hash), `a transaction delivered twice, at height ${height}`).toBe(false)
      this.delivered.add(hash)
    }
    for (const { type, attributes } of response.events) {
      const told = Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
      if (type === 'causeway.liquidation.v1.sold') this.sold.push(`${height} ${told['account']}`)
      if (type !== 'causeway.liquidation.v1.stage' || told['before'] !== 'none') continue
      this.started.push(told['account']!)
      // The state before this block is still what is committed here.
      const { maintenanceMarginE6 } = liquidationOf(this.hub, told['account']!)
      expect(BigInt(maintenanceMarginE6), `${told['account']} at height ${height}`).toBeLessThan(0n)
    }
    this.hub.commit()
    this.open.set(height, liquidationsOf(this.hub).length)
  }
}

/** Executes the stored blocks on a fresh node, which agrees at every height. */
function replayed(height: bigint, reported: ReadonlyMap<bigint, string>): Witness {
  const storage = openLmdbStorage(homeAt(home).blocks)
  const store = new BlockStore(storage)
  const witness = new Witness()
  for (let at = 1n; at <= height; at++) {
    const block = store.block(at)!
    const { hash } = store.meta(at)!.blockId!
    if (reported.has(at)) expect(toHex(hash)).toBe(reported.get(at))
    const request = finalizeRequest(block, hash, store.validators(at - 1n) ?? store.validators(at)!)
    const response = witness.hub.finalizeBlock(request)
    expect(toHex(response.appHash), `the state at height ${at}`).toBe(toHex(store.results(at)!.appHash))
    witness.follow(at, block.data!.txs, response)
  }
  storage.close()
  return witness
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe(`a node killed with −9 ${KILLS} times while accounts fail`, () => {
  it('comes to the state of an undisturbed one, and liquidates nobody who can pay', async () => {
    const reported = new Map<bigint, string>()
    const random = createRandom(SEED)
    const killed: bigint[] = []
    for (let i = 0; i < KILLS; i++) {
      killed.push(await runAndKill(reported, random))
    }
    const { height, left } = await finish()

    const { hub, started, open, sold, delivered } = replayed(height, reported)
    expect(brokenInvariants(hub.chain)).toEqual([])
    expect(liquidationsOf(hub).map(({ account }) => account)).toEqual(left)
    const inFlight = killed.filter((at) => (open.get(at) ?? 0) > 0).length
    console.log(
      `  seed ${SEED}: ${height} blocks, ${started.length} liquidations of ` +
        `${new Set(started).size} accounts, ${sold.length} takeovers, ${delivered.size} bids; ` +
        `${inFlight} of ${KILLS} kills with some under way`,
    )
    expect(started.length).toBeGreaterThan(3)
    expect(sold.length).toBeGreaterThan(3)
    expect(inFlight).toBeGreaterThan(0)
  }, 600_000)
})
