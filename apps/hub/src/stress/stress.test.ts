// A world that stops is the same one when it goes on; and its plan holds every worst day.
import { createMemoryStorage } from '@causeway/state-tree'
import { toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { brokenEscrows } from './escrows.fixture.ts'
import { HOMES } from './homes.fixture.ts'
import { CASH_STORE } from '../modules/cash/state.ts'
import { MARKETS_STORE } from '../modules/markets/state.ts'
import { memoryContext } from '../testing/memory-context.fixture.ts'
import { StressRun } from './run.fixture.ts'
import { Plan, WORST_DAYS } from './scenarios.fixture.ts'
import { Shadow } from './shadow.fixture.ts'
import { brokenPromises, summaryOf } from './tally.fixture.ts'
import { StressWorld } from './world.fixture.ts'
import type { StressOptions } from './world.fixture.ts'

const SEED = 7
const SIZE = { traders: 20, makers: 2, bidders: 2 }
const LONG_MS = 300_000

/** What belongs to the last two heights, as files would keep it. */
function keeper(): NonNullable<StressOptions['checkpoints']> {
  const kept = new Map<bigint, Uint8Array>()
  return {
    write(height, checkpoint) {
      kept.set(height, checkpoint)
      kept.delete(height - 2n)
    },
    read: (height) => kept.get(height)!,
  }
}

function livedTo(height: bigint, stops: readonly bigint[]): { hash: string; run: StressRun } {
  const [storage, checkpoints] = [createMemoryStorage(), keeper()]
  const begin = () => new StressRun(new StressWorld({ seed: SEED, size: SIZE, storage, checkpoints }))
  let run = begin()
  let hash = ''
  while (run.world.height < height) {
    hash = toHex(run.step().appHash)
    if (stops.includes(run.world.height)) run = begin()
  }
  return { hash, run }
}

describe('a world under stress', () => {
  it(
    'goes on as the same one wherever it stops, with all counts and packets on their way',
    { timeout: LONG_MS },
    () => {
      const whole = livedTo(44n, [])
      const parts = livedTo(44n, [2n, 9n, 24n, 41n, 43n])
      expect(parts.hash).toBe(whole.hash)
      expect(parts.run.reports).toEqual(whole.run.reports)
      expect(parts.run.world.coverage.report()).toBe(whole.run.world.coverage.report())
      expect(parts.run.world.homes.snapshot()).toEqual(whole.run.world.homes.snapshot())
      expect(whole.run.world.coverage.succeeded('relay')).toBeGreaterThan(0)
    },
  )

  it('proves both sides of every line, and sees what one of them has lost', { timeout: LONG_MS }, () => {
    const { run } = livedTo(24n, [])
    const { world } = run
    expect(brokenEscrows(world)).toEqual([])
    for (const [home, { base }] of HOMES.entries()) {
      const chain = world.homes.chains[home]!
      const locked = chain.escrow.get(base)!
      // A unit is gone, and the chain’s newest state says so
      chain.escrow.set(base, locked - 1n)
      chain.block(world.timeSeconds)
      expect(brokenEscrows(world).join()).toContain(`${chain.chainId} holds`)
      // It is claimed to be there, and the state doesn’t say so
      chain.escrow.set(base, locked)
      expect(() => brokenEscrows(world)).toThrow('the proof is for another value')
      chain.block(world.timeSeconds)
      expect(brokenEscrows(world)).toEqual([])
    }
  })

  it('has a second book that sees what no event told', { timeout: LONG_MS }, () => {
    const { world } = livedTo(60n, []).run
    const shadow = new Shadow(world.state)
    expect(shadow.differences(world.state)).toEqual([])
    const events = Array.from({ length: 20 }, () => world.step().events).flat()
    const untold = shadow.differences(world.state)
    expect(untold.length).toBeGreaterThan(3)
    expect(shadow.follow(world.state, events)).toEqual([])
    expect(shadow.differences(world.state)).toEqual([])
    // Whoever the state doesn't know any more is missed, too
    const nobody = memoryContext([CASH_STORE, MARKETS_STORE])
    const gone = shadow.differences(nobody)
    expect(gone.length).toBeGreaterThanOrEqual(SIZE.traders + SIZE.makers)
    expect(gone).toEqual(expect.arrayContaining(untold))
  })

  it('has every worst day in the first 2,000 blocks, and each as often as the others later', () => {
    const plan = new Plan(SEED)
    const begun = (from: number, to: number) => {
      const days: string[] = []
      for (let i = from; i < to; i++) {
        const { scenario, round, isQuiet } = plan.at(i)
        if (!isQuiet && plan.at(i - 1).round !== round) days.push(scenario)
      }
      return days
    }
    const names = WORST_DAYS.map(({ name }) => name)
    expect(begun(1, 2_000).slice(0, names.length)).toEqual(names)
    const all = begun(1, 100_000)
    for (const name of names) expect(all.filter((each) => each === name).length).toBeGreaterThan(35)
  })

  it('sums what days came to', () => {
    const nothing = {
      ...{ liquidated: 0, sales: 0, insured: 0, auctioned: 0, deleveraged: 0, socialised: 0, fees: 0 },
      ...{ accounts: 9, carried: {} },
    }
    const day = { ...nothing, scenario: 'gap', round: 5, firstHeight: 9, blocks: 60, naiveSold: 0 }
    const better = { ...day, badDebt: 1, naiveBadDebt: 2, openInterest: 100 }
    const worse = { ...day, badDebt: 3, naiveBadDebt: 2, openInterest: 100 }
    const soft = { ...better, openInterest: 1_000_000 }
    expect([soft, { ...soft, scenario: 'crash' }, better].flatMap(brokenPromises)).toEqual([])
    expect([worse, { ...better, scenario: 'crash' }].flatMap(brokenPromises)).toEqual([
      'gap from 9: bad debt of 3, a naive liquidator’s is 2',
      'crash from 9: bad debt of 1 is 1.000 % of the open interest',
    ])
    const line = summaryOf([better, worse])
      .split('\n')
      .find((each) => each.includes('gap'))!
    expect(line.trim().split(/\s+/)).toEqual(['gap', '2', '120', '0', '0', '4', '4', '3.000', '%', '1'])
  })
})
