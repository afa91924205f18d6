// What the tables of a run have got wrong once is not forgotten when it stops and goes on.

import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import type { StressOptions } from '../../hub/src/stress/world.fixture.ts'
import { ComparedRun } from './compared-run.fixture.ts'

const LONG_MS = 300_000
const SIZE = { traders: 20, makers: 2, bidders: 2 }

/** A directory of its own: begins a run, or goes on with it. */
function directory() {
  const storage = createMemoryStorage()
  const kept = new Map<bigint, Uint8Array>()
  const checkpoints: NonNullable<StressOptions['checkpoints']> = {
    write: (height, checkpoint) => void kept.set(height, checkpoint),
    read: (height) => kept.get(height)!,
  }
  return () => new ComparedRun(new StressWorld({ seed: 7, size: SIZE, storage, checkpoints }))
}

function live(compared: ComparedRun, to: bigint): string[] {
  const told: string[] = []
  while (compared.run.world.height < to) told.push(...compared.step().differences)
  return told
}

/** From here on the tables hear of no fill. */
function deafen({ run }: ComparedRun): void {
  const { driver } = run.world
  const execute = driver.execute.bind(driver)
  driver.execute = (request) => {
    // The tables follow within; what they are told is what the hub answers
    const { application } = driver
    const answer = application.finalizeBlock.bind(application)
    application.finalizeBlock = (asked) => {
      const response = answer(asked)
      return {
        ...response,
        events: response.events.filter(({ type }) => type !== 'causeway.markets.v1.fill'),
      }
    }
    try {
      return execute(request)
    } finally {
      application.finalizeBlock = answer
    }
  }
}

describe('a run that is compared', () => {
  it('says what the hub says, and where the tables were read anew', { timeout: LONG_MS }, () => {
    const begin = directory()
    expect(live(begin(), 60n)).toEqual([])
    const second = begin()
    expect(live(second, 110n)).toEqual([])
    expect(second.run.tally).toMatchObject({ different: 0, begun: [0, 60] })
    expect(begin().run.tally.begun).toEqual([0, 60, 110])
  })

  it('compares each hundredth block, and those with a liquidation', { timeout: LONG_MS }, () => {
    const compared = directory()()
    const seen: bigint[] = []
    while (compared.run.world.height < 101n) {
      const { height, isCompared, events } = compared.step()
      if (isCompared) seen.push(height)
      const isLiquidated = events.some(({ type }) => /^causeway[.](liquidation|insurance)[.]/.test(type))
      expect(isCompared).toBe(height === 100n || isLiquidated)
    }
    expect(seen).toContain(100n)
  })

  it('remembers differences though it stopped right after they were found', { timeout: LONG_MS }, () => {
    const begin = directory()
    const first = begin()
    live(first, 50n)
    deafen(first)
    const told = live(first, 100n)
    expect(told.join()).toContain('position of')
    expect(first.run.tally.different).toBe(told.length)
    // Stopped here: no block has been lived since
    const later = begin()
    expect(later.run.tally).toMatchObject({ different: told.length, begun: [0, 100] })
    expect(live(later, 130n)).toEqual([])
    expect(begin().run.tally).toMatchObject({ different: told.length, begun: [0, 100, 130] })
  })
})
