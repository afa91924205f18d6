// A hedge of a perpetual and a future asks little margin. Who closes one leg alone has what it can't carry:
// no set of orders that reduce may bring it there, whichever of them somebody fills.
import { expect, it } from 'vitest'
import { QueryMarketsRequest, QueryMarketsResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { E6, E9, order, portfolio, transferCash } from '../testing/trading-hub.fixture.ts'
import { arena } from './arena.fixture.ts'

const GRID = { tickE9: '10000000', lotE9: '100000000' }
const NAMES = ['hedger', 'other', 'counter'] as const

it.each([true, false])('reduce-only %s: two legs and a little, of which one fills', (reduceOnly) => {
  const world = arena(NAMES, { hasSurfaces: true, expiries: 4, underlying: { future: GRID } })
  const { driver, of } = world
  expect(world.fund(...NAMES)).toBe(true)
  world.blocks(3)
  const data = QueryMarketsRequest.encode(QueryMarketsRequest.fromPartial({})).finish()
  const list = QueryMarketsResponse.decode(driver.query('/causeway.markets.v1.Query/Markets', data).value)
  const id = (pattern: RegExp) => list.markets.find(({ market }) => pattern.test(market!.symbol))!.market!.id
  const [perpetual, future] = [id(/^ETH-PERP$/), id(/^ETH-\d{8}$/)]
  const margin = () => BigInt(portfolio(driver, of('hedger').address).initialMarginE6)
  const sizes = () =>
    portfolio(driver, of('hedger').address).positions.map(({ sizeE9 }) => Number(BigInt(sizeE9)) / 1e9)

  // 1. 20 and −20, and 50 cash more than margin asks
  const size = { sizeE9: 20n * E9, limitE9: 3_000n * E9 }
  for (const [name, market, isBuy] of [
    ['other', perpetual, false],
    ['hedger', perpetual, true],
    ['counter', future, true],
    ['hedger', future, false],
  ] as const)
    expect(world.order(name, { market, isBuy, ...size })).toBe('0')
  world.blocks(2)
  expect(sizes()).toEqual([20, -20])
  const spare = margin() - 50n * E6
  expect(world.act('hedger', transferCash(of('hedger').address, of('other').address, spare))).toBe('0')

  // 2. Only the perpetual has somebody to fill it
  expect(world.order('other', { market: perpetual, isBuy: true, ...size })).toBe('0')
  const hedger = of('hedger')
  const legs = [
    order(hedger, { market: future, isBuy: true, sizeE9: 19n * E9, limitE9: 2_975n * E9, reduceOnly }),
    order(hedger, { market: perpetual, isBuy: false, sizeE9: 19n * E9, limitE9: 2_990n * E9, reduceOnly }),
    order(hedger, { market: perpetual, isBuy: false, sizeE9: E9 / 10n, limitE9: 2_990n * E9, reduceOnly }),
  ]
  const sequence = driver.timeNanoseconds / 1_000_000n
  expect(driver.submit(hedger.sign(legs, { gasLimit: 90_000n, fee: [], sequence })).code).toBe(0)
  world.blocks(3)

  // 3. The legs went; what helps by itself was filled
  expect(sizes()).toEqual([19.9, -20])
  expect(margin()).toBeGreaterThanOrEqual(0n)
  expect(world.broken()).toEqual([])
})
