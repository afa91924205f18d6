// What keeps an account from being liquidated, and what does not: tokens whose price is dead.
import { describe, expect, it } from 'vitest'
import { E9, ETH, balanceOf } from '../../testing/trading-hub.fixture.ts'
import { FAILING, OTHER, SECOND } from './failing.fixture.ts'
import { BTC, ONE_ETH, marketsHub, trade } from './markets.fixture.ts'

/** Long 1.3 BTC with 20,000 cash, and some ether, of which nobody knows the price any more. */
function shielded(ether: bigint) {
  const world = marketsHub({ params: { closingBlocks: '0' }, ether: { [FAILING]: ether } })
  trade(world, [FAILING, OTHER], { symbol: 'BTC-PERP', sizeE9: (13n * E9) / 10n, priceE9: 60_000n * E9 })
  world.prices.delete(ETH)
  world.blocks(12)
  return world
}

describe('collateral without a price', () => {
  it('is no shield where the account is below even if it were worth twice as much', () => {
    const world = shielded(ONE_ETH / 1_000n)
    world.fall(52_000, BTC)
    world.blocksUntil(() => world.stage() === 'auction')
    expect(world.sale(FAILING).state).toBe('open')
    expect(world.bids([SECOND])).toEqual(['0'])
    expect(BigInt(world.sizeOf(SECOND, 'BTC-PERP'))).toBeGreaterThan(0n)
    // It is not sold at a price that nobody knows
    expect(balanceOf(world.driver, world.addressOf(SECOND), 'eth')).toBe(0n)
    expect(balanceOf(world.driver, world.addressOf(FAILING), 'eth')).toBe(ONE_ETH / 1_000n)
    expect(world.broken()).toEqual([])
  })

  it('keeps whoever it could make healthy from being liquidated', () => {
    const world = shielded(2n * ONE_ETH)
    world.fall(48_000, BTC)
    world.blocks(6)
    expect(BigInt(world.sale(FAILING).maintenanceMarginE6)).toBeLessThan(0n)
    expect(world.stage()).toBe('none')
    world.prices.set(ETH, 3_000n * E9)
    world.blocksUntil(() => world.stage() !== 'none')
    expect(world.broken()).toEqual([])
  })
})
