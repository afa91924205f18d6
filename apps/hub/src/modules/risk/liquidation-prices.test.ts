// Where an account would be below maintenance, asked over a whole hub, and whether it is so there.
import {
  QueryLiquidationPricesRequest,
  QueryLiquidationPricesResponse,
} from '@causeway/protocol/causeway/risk/v1/query'
import { describe, expect, it } from 'vitest'
import { E9, ETH, portfolio } from '../../testing/trading-hub.fixture.ts'
import { FAILING, OTHER, TAKER, longFailing } from '../liquidation/failing.fixture.ts'
import type { FailingHub } from '../liquidation/failing.fixture.ts'

function prices(world: FailingHub, name: string) {
  const request = QueryLiquidationPricesRequest.encode({ account: world.addressOf(name) }).finish()
  const { code, value } = world.driver.query('/causeway.risk.v1.Query/LiquidationPrices', request)
  expect(code).toBe(0)
  return QueryLiquidationPricesResponse.decode(value).prices
}

describe('liquidation prices', () => {
  it('of a long lie below, of a short above; who has no position has none', () => {
    const world = longFailing()
    const [long] = prices(world, FAILING)
    expect(long).toMatchObject({ underlying: ETH, spotE9: 3_000n * E9, upE9: 0n })
    expect(long!.downE9).toBeGreaterThan(2_000n * E9)
    expect(long!.downE9).toBeLessThan(3_000n * E9)
    const [short] = prices(world, OTHER)
    expect(short).toMatchObject({ underlying: ETH, downE9: 0n })
    expect(short!.upE9).toBeGreaterThan(3_000n * E9)
    expect(prices(world, TAKER)).toEqual([])
  })

  it('are where maintenance margin is 0, but for what a mark is away from its index', () => {
    const world = longFailing()
    const [{ downE9 } = { downE9: 0n }] = prices(world, FAILING)
    const margin = () => BigInt(portfolio(world.driver, world.addressOf(FAILING)).maintenanceMarginE6)
    const before = margin()
    world.fall(Number(downE9) / 1e9 + 30)
    const near = margin()
    expect(near).toBeGreaterThan(0n)
    expect(near * 5n).toBeLessThan(before)
    world.fall(Number(downE9) / 1e9 - 30)
    expect(margin()).toBeLessThan(0n)
    // Who fails already is told where it would not.
    const [failing] = prices(world, FAILING)
    expect(failing!.spotE9).toBeLessThan(failing!.upE9)
    expect(failing!.downE9).toBe(0n)
  })
})
