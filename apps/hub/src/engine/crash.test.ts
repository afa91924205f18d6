import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createNativeSignatureVerifier,
  hashHeader,
  toNanoseconds,
  voteSignBytes,
} from '@causeway/light-clients'
import { openLmdbStorage } from '@causeway/state-tree'
import { toHex } from '@causeway/primitives'
import { testGenesis, testKeys } from './chain.fixture.ts'
import { parseGenesis } from './chain/genesis.ts'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import { finalizeRequest } from './node/apply-block.ts'
import { initChainRequest } from './node/handshake.ts'
import { homeAt } from './home.ts'
import { startEmbeddedNode } from './start-embedded-node.ts'
import { BlockStore } from './store/block-store.ts'

const KILLS = 22
const program = fileURLToPath(new URL('./crash-node.fixture.ts', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'crash-'))
const keys = testKeys('a', 'b', 'c')
const genesis = testGenesis(keys)
const verifySignatures = createNativeSignatureVerifier()

afterAll(() => rmSync(home, { recursive: true, force: true }))

function prepareHome(): void {
  const files = homeAt(home)
  mkdirSync(join(home, 'config'))
  writeFileSync(files.genesis, JSON.stringify(genesis))
  keys.forEach((key, i) => writeFileSync(files.validatorKey(i), JSON.stringify(key)))
}

/** Runs a node until it has made some blocks, and then a random while more; kills it with −9. */
async function runAndKill(reported: Map<bigint, string>, random: () => number): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [program, home], { stdio: ['ignore', 'pipe', 'pipe'] })
  const stderr: string[] = []
  child.stderr!.on('data', (chunk) => stderr.push(String(chunk)))
  let text = ''
  let blocks = 0
  const after = 1 + Math.floor(random() * 30)
  child.stdout!.on('data', (chunk) => {
    text += String(chunk)
    blocks += String(chunk).split('\n').length - 1
    // Not at once: the kill should fall anywhere between two blocks
    if (blocks >= after) setTimeout(() => child.kill('SIGKILL'), random() * 15)
  })
  const code = await new Promise((resolve) => child.once('exit', (status) => resolve(status)))
  await new Promise((resolve) => setImmediate(resolve))
  expect(code, stderr.join('')).toBeNull()
  for (const line of text.split('\n').slice(0, -1)) {
    const [height, hash] = line.split(' ')
    expect(reported.get(BigInt(height!)) ?? hash, `two blocks at height ${height}`).toBe(hash)
    reported.set(BigInt(height!), hash!)
  }
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe(`a node killed with −9 ${KILLS} times under load`, () => {
  it('loses nothing, signs nothing twice, and comes to the state of an undisturbed replay', async () => {
    prepareHome()
    const reported = new Map<bigint, string>()
    const random = createRandom(20260102)
    for (let i = 0; i < KILLS; i++) await runAndKill(reported, random)

    // It goes on
    const data = openLmdbStorage(join(home, 'data', 'application'))
    const node = await startEmbeddedNode({
      application: createKeyValueApplication(data),
      home,
      blocks: 'onDemand',
      rpc: false,
    })
    const last = node.produceBlock()
    reported.set(last.height, toHex(last.hash))
    await node.stop()
    data.close()

    const storage = openLmdbStorage(homeAt(home).blocks)
    verifyChain(new BlockStore(storage), last.height, reported)
    storage.close()
    for (let i = 0; i < keys.length; i++) {
      const state = JSON.parse(readFileSync(homeAt(home).validatorState(i), 'utf8')) as { height: string }
      expect(state.height).toBe(String(last.height))
    }
  }, 240_000)
})

/**
 * Every reported block is there, every link and signature holds, and a fresh application agrees at every
 * height.
 */
function verifyChain(store: BlockStore, height: bigint, reported: ReadonlyMap<bigint, string>): void {
  const fresh = createKeyValueApplication()
  fresh.initChain(initChainRequest(parseGenesis(genesis)))
  let transactions = 0
  for (let at = 1n; at <= height; at++) {
    const [block, meta, commit, results] = [
      store.block(at),
      store.meta(at),
      store.commit(at),
      store.results(at),
    ]
    const header = block!.header!
    expect(hashHeader(header)).toEqual(meta!.blockId!.hash)
    if (reported.has(at)) expect(toHex(meta!.blockId!.hash)).toBe(reported.get(at))
    expect(commit!.blockId).toEqual(meta!.blockId)
    const set = store.validators(at)!
    commit!.signatures.forEach(({ timestamp, signature }, i) => {
      const vote = { type: 2 as const, height: at, round: commit!.round, blockId: commit!.blockId, timestamp }
      const signBytes = voteSignBytes('test-chain', vote)
      const publicKey = set.validators[i]!.pubKey!.ed25519!
      expect(verifySignatures([{ publicKey, message: signBytes, signature }])).toBeUndefined()
    })
    if (at > 1n) {
      expect(block!.lastCommit).toEqual(store.commit(at - 1n))
      expect(header.appHash).toEqual(store.results(at - 1n)!.appHash)
      expect(toNanoseconds(header.time)).toBeGreaterThan(toNanoseconds(store.meta(at - 1n)!.header!.time))
    }
    const response = fresh.finalizeBlock(
      finalizeRequest(block!, meta!.blockId!.hash, store.validators(at - 1n) ?? set),
    )
    expect(response.appHash).toEqual(results!.appHash)
    fresh.commit()
    transactions += block!.data!.txs.length
  }
  expect(reported.size).toBeGreaterThan(KILLS)
  expect(transactions).toBeGreaterThan(KILLS * 10)
}
