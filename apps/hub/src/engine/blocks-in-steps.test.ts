// A node that makes its blocks in steps: what others see of it, and can do to it, between two of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fromUtf8, sha256, toHex, toHexUpper, utf8 } from '@causeway/primitives'
import { testClock } from './chain.fixture.ts'
import { homeAt } from './home.ts'
import { call, testNode } from './rpc/rpc.fixture.ts'
import type { EmbeddedNode, EmbeddedNodeOptions, ProducedBlock } from './start-embedded-node.ts'
import { STEPS, createSteppingApplication, holdTimers } from './stepping.fixture.ts'
import type { HeldTimers, SteppingApplication } from './stepping.fixture.ts'

const INTERVAL = { everyMilliseconds: 100 }
const code = (value: number): unknown => expect.objectContaining({ codespace: 'engine', code: value })

interface Fixture {
  readonly node: EmbeddedNode
  readonly application: SteppingApplication
  readonly timers: HeldTimers
  readonly fatal: unknown[]
  readonly warnings: Error[]
  readonly blocks: ProducedBlock[]
}

/** A node whose blocks come when the test ticks, and go on when it steps. */
async function setUp(options: Partial<EmbeddedNodeOptions> = {}): Promise<Fixture> {
  const application = createSteppingApplication()
  const timers = holdTimers()
  const warnings: Error[] = []
  const { node, fatal } = await testNode({
    ...{ application, timers, blocks: INTERVAL, rpc: false, clock: testClock() },
    onWarning: (error) => void warnings.push(error),
    ...options,
  })
  const blocks: ProducedBlock[] = []
  node.onBlock((block) => void blocks.push(block))
  return { node, application, timers, fatal, warnings, blocks }
}

/** The rest of a block. */
function goOn(timers: HeldTimers): void {
  while (timers.step());
}

/** Whole blocks, one a tick. */
function tick({ timers }: Pick<Fixture, 'timers'>, blocks = 1): void {
  for (let i = 0; i < blocks; i++) {
    timers.tick()
    goOn(timers)
  }
}

const stepsOf = (height: number): string[] => Array.from({ length: STEPS }, (_, i) => `${height}.${i + 1}`)

describe('what is offered while a block is made', () => {
  it('is prepared at once, and admitted after the block, in the order of its arrival', async () => {
    const prepared: string[] = []
    const release = new Map<string, () => void>()
    const { node, application, timers, blocks } = await setUp({
      prepareTx: (tx) => {
        const text = fromUtf8(tx)!
        prepared.push(text)
        if (text === 'now=1') return undefined
        return new Promise((resolve) => release.set(text, () => resolve()))
      },
    })
    timers.tick()
    const admissions = ['a=1', 'now=1', 'b=1'].map((text) => node.submit(utf8(text)))
    timers.step()
    admissions.push(node.submit(utf8('c=1')))
    expect(prepared).toEqual(['a=1', 'now=1', 'b=1', 'c=1'])
    for (const text of ['c=1', 'a=1', 'b=1']) release.get(text)!()
    // All that promises do on their own.
    await new Promise((resolve) => setImmediate(resolve))
    expect(application.log).toEqual(['1.1', '1.2'])
    goOn(timers)
    expect(application.log).toEqual([...stepsOf(1), 'commit', 'a=1', 'now=1', 'b=1', 'c=1'])
    for (const { response } of await Promise.all(admissions)) expect(response.code).toBe(0)
    tick({ timers })
    expect(blocks.map(({ transactions }) => transactions)).toEqual([0, 4])
  })

  it('waits for its preparation still when that takes longer than the block', async () => {
    let release = (): void => undefined
    const { node, application, timers } = await setUp({
      prepareTx: (tx) =>
        fromUtf8(tx) === 'slow=1' ? new Promise((resolve) => (release = resolve)) : undefined,
    })
    timers.tick()
    const slow = node.submit(utf8('slow=1'))
    const quick = node.submit(utf8('quick=1'))
    goOn(timers)
    expect(application.log.at(-1)).toBe('commit')
    release()
    await Promise.all([slow, quick])
    expect(application.log.slice(-2)).toEqual(['slow=1', 'quick=1'])
  })

  it('is in the block that somebody makes meanwhile, after the one under way', async () => {
    const { node, application, timers, blocks } = await setUp()
    timers.tick()
    const admission = node.submit(utf8('a=1'))
    expect(node.produceBlock()).toMatchObject({ height: 2n, transactions: 1 })
    await admission
    expect(application.log).toEqual([...stepsOf(1), 'commit', 'a=1', ...stepsOf(2), 'commit'])
    expect(blocks.map(({ height }) => height)).toEqual([1n, 2n])
    // The turn that the first had asked for does nothing, and the schedule has not split in two.
    goOn(timers)
    expect(timers.timeWaiting).toBe(1)
    tick({ timers }, 2)
    expect(blocks.map(({ height }) => height)).toEqual([1n, 2n, 3n, 4n])
  })

  it('finds its outcome, when its caller waits for a block', async () => {
    const { node, timers } = await setUp({ rpc: {} })
    timers.tick()
    const tx = Buffer.from('a=1').toString('base64')
    const answer = call(node.rpcUrl, 'broadcast_tx_commit', { tx })
    await expect
      .poll(async () => {
        node.produceBlock()
        return node.findTransaction(toHexUpper(sha256(utf8('a=1'))))
      })
      .toBeDefined()
    expect((await answer).result).toMatchObject({ check_tx: { code: 0 }, tx_result: { code: 0 } })
  })
})

