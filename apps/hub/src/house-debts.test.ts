// The markets' own account owes now and then, and nobody watches its margin: a node that has just started
// would not, and two nodes have to mark the same. Seed 1 of the simulation found that they didn't.
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from './identifiers.ts'
import { MARKET_HOUSE } from './named-accounts.ts'
import { E6, E9, ETH, cashOf, deliver, redeem, trade, tradingHub } from './testing/trading-hub.fixture.ts'

describe("the markets' own account", () => {
  it('may owe cash, and is never marked as below maintenance', () => {
    const world = tradingHub()
    const { driver, prices, taker } = world
    trade(world)
    prices.set(ETH, 3_060n * E9)
    for (let i = 0; i < 3; i++) driver.block()
    // What the taker has gained is settled, the maker's loss isn't yet: the house owes it.
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('0')
    const house = createAddressCodec('cway').encodeHolder(MARKET_HOUSE)
    expect(cashOf(driver, house)).toBeLessThan(0n)
    driver.block()
    const marked = driver.responses.flatMap(({ events }) =>
      events.filter(({ type }) => type === 'causeway.risk.v1.margin_level'),
    )
    expect(marked).toEqual([])
    expect(world.broken()).toEqual([])
  })
})
