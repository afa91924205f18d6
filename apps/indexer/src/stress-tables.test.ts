// The tables in memory follow a hub through calm and the first of a crash, from the beginning and from its
// middle; and they see what a block didn't tell.

import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { StressWorld } from '../../hub/src/stress/world.fixture.ts'
import { StressTables } from './stress-tables.fixture.ts'

const LONG_MS = 300_000

function world(): StressWorld {
  const size = { traders: 40, makers: 2, bidders: 2 }
  return new StressWorld({ seed: 7, size, storage: createMemoryStorage() })
}

function live(lived: StressWorld, blocks: number): void {
  for (let i = 0; i < blocks; i++) lived.step()
}

describe('tables in memory', () => {
  it('say what the hub says, whenever they begin', { timeout: LONG_MS }, () => {
    const lived = world()
    const whole = new StressTables(lived)
    live(lived, 30)
    const later = new StressTables(lived)
    for (let i = 0; i < 9; i++) {
      live(lived, 10)
      expect(whole.differences(lived.state)).toEqual([])
      expect(later.differences(lived.state)).toEqual([])
    }
    expect(lived.coverage.told('causeway.markets.v1.fill taker')).toBeGreaterThan(50)
    expect(lived.coverage.told('causeway.cash.v1.interest')).toBeGreaterThan(50)
  })

  it('miss a fill, cash and a balance that nobody told of', { timeout: LONG_MS }, () => {
    const lived = world()
    live(lived, 4)
    const type = ['causeway.markets.v1.fill', 'causeway.cash.v1.cash', 'causeway.ledger.v1.balance']
    const { driver } = lived
    const execute = driver.execute.bind(driver)
    driver.execute = (request) => {
      const response = execute(request)
      const told = <T extends { type: string }>(events: T[]) =>
        events.filter((each) => !type.includes(each.type))
      const txResults = response.txResults.map((each) => ({ ...each, events: told(each.events) }))
      return { ...response, events: told(response.events), txResults }
    }
    const tables = new StressTables(lived)
    live(lived, 40)
    const kinds = new Set(tables.differences(lived.state).map((each) => each.split(' ')[0]))
    expect([...kinds].sort()).toEqual(['balance', 'cash', 'position'])
  })
})
