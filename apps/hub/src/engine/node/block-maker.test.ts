import { describe, expect, it } from 'vitest'
import { AssertionError, toHex, utf8 } from '@causeway/primitives'
import { STEPS, createSteppingApplication, holdTimers } from '../stepping.fixture.ts'
import type { HeldTimers, SteppingApplication } from '../stepping.fixture.ts'
import { testChain } from '../test-chain.fixture.ts'
import type { AppliedBlock } from './apply-block.ts'
import { BlockMaker } from './block-maker.ts'
import { TxIntake } from './tx-intake.ts'

interface Fixture {
  readonly maker: BlockMaker
  readonly intake: TxIntake
  readonly application: SteppingApplication
  readonly timers: HeldTimers
  /** What came of the blocks that were begun: heights, or errors. */
  readonly made: unknown[]
  /** Begins a block. */
  begin(): void
  height(): bigint
}

function setUp(during?: (step: number, fixture: Fixture) => void): Fixture {
  const application = createSteppingApplication(undefined, (step) => during?.(step, fixture))
  const { core } = testChain({ application })
  const intake = new TxIntake(core.mempool, undefined)
  const timers = holdTimers()
  const maker = new BlockMaker({ core, intake, timers })
  const made: unknown[] = []
  const fixture: Fixture = {
    ...{ maker, intake, application, timers, made },
    begin: () => maker.begin((outcome) => void made.push(heightOf(outcome))),
    height: () => core.state.lastHeight,
  }
  return fixture
}

function heightOf(outcome: () => AppliedBlock): unknown {
  try {
    return outcome().made.header.height
  } catch (error) {
    return error
  }
}