describe('a node between two steps', () => {
  it('says what it said before the block', async () => {
    const { node, timers, blocks } = await setUp({ rpc: {} })
    await node.submit(utf8('a=1'))
    tick({ timers }, 2)
    await node.submit(utf8('b=1'))
    const questions: [string, unknown?][] = [
      ['status'],
      ['abci_info'],
      ['abci_query', { data: toHex(utf8('b')) }],
      ['num_unconfirmed_txs'],
      ['block'],
      ['block', { height: '3' }],
      ['block_results', { height: '3' }],
      ['header', { height: '3' }],
      ['commit', { height: '3' }],
      ['commit'],
      ['validators'],
      ['blockchain'],
      ['tx', { hash: Buffer.from(sha256(utf8('b=1'))).toString('base64') }],
      ['tx_search', { query: 'tx.height>0' }],
      ['block_search', { query: 'block.height>0' }],
      ['consensus_state'],
      ['genesis'],
    ]
    const ask = async (): Promise<unknown[]> =>
      await Promise.all(questions.map(([method, params]) => call(node.rpcUrl, method, params)))
    const before = await ask()
    timers.tick()
    for (let i = 1; i < STEPS; i++) {
      expect(await ask()).toEqual(before)
      timers.step()
    }
    expect(blocks.at(-1)).toMatchObject({ height: 3n, transactions: 1 })
    expect(await ask()).not.toEqual(before)
  })

  it('finishes the block when it is stopped, and nothing goes on after', async () => {
    const { node, application, timers, blocks, fatal } = await setUp()
    timers.tick()
    timers.step()
    const admission = node.submit(utf8('a=1'))
    const stopped = node.stop()
    expect(blocks.map(({ height }) => height)).toEqual([1n])
    expect((await admission).response.code).toBe(0)
    await stopped
    expect(timers.timeWaiting).toBe(0)
    goOn(timers)
    expect(application.log).toEqual([...stepsOf(1), 'commit', 'a=1'])
    expect(() => node.produceBlock()).toThrow(code(49))
    expect([node.height(), fatal]).toEqual([1n, []])
  })

  it('makes the chain of a node that knows no steps', async () => {
    const stories = await Promise.all(
      [true, false].map(async (inSteps) => {
        const fixture = await setUp({ rpc: {} })
        const { node, application, timers } = fixture
        if (!inSteps) Reflect.deleteProperty(application, 'finalizeInSteps')
        for (let i = 0; i < 5; i++) {
          await node.submit(utf8(`k${i}=v`))
          await node.submit(utf8(`l${i}=v`))
          timers.tick()
          for (let step = 1; step < STEPS; step++) expect(timers.step()).toBe(inSteps)
        }
        const stored = await Promise.all(
          ['1', '2', '3', '4', '5'].flatMap((height) =>
            ['block', 'block_results', 'commit', 'validators'].map((method) =>
              call(node.rpcUrl, method, { height }),
            ),
          ),
        )
        return { blocks: fixture.blocks, stored }
      }),
    )
    expect(stories[0]!.blocks.map(({ transactions }) => transactions)).toEqual([2, 2, 2, 2, 2])
    expect(stories[0]).toEqual(stories[1])
  })
})

