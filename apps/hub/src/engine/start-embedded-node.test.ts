import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { voteSignBytes } from '@causeway/light-clients'
import type { SignedMsgType, Vote } from '@causeway/protocol/tendermint/types/types'
import { compareBytes, sha256, toHexUpper, utf8 } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { testClock, testGenesis, testKeys } from './chain.fixture.ts'
import { evidenceJson } from './json/block.ts'
import { parseValidatorKey } from './keys/validator-key.ts'
import { parseTime } from './chain/time.ts'
import { homeAt, lockHome } from './home.ts'
import { createKeyValueApplication } from './kvstore.fixture.ts'
import { call, testNode } from './rpc/rpc.fixture.ts'
import { startEmbeddedNode } from './start-embedded-node.ts'
import type { EmbeddedNode, EmbeddedNodeOptions } from './start-embedded-node.ts'

const root = mkdtempSync(join(tmpdir(), 'node-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const keys = testKeys('a', 'b')
const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

/** A home directory as `cometbft init` makes it, with the keys of two validators. */
function makeHome(name: string): string {
  const home = join(root, name)
  const files = homeAt(home)
  mkdirSync(join(home, 'config'), { recursive: true })
  mkdirSync(join(home, 'data'), { recursive: true })
  writeFileSync(files.genesis, JSON.stringify(testGenesis(keys)))
  keys.forEach((key, i) => writeFileSync(files.validatorKey(i), JSON.stringify(key)))
  writeFileSync(files.validatorState(0), '{"height":"0","round":0,"step":0}')
  return home
}

async function start(options: Partial<EmbeddedNodeOptions>): Promise<EmbeddedNode> {
  const node = await startEmbeddedNode({
    application: createKeyValueApplication(),
    blocks: 'onDemand',
    rpc: false,
    durability: 'process-kill',
    ...options,
  })
  onTestFinished(() => node.stop())
  return node
}

describe('a node with a home directory', () => {
  it('takes genesis and keys from there, and goes on after a restart', async () => {
    const home = makeHome('restart')
    const storage = createMemoryStorage()
    const first = await start({ home, application: createKeyValueApplication(storage) })
    expect(first.chainId).toBe('test-chain')
    await first.submit(utf8('a=1'))
    const block = first.produceBlock()
    expect(block).toMatchObject({ height: 1n, transactions: 1 })
    await first.stop()
    const state = (i: number): unknown => JSON.parse(readFileSync(homeAt(home).validatorState(i), 'utf8'))
    expect(state(0)).toMatchObject({ height: '1', step: 3 })
    expect(state(1)).toMatchObject({ height: '1', step: 3 })
    const second = await start({
      home,
      application: createKeyValueApplication(storage),
      durability: 'power-loss',
    })
    expect(second.height()).toBe(1n)
    expect(second.findTransaction(toHexUpper(sha256(utf8('a=1'))))).toMatchObject({
      height: 1n,
      bytes: utf8('a=1'),
      timestamp: '2026-01-02T03:04:05.000000006Z',
    })
    expect(second.findTransaction('00'.repeat(32))).toBeUndefined()
    expect(second.produceBlock().height).toBe(2n)
  })

  it('is used by one node at a time', async () => {
    const home = makeHome('locked')
    const node = await start({ home })
    await expect(start({ home })).rejects.toEqual(code(25))
    await node.stop()
    await (await start({ home })).stop()
  })

  it('takes the home of a process that was killed, not of a living one', async () => {
    const home = homeAt(makeHome('killed'))
    const script = `import { homeAt, lockHome } from ${JSON.stringify(join(import.meta.dirname, 'home.ts'))}
      lockHome(homeAt(process.argv[1])); console.log('held'); setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '--', home.path])
    await once(child.stdout, 'data')
    expect(() => lockHome(home)).toThrow(code(25))
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockHome(home)()
  })

  it('refuses to sign where another engine signed further', async () => {
    const home = makeHome('ahead')
    writeFileSync(
      homeAt(home).validatorState(0),
      '{"height":"7","round":0,"step":3,"signature":"AAAA","signbytes":"00"}',
    )
    const fatal: unknown[] = []
    const node = await start({ home, onFatal: (error) => void fatal.push(error) })
    expect(() => node.produceBlock()).toThrow(code(40))
    expect(fatal).toEqual([code(40)])
    expect(() => node.produceBlock()).toThrow(code(49))
  })

  it.each<[string, (home: string) => void, Partial<EmbeddedNodeOptions>, number]>([
    ['without a genesis', (home) => rmSync(homeAt(home).genesis), {}, 7],
    ['with a genesis that is no JSON', (home) => writeFileSync(homeAt(home).genesis, '{'), {}, 8],
    ['with a genesis of another chain', () => undefined, { chainId: 'other' }, 6],
    ['with a broken key', (home) => writeFileSync(homeAt(home).validatorKey(0), '{}'), {}, 4],
    ['with a broken sign state', (home) => writeFileSync(homeAt(home).validatorState(0), 'x'), {}, 5],
    ['with a key given twice', () => undefined, { validators: [keys[0]!, keys[0]!] }, 8],
  ])('is refused %s, and left unlocked', async (name, spoil, options, expected) => {
    const home = makeHome(name.replaceAll(' ', '-'))
    spoil(home)
    await expect(start({ home, ...options })).rejects.toEqual(code(expected))
  })

  it('needs a genesis from somewhere', async () => {
    await expect(start({})).rejects.toEqual(code(8))
  })
})

describe('a node', () => {
  it('makes the same chain from the same keys, clock and transactions', async () => {
    const hashes = await Promise.all(
      [0, 1].map(async () => {
        const { node } = await testNode({ clock: testClock(), rpc: false })
        const made: string[] = []
        for (let i = 0; i < 5; i++) {
          await node.submit(utf8(`k${i}=v`))
          made.push(toHexUpper(node.produceBlock().hash))
        }
        return made
      }),
    )
    expect(hashes[0]).toEqual(hashes[1])
  })

  it('tells listeners of blocks until they leave', async () => {
    const { node } = await testNode({ rpc: false })
    const heights: bigint[] = []
    const leave = node.onBlock(({ height }) => heights.push(height))
    node.produceBlock()
    node.produceBlock()
    leave()
    node.produceBlock()
    expect(heights).toEqual([1n, 2n])
    expect(node.rpcUrl).toBe('')
  })

  it('halts at a broken invariant, with nothing half done, and says why once', async () => {
    const { node, application, fatal } = await testNode()
    node.produceBlock()
    application.behaviour.breakAt = 'commit'
    expect(() => node.produceBlock()).toThrow('commit is broken')
    expect(fatal).toEqual([expect.objectContaining({ name: 'AssertionError' })])
    application.behaviour.breakAt = undefined
    expect(() => node.produceBlock()).toThrow(code(49))
    await expect(node.submit(utf8('a=1'))).rejects.toEqual(code(49))
    expect(node.height()).toBe(1n)
  })

  it('goes on after a refused proposal, and says so', async () => {
    const warnings: Error[] = []
    const blocks: bigint[] = []
    const { node, application, fatal } = await testNode({
      blocks: { everyMilliseconds: 2 },
      rpc: false,
      onWarning: (error) => void warnings.push(error),
    })
    application.behaviour.acceptProposal = () => warnings.length >= 3
    const made = new Promise<void>((resolve) =>
      node.onBlock(({ height }) => {
        blocks.push(height)
        if (blocks.length === 2) resolve()
      }),
    )
    await made
    expect(warnings.slice(0, 3)).toEqual([code(43), code(43), code(43)])
    expect(fatal).toEqual([])
  })

  it('skips empty blocks, but not the one that proves an app hash', async () => {
    let waiting: (() => void)[] = []
    const { node } = await testNode({
      blocks: { everyMilliseconds: 2, emptyEveryMilliseconds: 1_000_000 },
      rpc: false,
      application: { ...createKeyValueApplication(), finalizeBlock: constantHash() },
      timers: {
        now: () => 0,
        soon: (callback) => callback(),
        after: (_, callback) => {
          waiting.push(callback)
          return () => void (waiting = waiting.filter((other) => other !== callback))
        },
      },
    })
    const tick = (times: number): void => {
      for (let i = 0; i < times; i++) for (const callback of waiting.splice(0)) callback()
    }
    tick(20)
    // The second block carried the hash of the first, which a third need not repeat
    expect(node.height()).toBe(2n)
    await node.submit(utf8('a=1'))
    tick(20)
    expect(node.height()).toBe(4n)
  })

  it('puts evidence that it is sent into a block', async () => {
    const { node, application } = await testNode()
    node.produceBlock()
    node.produceBlock()
    const header = (await call(node.rpcUrl, 'header', { height: '1' })).result!['header'] as { time: string }
    const key = parseValidatorKey(testKeys('a')[0])
    const votes = ['x', 'y']
      .map((name) => sha256(utf8(name)))
      .sort(compareBytes)
      .map((hash): Vote => {
        const vote: Vote = {
          type: 1 as SignedMsgType,
          height: 1n,
          round: 0,
          blockId: { hash, partSetHeader: { total: 1, hash } },
          timestamp: { seconds: 5n, nanos: 0 },
          validatorAddress: key.address,
          validatorIndex: 0,
          signature: utf8(''),
          extension: utf8(''),
          extensionSignature: utf8(''),
        }
        return { ...vote, signature: key.sign(voteSignBytes('test-chain', vote)) }
      })
    const evidence = evidenceJson({
      duplicateVoteEvidence: {
        voteA: votes[0],
        voteB: votes[1],
        totalVotingPower: 40n,
        validatorPower: 10n,
        timestamp: parseTime(header.time),
      },
    })
    const answer = await call(node.rpcUrl, 'broadcast_evidence', { evidence })
    expect(answer.result).toEqual({ hash: expect.any(String) as string })
    node.produceBlock()
    expect(application.requests[2]!.misbehavior).toHaveLength(1)
    const { block } = (await call(node.rpcUrl, 'block', { height: '3' })).result as {
      block: { evidence: unknown }
    }
    expect(block.evidence).toEqual({ evidence: [evidence] })
    expect((await call(node.rpcUrl, 'broadcast_evidence', {})).error?.code).toBe(-32603)
  })

  it('prepares transactions before they are checked, but not what is there already', async () => {
    const prepared: string[] = []
    const { node } = await testNode({
      prepareTx: async (tx) => void prepared.push(Buffer.from(tx).toString()),
    })
    const answer = await call(node.rpcUrl, 'broadcast_tx_sync', { tx: Buffer.from('a=1').toString('base64') })
    expect(answer.result).toMatchObject({ code: 0 })
    const refused = await call(node.rpcUrl, 'broadcast_tx_sync', {
      tx: Buffer.from('a=1').toString('base64'),
    })
    expect(refused.error?.data).toBe('tx already exists in cache')
    expect(prepared).toEqual(['a=1'])
    expect(node.produceBlock().transactions).toBe(1)
  })
})

/** An application whose hash changes with transactions only. */
function constantHash(): ReturnType<typeof createKeyValueApplication>['finalizeBlock'] {
  const inner = createKeyValueApplication()
  let count = 0
  return (request) => {
    count += request.txs.length
    return { ...inner.finalizeBlock(request), appHash: utf8(`hash after ${count}`) }
  }
}
