// A chain that comes back after hours with prices that nobody has checked yet (dYdX, 2025-10): oracle
// processes start late, the first prices are off, and accounts are liquidated by them.
import { describe, expect, it } from 'vitest'
import { FAILING, SECOND, eventsOf, longFailing } from '../modules/liquidation/failing.fixture.ts'
import type { FailingHub } from '../modules/liquidation/failing.fixture.ts'
import { E9, ETH } from '../testing/trading-hub.fixture.ts'
import { worthE6 } from './arena.fixture.ts'

const stages = ({ driver }: FailingHub) => driver.responses.flatMap((block) => eventsOf(block, 'stage'))

/** For three blocks a price at which the account is far below maintenance, then the true one. */
function wick(world: FailingHub): void {
  world.prices.set(ETH, 2_740n * E9)
  world.blocks(3)
  world.prices.set(ETH, 2_865n * E9)
  world.blocks(8)
}

describe('eight hours without a block, and a wrong price after', () => {
  it('liquidates nobody: three blocks of fresh prices come first', () => {
    const world = longFailing()
    world.fall(2_865)
    const before = worthE6(world, FAILING)
    world.prices.delete(ETH)
    world.driver.block(28_800n)
    world.blocks(4)
    wick(world)
    expect(stages(world)).toEqual([])
    expect(world.sizeOf(FAILING)).toBe(`${30n * E9}`)
    // But for funding of the hours nothing is lost
    const lostE6 = before - worthE6(world, FAILING)
    expect(lostE6).toBeLessThan(10_000_000n)
    expect(world.broken()).toEqual([])
  })

  it('nor does it sell whom it was selling before: no bid is taken, and the auction’s clock waits', () => {
    const world = longFailing({ params: { closingBlocks: '0' } })
    world.fall(2_780)
    world.blocksUntil(() => world.stage() === 'auction')
    const { discountE9 } = world.sale(FAILING)
    world.driver.block(28_800n)
    expect(world.bids([SECOND])).toEqual(['liquidation/2'])
    world.blocks(3)
    expect(world.sale(FAILING).state).toBe('open')
    expect(discountE9 - world.sale(FAILING).discountE9).toBeLessThan(E9 / 50n)
    expect(world.broken()).toEqual([])
  })

  it('while the same price without a halt is what it is', () => {
    const world = longFailing()
    world.fall(2_865)
    wick(world)
    expect(stages(world)[0]).toMatchObject({ reason: 'below' })
  })
})
