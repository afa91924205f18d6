// Options are liquidated by a volatility that the oracle tells now, and by no other.
import { describe, expect, it } from 'vitest'
import { E6, E9, place, portfolio, order } from '../../testing/trading-hub.fixture.ts'
import { FAILING, OTHER, SECOND, failingHub } from './failing.fixture.ts'

/** Options by the hundred are listed beside the one that is sold: slow on a busy machine. */
const TIMEOUT_MS = 300_000
const GRID = { tickE9: '10000000', lotE9: '100000000' }

/** The failing account is short calls two days off, hardly any margin left; a test says what is voted. */
function shortCalls(size = 25n) {
  const voted = { isOn: true, isWhole: true }
  const world = failingHub({
    ...{ hasSurfaces: true, expiries: 2 },
    underlying: { option: GRID },
    surfaces: (votes) =>
      !voted.isOn
        ? []
        : votes.map((vote) => ({ ...vote, smiles: voted.isWhole ? vote.smiles : vote.smiles.slice(0, 1) })),
    params: { closingBlocks: '0' },
  })
  world.blocks(2)
  const { driver, of } = world
  const symbol = 'ETH-20231116-3000-C'
  const { id } = world.market(symbol).market!
  const terms = { market: id, sizeE9: size * E9, limitE9: 54n * E9 }
  expect(place(driver, of(OTHER), order(of(OTHER), { ...terms, isBuy: true }))).toBe('0')
  expect(place(driver, of(FAILING), order(of(FAILING), { ...terms, isBuy: false }))).toBe('0')
  expect(world.sizeOf(FAILING, symbol)).toBe(`${-size * E9}`)
  const marginE6 = () => BigInt(world.sale(FAILING).maintenanceMarginE6)
  for (let price = 3_000; marginE6() > 200n * E6; price += 4) world.fall(price)
  expect(world.stage()).toBe('none')
  return { world, voted, marginE6 }
}

describe('an account that is short options', { timeout: TIMEOUT_MS }, () => {
  it('shows them at the mark that it is valued at, as their market does', () => {
    const { world } = shortCalls()
    const { equityE6, positions } = portfolio(world.driver, world.addressOf(FAILING))
    const { markE9, sizeE9, symbol } = positions[0]!
    expect(markE9).toBeGreaterThan(54n * E9)
    expect(world.market(symbol).figures!.markE9).toBe(markE9)
    const apart = BigInt(equityE6) - world.cash(FAILING) - (BigInt(sizeE9) * markE9) / 1_000_000_000_000n
    // Marks are rounded down to their last place
    expect(apart >= -1n && apart <= 1n).toBe(true)
  })

  it('is not liquidated at a volatility that stands in for one that nobody votes any more', () => {
    const { world, voted, marginE6 } = shortCalls()
    const before = world.worth(FAILING)
    // The expiry is no longer among those that a quorum knows: its options are marked at 100 %
    voted.isWhole = false
    world.blocks(20)
    expect(world.worth(FAILING)).toBeLessThan(before)
    expect(marginE6()).toBeLessThan(0n)
    expect(world.stage()).toBe('none')
    voted.isWhole = true
    world.blocks(10)
    expect(world.stage()).toBe('none')
    expect(world.broken()).toEqual([])
  })

  it('is not liquidated by volatilities from before an outage, and its auction stands still in one', () => {
    const { world, voted, marginE6 } = shortCalls()
    voted.isOn = false
    world.blocks(11)
    world.fall(3_600)
    world.blocks(5)
    expect(marginE6()).toBeLessThan(0n)
    expect(world.stage()).toBe('none')
    voted.isOn = true
    world.blocksUntil(() => world.stage() !== 'none')
    expect(world.sale(FAILING).state).toBe('open')
    voted.isOn = false
    world.blocks(11)
    expect(world.bids([SECOND])).toEqual(['liquidation/2'])
    expect(world.sale(FAILING).state).toBe('prices')
    expect(world.broken()).toEqual([])
  })
})