describe('a step that throws', () => {
  it('halts the node, which says why once and answers who waits', async () => {
    const { node, application, timers, fatal, warnings, blocks } = await setUp()
    tick({ timers })
    application.behaviour.breakAt = 'step 3'
    timers.tick()
    const waiting = [node.submit(utf8('a=1')), node.submit(utf8('b=1'))]
    const refused = waiting.map((each) => expect(each).rejects.toEqual(code(49)))
    timers.step()
    expect(fatal).toEqual([])
    timers.step()
    await Promise.all(refused)
    expect(fatal).toEqual([expect.objectContaining({ name: 'AssertionError', message: 'step 3 is broken' })])
    await expect(node.submit(utf8('c=1'))).rejects.toEqual(code(49))
    expect(() => node.produceBlock()).toThrow(code(49))
    expect([timers.soonWaiting, timers.timeWaiting, blocks.length, node.height()]).toEqual([0, 0, 1, 1n])
    expect([fatal.length, warnings]).toEqual([1, []])
  })

  it.each<[string, (node: EmbeddedNode) => unknown]>([
    ['somebody wants a block', (node) => expect(() => node.produceBlock()).toThrow(code(49))],
    ['the node is stopped', (node) => node.stop()],
  ])('halts it as well when %s', async (_, interrupt) => {
    const { node, application, timers, fatal } = await setUp()
    application.behaviour.breakAt = 'step 4'
    timers.tick()
    const refused = expect(node.submit(utf8('a=1'))).rejects.toEqual(code(49))
    await interrupt(node)
    await refused
    goOn(timers)
    expect(fatal).toEqual([expect.objectContaining({ message: 'step 4 is broken' })])
    expect(timers.timeWaiting).toBe(0)
  })

  it('halts it though the application is whole, before another block is made', async () => {
    const inner = createSteppingApplication()
    const { node, timers, fatal } = await setUp({
      application: {
        ...inner,
        *finalizeInSteps(request) {
          yield
          return { ...inner.finalizeBlock(request), txResults: [] }
        },
      },
    })
    await node.submit(utf8('a=1'))
    timers.tick()
    expect(() => node.produceBlock()).toThrow(code(49))
    expect(fatal).toEqual([code(45)])
    expect(inner.requests).toHaveLength(1)
  })

  it('may have the node stopped by who is told', async () => {
    let stopped: Promise<void> | undefined
    const reasons: unknown[] = []
    const { node, application, timers } = await setUp({
      onFatal: (error) => {
        reasons.push(error)
        stopped = node.stop()
      },
    })
    application.behaviour.breakAt = 'step 2'
    timers.tick()
    goOn(timers)
    await stopped
    expect(stopped).toBeDefined()
    expect(reasons).toEqual([expect.objectContaining({ message: 'step 2 is broken' })])
  })
})