/** The steps of one block. */
const stepsOf = (height: number, from = 1, to = STEPS): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${height}.${from + i}`)

describe('a block made in steps', () => {
  it('does one each time that others have had their turn', () => {
    const { timers, application, made, begin } = setUp()
    begin()
    for (let done = 1; done < STEPS; done++) {
      expect(application.log).toEqual(stepsOf(1, 1, done))
      expect(made).toEqual([])
      expect(timers.soonWaiting).toBe(1)
      timers.step()
    }
    expect(application.log).toEqual([...stepsOf(1), 'commit'])
    expect(made).toEqual([1n])
    expect(timers.soonWaiting).toBe(0)
  })

  it('makes up by steps for what others took longer than it', () => {
    let now = 0
    // Each step takes 10
    const { timers, application, made, begin } = setUp(() => (now += 10))
    timers.now = () => now
    begin()
    now += 4
    timers.step()
    now += 16
    timers.step()
    expect(application.log).toEqual(stepsOf(1, 1, 3))
    while (timers.step());
    expect(application.log).toEqual([...stepsOf(1), 'commit'])
    expect(made).toEqual([1n])
    begin()
    now += 25
    timers.step()
    // 25 for others: two more of 10 come at once.
    expect(application.log).toEqual([...stepsOf(1), 'commit', ...stepsOf(2, 1, 3)])
    now += 100
    timers.step()
    expect(application.log).toEqual([...stepsOf(1), 'commit', ...stepsOf(2), 'commit'])
    expect(made).toEqual([1n, 2n])
  })

  it('is the block that is made at once', () => {
    const hashes = [true, false].map((inSteps) => {
      const { maker, timers } = setUp()
      const blocks: string[] = []
      const note = (outcome: () => AppliedBlock): void =>
        void blocks.push(toHex(outcome().made.blockId.hash), toHex(outcome().response.appHash))
      for (let i = 0; i < 3; i++) {
        if (!inSteps) {
          const block = maker.now()
          note(() => block)
          continue
        }
        maker.begin(note)
        while (timers.step());
      }
      return blocks
    })
    expect(hashes[0]).toHaveLength(6)
    expect(hashes[0]).toEqual(hashes[1])
  })

  it('may be finished at any of them; what was to follow does nothing', () => {
    for (let done = 1; done < STEPS; done++) {
      const { maker, timers, application, made, begin } = setUp()
      begin()
      for (let i = 1; i < done; i++) timers.step()
      maker.finish()
      maker.finish()
      expect(application.log).toEqual([...stepsOf(1), 'commit'])
      expect(timers.step()).toBe(true)
      expect(timers.step()).toBe(false)
      expect(application.log).toHaveLength(STEPS + 1)
      expect(made).toEqual([1n])
    }
  })

  it('is finished before another is begun, and its leftover turn is not the other’s', () => {
    const { timers, application, made, begin } = setUp()
    begin()
    begin()
    expect(made).toEqual([1n])
    expect(application.log).toEqual([...stepsOf(1), 'commit', '2.1'])
    timers.step()
    expect(application.log.at(-1)).toBe('2.1')
    timers.step()
    expect(application.log.at(-1)).toBe('2.2')
    while (timers.step());
    expect(made).toEqual([1n, 2n])
  })

  it('tells once what a step throws, and another may be made', () => {
    const { maker, timers, application, made, begin } = setUp()
    application.behaviour.breakAt = 'step 3'
    begin()
    while (timers.step());
    expect(made).toEqual([expect.any(AssertionError)])
    maker.finish()
    expect(made).toHaveLength(1)
    application.behaviour.breakAt = undefined
    expect(maker.now().made.header.height).toBe(1n)
    begin()
    while (timers.step());
    expect(made).toHaveLength(2)
    expect(made[1]).toBe(2n)
  })

  it('tells what its beginning throws', () => {
    const { timers, application, made, begin, intake } = setUp()
    application.behaviour.acceptProposal = () => false
    begin()
    expect(made).toEqual([expect.objectContaining({ codespace: 'engine', code: 43 })])
    expect(timers.soonWaiting).toBe(0)
    expect(intake.submit(utf8('a=1'))).toMatchObject({ response: { code: 0 } })
  })

  it('is not made at once while one is under way', () => {
    const { maker, begin, timers, made } = setUp()
    begin()
    expect(() => maker.now()).toThrow(AssertionError)
    while (timers.step());
    expect(made).toEqual([1n])
    expect(maker.now().made.header.height).toBe(2n)
  })
})

describe('what arrives while a block is made', () => {
  it('is admitted after who waits for the block was told, in order', async () => {
    const { maker, intake, timers, application } = setUp()
    maker.begin((outcome) => void application.log.push(`told of ${outcome().made.header.height}`))
    const admissions = []
    for (const text of ['a=1', 'b=2', 'c=3']) {
      admissions.push(intake.submit(utf8(text)))
      timers.step()
    }
    await Promise.all(admissions)
    expect(application.log).toEqual([...stepsOf(1), 'commit', 'told of 1', 'a=1', 'b=2', 'c=3'])
  })

  it('is admitted though the block failed, or who was told of it did', async () => {
    const { maker, intake, timers, application } = setUp()
    application.behaviour.breakAt = 'step 2'
    maker.begin(() => undefined)
    const first = intake.submit(utf8('a=1'))
    timers.step()
    expect(await first).toMatchObject({ response: { code: 0 } })
    application.behaviour.breakAt = undefined
    maker.begin(() => {
      throw new Error('told too much')
    })
    const second = intake.submit(utf8('b=1'))
    expect(() => maker.finish()).toThrow('told too much')
    expect(await second).toMatchObject({ response: { code: 0 } })
    expect(intake.submit(utf8('c=1'))).toMatchObject({ response: { code: 0 } })
  })

  it('waits for the next block as well when that is begun by who was told of the first', async () => {
    const { maker, intake, timers, application, made, begin } = setUp()
    maker.begin(() => begin())
    const admission = intake.submit(utf8('a=1'))
    maker.finish()
    expect(application.log).toEqual([...stepsOf(1), 'commit', '2.1'])
    while (timers.step());
    await admission
    expect(made).toEqual([2n])
    expect(application.log.slice(STEPS + 1)).toEqual([...stepsOf(2), 'commit', 'a=1'])
  })
})

describe('a step', () => {
  it('that wants its own block finished leaves that to it', () => {
    const { timers, application, made, begin } = setUp((step, { maker }) => {
      if (step !== 1) maker.finish()
    })
    begin()
    while (timers.step());
    expect(application.log).toEqual([...stepsOf(1), 'commit'])
    expect(made).toEqual([1n])
  })

  it('that wants another block begins none, and its own fails', () => {
    let asked = 0
    const { timers, made, begin, height } = setUp((step, { maker }) => {
      if (step === 2 && asked++ === 0) maker.begin(() => undefined)
    })
    begin()
    while (timers.step());
    expect(made).toEqual([expect.any(AssertionError)])
    expect(height()).toBe(0n)
  })

  it('that offers a transaction has it admitted after the block', () => {
    const { timers, application, begin } = setUp((step, { intake }) => {
      if (step === 2) void intake.submit(utf8('within=1'))
    })
    begin()
    while (timers.step());
    expect(application.log).toEqual([...stepsOf(1), 'commit', 'within=1'])
  })
})
