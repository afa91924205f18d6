// The clock of an auction whose price is held now and then: it runs with the blocks in which anybody could
// bid, and with no others: nothing gets cheaper unseen, and nothing that can be sold stands still for ever.
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../../identifiers.ts'
import { INSURANCE_FUND } from '../../named-accounts.ts'
import { E6, E9, ETH, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FAILING, SECOND, eventsOf, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

const FUND = createAddressCodec('cway').encode(INSURANCE_FUND.account)
const LONG_MS = 120_000
const SECONDS = 8n

function auctioned(): FailingHub {
  const world = longFailing({ params: { closingBlocks: '0' } })
  world.fall(2_780)
  world.blocksUntil(() => world.stage() === 'auction')
  return world
}

function bankrupt(): FailingHub {
  const world = longFailing()
  expect(world.act(SECOND, transferCash(world.addressOf(SECOND), FUND, 9_000n * E6))).toBe('0')
  world.prices.set(ETH, 2_300n * E9)
  world.blocksUntil(() => world.stage() === 'insolvent')
  return world
}

/** So many times a vote that is held, then so many that are not; gives the state after each block. */
function heldNowAndThen(world: FailingHub, fresh: number, times: number): string[] {
  const states: string[] = []
  const price = world.prices.get(ETH)!
  const live = (votedE9: bigint) => {
    world.prices.set(ETH, votedE9)
    world.driver.block(SECONDS)
    states.push(world.sale(FAILING).state)
  }
  for (let i = 0; i < times; i++) {
    live((price * 86n) / 100n)
    for (let j = 0; j < fresh; j++) live(price)
  }
  return states
}

const elapsed = (world: FailingHub) =>
  world.driver.timeSeconds - world.sale(FAILING).liquidation!.stageSeconds
const open = (states: readonly string[]) => BigInt(states.filter((state) => state === 'open').length)

describe('an auction whose price is held now and then', { timeout: LONG_MS }, () => {
  it.each([1, 2, 3])('gets no cheaper while nobody can bid: %s fresh after each held one', (fresh) => {
    const world = auctioned()
    const before = world.sale(FAILING)
    const states = heldNowAndThen(world, fresh, 30)
    // A vote counts in the next block: the first one is as it was
    expect(open(states)).toBe(1n)
    expect(elapsed(world)).toBeLessThanOrEqual(SECONDS + 1n)
    world.blocksUntil(() => world.sale(FAILING).state === 'open')
    const after = world.sale(FAILING)
    expect(after.discountE9).toBeGreaterThan(before.discountE9 - 40_000_000n)
    // The owner keeps what a bidder gets for a discount of 5 % at most
    const left = world.worth(FAILING)
    expect(world.bids([SECOND])).toEqual(['0'])
    expect(world.worth(FAILING)).toBeGreaterThan((left * 95n) / 100n)
    expect(world.broken()).toEqual([])
  })

  it.each([4, 6])('gets cheaper by each block that takes bids: %s fresh after each held one', (fresh) => {
    const world = auctioned()
    const before = elapsed(world)
    const states = heldNowAndThen(world, fresh, 10)
    expect(open(states)).toBe(BigInt(fresh - 3) * 10n)
    expect(elapsed(world) - before).toBe(open(states) * SECONDS)
    world.blocksUntil(() => world.sale(FAILING).state === 'open')
    expect(world.bids([SECOND])).toEqual(['0'])
    expect(world.broken()).toEqual([])
  })

  it('as many blocks count as without anything held', () => {
    const world = auctioned()
    const before = elapsed(world)
    for (let i = 0; i < 7; i++) world.driver.block(SECONDS)
    expect(elapsed(world) - before).toBe(7n * SECONDS)
  })
})

describe('an insolvent one', { timeout: LONG_MS }, () => {
  it('costs insurance no more while nobody can bid, and is not resolved', () => {
    const world = bankrupt()
    const { priceE6: first, maintenanceMarginE6 } = world.sale(FAILING)
    const apart = BigInt(first) - BigInt(maintenanceMarginE6)
    const states = heldNowAndThen(world, 3, 12)
    expect(open(states)).toBe(1n)
    expect(world.stage()).toBe('insolvent')
    world.blocksUntil(() => world.sale(FAILING).state === 'open')
    // The first block of eight seconds and the last of one, of two minutes for a quarter
    expect(elapsed(world)).toBe(SECONDS + 1n)
    const asked = BigInt(first) - (apart * (SECONDS + 1n)) / 480n
    expect(BigInt(world.sale(FAILING).priceE6)).toBeGreaterThanOrEqual(asked - 100n)
    expect(world.broken()).toEqual([])
  })

  it.each([4, 7])('is resolved in the end where some blocks take bids: %s fresh each time', (fresh) => {
    const world = bankrupt()
    let rounds = 0
    while (world.stage() === 'insolvent' && rounds++ < 30) heldNowAndThen(world, fresh, 1)
    expect(world.stage()).toBe('none')
    const reasons = world.driver.responses.flatMap((block) => eventsOf(block, 'stage'))
    expect(reasons.at(-1)).toMatchObject({ stage: 'none', reason: 'resolved' })
    // Two minutes of blocks that took bids, of eight seconds each
    expect(rounds).toBeGreaterThanOrEqual(Math.floor(15 / (fresh - 3)))
    expect(world.sizeOf(FAILING)).toBe('0')
    expect(world.broken()).toEqual([])
  })
})
