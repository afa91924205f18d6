// A bid is judged when it comes, and twice when its block ends: all of it is paid for.
import type { Any } from '@causeway/protocol'
import { expect, it } from 'vitest'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { E6, E9, order, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FAILING, OTHER, SECOND, TAKER } from './failing.fixture.ts'
import { marketsHub, trade } from './markets.fixture.ts'

/** Gas of a bid of an account with so many orders in another subaccount. */
function gasOfBid(orders: number): bigint {
  const world = marketsHub({ params: { closingBlocks: '0' } })
  const { driver } = world
  world.give(TAKER, OTHER, 10_000n * E6)
  trade(world, [FAILING, OTHER], { symbol: 'ETH-PERP', sizeE9: 30n * E9, priceE9: 3_000n * E9 })
  const market = world.market('BTC-PERP').market!.id
  const bidder = world.of(SECOND)
  const terms = { market, subaccount: 1, isBuy: true, sizeE9: E9 / 1_000n, limitE9: 30_000n * E9 }
  world.act(SECOND, transferCash(bidder.address, `${bidder.address}/1`, 950n * E6))
  for (let i = 0; i < orders; i += 10) {
    const acts = Array<Any>(10).fill(order(bidder, terms))
    const sequence = driver.timeNanoseconds / 1_000_000n
    expect(codeOf(driver.submit(bidder.sign(acts, { gasLimit: 300_000n, fee: [], sequence })))).toBe('0')
    expect(codeOf(driver.block().txResults.at(-1))).toBe('0')
  }
  for (const share of [0.955, 0.84]) world.fall(3_000 * share)
  world.blocksUntil(() => world.stage() !== 'none')
  const bid = world.bid(SECOND, { bidder: bidder.address, shareE9: 2_000_000n })
  const tx = bidder.sign([bid], { gasLimit: 5_000_000n, fee: [{ denom: 'ucway', amount: '125000' }] })
  expect(codeOf(driver.submit(tx))).toBe('0')
  const result = driver.block().txResults.at(-1)!
  expect(codeOf(result)).toBe('0')
  return result.gasUsed
}

it('counts the orders of the whole account three times', () => {
  const [none, some] = [gasOfBid(0), gasOfBid(50)]
  expect(some - none).toBeGreaterThanOrEqual(3n * 50n * 100n)
  expect(some - none).toBeLessThan(4n * 50n * 100n)
})
