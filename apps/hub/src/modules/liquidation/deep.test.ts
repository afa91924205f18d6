// Closing orders are for who is a little below; from whom the market runs away is for sale at once.
import { describe, expect, it } from 'vitest'
import { E9, ETH } from '../../testing/trading-hub.fixture.ts'
import { FAILING, SECOND, eventsOf, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

const stages = (world: FailingHub) =>
  world.driver.responses.flatMap((block) =>
    eventsOf(block, 'stage').map(({ stage, reason }) => `${stage}: ${reason}`),
  )

/** Maintenance margin below zero, as a share of the requirement in basis points. */
function depthBps(world: FailingHub): bigint {
  const { valueE6, maintenanceMarginE6 } = world.sale(FAILING)
  const requirementE6 = BigInt(valueE6) - BigInt(maintenanceMarginE6)
  return (-BigInt(maintenanceMarginE6) * 10_000n) / requirementE6
}

/** Down in steps that no block holds, until somebody begins it. */
function fallen(price: number): FailingHub {
  const world = longFailing()
  world.fall(2_870)
  expect(world.stage()).toBe('none')
  world.prices.set(ETH, BigInt(price) * E9)
  world.blocksUntil(() => world.stage() !== 'none')
  return world
}

describe('how deep an account is below maintenance', () => {
  it('decides whether orders close it first', () => {
    const seen = [2_825, 2_810, 2_795, 2_780, 2_765, 2_750, 2_735].map((price) => {
      const world = fallen(price)
      return { stage: stages(world)[0], depth: depthBps(world) }
    })
    for (const { stage, depth } of seen)
      expect(stage).toBe(depth > 1_000n ? 'auction: below' : 'closing: below')
    const kinds = new Set(seen.map(({ stage }) => stage))
    expect(kinds).toEqual(new Set(['closing: below', 'auction: below']))
  })

  it('ends the closing in the block that finds it deep, before its five blocks are over', () => {
    const world = fallen(2_825)
    expect(stages(world)).toEqual(['closing: below'])
    world.prices.set(ETH, 2_740n * E9)
    world.blocks(2)
    expect(stages(world)).toEqual(['closing: below', 'auction: unclosed'])
    expect(world.sale(FAILING).liquidation!.closingBlocks).toBeLessThan(4)
    expect(world.sale(FAILING).state).toBe('open')
    expect(world.bids([SECOND])).toEqual(['0'])
    expect(world.broken()).toEqual([])
  })

  it('does not matter once its auction has begun: no order of the chain’s comes back', () => {
    const world = fallen(2_740)
    expect(stages(world)).toEqual(['auction: below'])
    world.prices.set(ETH, 2_840n * E9)
    world.blocks(3)
    expect(world.stage()).toBe('auction')
    expect(stages(world)).toEqual(['auction: below'])
    expect(world.driver.responses.flatMap((block) => eventsOf(block, 'closing'))).toEqual([])
    expect(world.broken()).toEqual([])
  })

  it('is the same on every node', () => {
    const world = fallen(2_825)
    world.prices.set(ETH, 2_740n * E9)
    world.blocks(2)
    world.bids([SECOND])
    const hashes = world.driver.responses.map(({ appHash }) => Buffer.from(appHash).toString('hex'))
    expect(world.replay()).toEqual(hashes)
  })
})
