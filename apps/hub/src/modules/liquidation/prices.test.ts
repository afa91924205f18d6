// Nothing is liquidated on a price that is held or stale, nor after a restart, a halt or an outage before
// prices have been fresh for some blocks.
import type { JsonValue } from '@causeway/primitives'
import { createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { createHubApplication } from '../../app.ts'
import { exportState } from '../../block/inspect.ts'
import { Driver } from '../../testing/driver.fixture.ts'
import { hubOptions } from '../../testing/hub.fixture.ts'
import { E9, ETH, USD } from '../../testing/trading-hub.fixture.ts'
import { FAILING, OTHER, SECOND, TAKER, eventsOf, failingHub, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

const stages = (world: FailingHub) =>
  world.driver.responses.flatMap((block) =>
    eventsOf(block, 'stage').map(({ stage, reason }) => `${stage}: ${reason}`),
  )
const auctioned = (): FailingHub => {
  const world = longFailing({ params: { closingBlocks: '0' } })
  world.fall(2_780)
  world.blocksUntil(() => world.stage() === 'auction')
  return world
}
const asks = (world: FailingHub) => ({
  market: world.market('ETH-PERP').market!.id,
  ...{ isBuy: true, limitE9: 2_720n * E9 },
})
const elapsed = (world: FailingHub) =>
  world.driver.timeSeconds - world.sale(FAILING).liquidation!.stageSeconds

describe('liquidation and prices', () => {
  it('waits for three blocks of fresh prices after one was held', () => {
    const world = longFailing()
    world.prices.set(ETH, 2_700n * E9)
    const heights: Record<string, bigint> = {}
    for (let i = 0; i < 14; i++) {
      const { height } = world.driver
      const { state } =
        world.market('ETH-PERP').figures!.indexE9 === 2_700n * E9 ? { state: 'new' } : { state: 'old' }
      heights[`${state} ${world.stage()}`] ??= height
      world.driver.block()
    }
    expect(world.stage()).not.toBe('none')
    // Held for two blocks: taken over whole in the third; below by its end; then three more fresh ones
    expect(heights['new auction']! - heights['new none']!).toBeGreaterThanOrEqual(3n)
    expect(world.broken()).toEqual([])
  })

  it('begins nothing on a stale price, and takes no bid', () => {
    const world = longFailing()
    world.fall(2_860)
    world.prices.delete(ETH)
    world.blocks(30)
    expect(stages(world)).toEqual([])
    const under = auctioned()
    under.prices.delete(ETH)
    under.blocks(12)
    expect(under.sale(FAILING)).toMatchObject({ state: 'prices', priceE6: '0' })
    expect(under.bids([SECOND])).toEqual(['liquidation/2'])
    expect(under.broken()).toEqual([])
  })

  it('nor on that of collateral: all that the account depends on counts', () => {
    const world = auctioned()
    world.prices.delete(USD)
    world.blocks(12)
    expect(world.sale(FAILING).state).toBe('open')
    expect(world.bids([SECOND])).toEqual(['0'])
  })

  it('stops the clock of an auction while nobody can bid', () => {
    const world = auctioned()
    world.blocks(5)
    world.prices.delete(ETH)
    world.blocks(11)
    const before = elapsed(world)
    world.blocks(40)
    expect(elapsed(world)).toBe(before)
    world.prices.set(ETH, 2_780n * E9)
    world.blocks(5)
    expect(elapsed(world)).toBeLessThan(before + 6n)
    expect(world.sale(FAILING).state).toBe('open')
    expect(world.broken()).toEqual([])
  })

  it('after a halt waits for three blocks; an auction is where it was', () => {
    const world = auctioned()
    world.blocks(3)
    const before = elapsed(world)
    world.driver.block(3_600n)
    expect(world.sale(FAILING).state).toBe('prices')
    expect(world.bids([SECOND])).toEqual(['liquidation/2'])
    world.blocks(3)
    expect(world.sale(FAILING).state).toBe('open')
    expect(elapsed(world)).toBeLessThan(before + 5n)
    expect(world.broken()).toEqual([])
  })

  it('a slow block is no halt, as long as its prices are fresh', () => {
    const world = auctioned()
    world.driver.block(10n)
    expect(world.sale(FAILING).state).toBe('open')
    world.driver.block(12n)
    expect(world.sale(FAILING).state).toBe('prices')
  })

  it('judges nobody by the mark of the block before, which the price has left behind', () => {
    const world = longFailing()
    world.fall(2_865)
    expect(world.order(SECOND, { ...asks(world), sizeE9: 2n * E9 })).toBe('0')
    // Below maintenance for a block; the next one's prices say otherwise, and its mark is still the old one
    world.prices.set(ETH, 2_740n * E9)
    world.driver.block()
    world.prices.set(ETH, 2_865n * E9)
    world.blocks(3)
    expect(stages(world)).toEqual([])
    expect(world.sizeOf(FAILING)).toBe(`${30n * E9}`)
    expect(world.broken()).toEqual([])
  })

  it('begins none in the blocks after a halt, whatever fell meanwhile', () => {
    const world = longFailing()
    world.prices.set(ETH, 2_870n * E9)
    world.driver.block(3_600n)
    world.prices.set(ETH, 2_825n * E9)
    world.driver.block()
    world.driver.block()
    expect(stages(world)).toEqual([])
    world.blocks(3)
    expect(stages(world)[0]).toBe('closing: below')
  })

  it('is a function of state: a node that starts in the midst of it says the same', () => {
    const world = auctioned()
    world.blocks(2)
    world.driver.block(100n)
    world.blocks(4)
    world.bids([SECOND, { shareE9: E9 / 50n }])
    const storage = createMemoryStorage()
    const options = () => hubOptions(storage, { priceSource: () => [] })
    let node = createHubApplication(options())
    new Driver(node, world.driver.validators).initChain(world.state)
    const hashes = world.driver.requests.map((request, i) => {
      // Twice, the first time for nothing; and begun anew every few blocks
      if (i % 3 === 0) node.finalizeBlock(request)
      if (i % 4 === 3) node = createHubApplication(options())
      const { appHash } = node.finalizeBlock(request)
      node.commit()
      return Buffer.from(appHash).toString('hex')
    })
    expect(hashes).toEqual(world.driver.responses.map(({ appHash }) => Buffer.from(appHash).toString('hex')))
  })

  it('goes on from an export, its clock anew, three blocks later', () => {
    const world = auctioned()
    world.blocks(20)
    const exported = exportState(world.hub.chain) as JsonValue
    expect(exported).toHaveProperty('liquidation.accounts.0.stage', 'auction')
    const later = failingHub({
      of: { state: exported, timeNanoseconds: world.driver.timeNanoseconds },
      prices: world.prices,
    })
    for (const name of [FAILING, OTHER, TAKER, SECOND]) later.of(name).sequence = world.of(name).sequence
    later.blocks(2)
    expect(later.stage()).toBe('auction')
    expect(later.sale(FAILING).state).toBe('prices')
    later.blocks(4)
    expect(later.sale(FAILING).state).toBe('open')
    expect(elapsed(later)).toBeLessThan(7n)
    expect(later.bids([SECOND])).toEqual(['0'])
    expect(later.broken()).toEqual([])
  })
})