describe('a halt that comes from elsewhere', () => {
  it('keeps the next step from an application that broke', async () => {
    const { node, application, timers, fatal } = await setUp({ rpc: {} })
    tick({ timers })
    timers.tick()
    const refused = expect(node.submit(utf8('a=1'))).rejects.toEqual(code(49))
    application.behaviour.breakAt = 'info'
    expect((await call(node.rpcUrl, 'abci_info')).error).toBeDefined()
    application.behaviour.breakAt = undefined
    expect(fatal).toEqual([expect.objectContaining({ message: 'info is broken' })])
    const before = [...application.log]
    goOn(timers)
    await refused
    expect(application.log).toEqual(before)
    expect([node.height(), fatal.length, timers.timeWaiting]).toEqual([1n, 1, 0])
  })

  it('finishes the block where the application did not break', async () => {
    const home = mkdtempSync(join(tmpdir(), 'halted-'))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const { node, application, timers, fatal, blocks } = await setUp({ rpc: {}, home })
    await node.submit(utf8('a=1'))
    tick({ timers })
    timers.tick()
    const admission = node.submit(utf8('b=1'))
    // The thread that writes the index finds nothing to write to.
    rmSync(homeAt(home).blocks, { recursive: true })
    expect((await call(node.rpcUrl, 'tx_search', { query: 'tx.height>0' })).error).toBeDefined()
    expect(fatal).toHaveLength(1)
    expect(node.height()).toBe(1n)
    goOn(timers)
    expect([node.height(), blocks.length, fatal.length]).toEqual([2n, 2, 1])
    expect(application.log.slice(-STEPS - 2)).toEqual([...stepsOf(2), 'commit', 'b=1'])
    expect((await admission).response.code).toBe(0)
    expect(timers.timeWaiting).toBe(0)
    expect(() => node.produceBlock()).toThrow(code(49))
  })
})

describe('a proposal that is refused', () => {
  it('is a warning; what was offered is admitted, and the schedule goes on', async () => {
    const { node, application, timers, warnings, fatal, blocks } = await setUp()
    application.behaviour.acceptProposal = () => false
    tick({ timers }, 2)
    expect(warnings).toEqual([code(43), code(43)])
    expect((await node.submit(utf8('a=1'))).response.code).toBe(0)
    application.behaviour.acceptProposal = () => true
    tick({ timers })
    expect(blocks).toEqual([expect.objectContaining({ height: 1n, transactions: 1 })])
    expect([fatal, warnings.length]).toEqual([[], 2])
  })
})

describe('who is told of a block', () => {
  it('may make another, and the schedule goes on', async () => {
    const { node, application, timers, blocks } = await setUp()
    node.onBlock(({ height }) => {
      if (height === 1n) node.produceBlock()
    })
    timers.tick()
    const admission = node.submit(utf8('a=1'))
    goOn(timers)
    await admission
    expect(application.log).toEqual([...stepsOf(1), 'commit', ...stepsOf(2), 'commit', 'a=1'])
    expect(timers.timeWaiting).toBe(1)
    tick({ timers })
    expect(blocks.map(({ height, transactions }) => [height, transactions])).toEqual([
      [1n, 0],
      [2n, 0],
      [3n, 1],
    ])
  })

  it('may offer a transaction, which comes after those that waited', async () => {
    const { node, application, timers } = await setUp()
    const admissions: unknown[] = []
    const leave = node.onBlock(() => admissions.push(node.submit(utf8('told=1'))))
    timers.tick()
    admissions.push(node.submit(utf8('a=1')))
    goOn(timers)
    leave()
    await Promise.all(admissions)
    expect(application.log.slice(STEPS)).toEqual(['commit', 'a=1', 'told=1'])
  })

  it('may stop the node', async () => {
    const { node, timers, blocks, fatal } = await setUp()
    let stopped: Promise<void> | undefined
    node.onBlock(() => (stopped = node.stop()))
    timers.tick()
    const admission = node.submit(utf8('a=1'))
    goOn(timers)
    expect((await admission).response.code).toBe(0)
    await stopped
    expect([blocks.length, timers.timeWaiting, fatal]).toEqual([1, 0, []])
  })

  it('may fail: that is a warning, and the node goes on', async () => {
    const { node, timers, warnings, blocks } = await setUp()
    const leave = node.onBlock(() => {
      throw new Error('told too much')
    })
    timers.tick()
    const admission = node.submit(utf8('a=1'))
    goOn(timers)
    leave()
    await admission
    expect(warnings).toEqual([expect.objectContaining({ message: 'told too much' })])
    tick({ timers })
    expect(blocks.map(({ transactions }) => transactions)).toEqual([0, 1])
  })
})
