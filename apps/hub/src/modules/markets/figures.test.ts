// What marks and funding hear, and what they don't: orders that can't fill, markets in which nobody can
// trade, time that nobody saw.
import { MsgCancelAll } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { setStatus } from './status.ts'
import { E9, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob'), trader('carol')]
const HOUR = 3_600n
const [REDUCE_ONLY, PAUSED, OPEN] = [2, 3, 1]
/** Of an hour whose mean premium is 0: 0.01 % ÷ 8. */
const INTEREST_E9 = 12_500n

let world: World
let id: bigint
beforeEach(() => start())

function start(): void {
  world = new World({ underlying: { tier: 3 } })
  for (const each of [ALICE, BOB]) world.fund(each, 10_000_000n)
  world.fund(CAROL, 100n)
  world.end()
  world.place(ALICE, { size: -100, price: 3_000 })
  world.place(BOB, { size: 100, price: 3_000 })
  world.end()
  id = world.market('ETH-PERP').id
}

const figures = () => world.markets.figures(world.context, id)
const funding = () => figures().funding!
const markOf = () => Number(figures().markE9) / 1e9
const reasons = () => world.told('closed').map(({ reason, order }) => `${reason} ${order}`)
const setTo = (status: number) => setStatus(world.context, id, { status, seconds: 0n })

function cancelAll(holder: Holder): void {
  const message = { signer: addresses.encode(holder.account), subaccount: 0, market: 0n }
  world.run('MsgCancelAll', holder, message, MsgCancelAll)
}

/** ALICE's bid and ask, 2.5 % above the index. */
function quote(reduceOnly = false): void {
  world.place(ALICE, { size: 4, price: 3_074, reduceOnly })
  world.place(ALICE, { size: -4, price: 3_075 })
}

/** Past the next full hour. */
function toHour(): void {
  world.pass(HOUR - (world.seconds % HOUR), 20n)
  world.end()
}

describe('orders that only reduce', () => {
  it('end as they enter where there is nothing to reduce', () => {
    const ids = [4, -4].map((size) => world.place(CAROL, { size, price: 3_075, reduceOnly: true }))
    world.end()
    expect(reasons()).toEqual(ids.map((order) => `reduceOnly ${order}`))
    expect(world.markets.orders(world.context, CAROL)).toEqual([])
    expect(world.broken).toEqual([])
  })

  it('end so on the side that would add', () => {
    const adds = world.place(BOB, { size: 4, price: 2_900, reduceOnly: true })
    const reduces = world.place(BOB, { size: -4, price: 3_100, reduceOnly: true })
    world.end()
    expect(reasons()).toEqual([`reduceOnly ${adds}`])
    expect(world.markets.orders(world.context, BOB).map((order) => order.id)).toEqual([reduces])
  })

  it('wait for their trigger before there is a position, and are looked at when it comes', () => {
    const terms = { size: -1, price: 2_800, reduceOnly: true, triggerE9: 2_900n * E9 }
    const waits = world.place(CAROL, terms)
    world.end()
    expect(reasons()).toEqual([])
    expect(world.markets.orders(world.context, CAROL).map((order) => order.id)).toEqual([waits])
    world.prices.indexE9 = 2_880n * E9
    world.end()
    world.end()
    expect(reasons()).toEqual([`reduceOnly ${waits}`])
  })

  it('make neither a mark nor a premium, though there is something to reduce', () => {
    // ALICE is short: her bid reduces. CAROL has nothing.
    world.place(CAROL, { size: 4, price: 3_075, reduceOnly: true })
    quote(true)
    world.pass(600n)
    expect([markOf(), funding().premiumE18]).toEqual([3_000, 0n])
    toHour()
    expect(funding().rateE9PerHour).toBe(INTEREST_E9)
    expect(world.broken).toEqual([])
  })
})

describe('funding', () => {
  /** An hour's rate, measured honestly: a bid 2.5 % above the index. */
  function measured(): bigint {
    quote()
    world.pass(2n)
    toHour()
    toHour()
    const { rateE9PerHour } = funding()
    expect(rateE9PerHour).toBeGreaterThan(INTEREST_E9)
    return rateE9PerHour
  }

  it('is not paid while the market is paused, and is for the rest of the hour', () => {
    const rate = measured()
    setTo(PAUSED)
    world.end()
    const { index } = funding()
    world.pass(600n, 10n)
    expect(funding()).toMatchObject({ index, rateE9PerHour: rate, premiumE18: 0n })
    setTo(OPEN)
    world.end()
    const { index: open } = funding()
    world.pass(10n)
    expect(funding().index).toBe(open + 10n * E9 * 3_000n * E9 * rate)
  })

  it('of a pause of a day is nothing, and no hour of it has a premium', () => {
    measured()
    setTo(PAUSED)
    world.prices.indexE9 = 2_850n * E9
    world.end()
    const before = [ALICE, BOB].map((each) => world.valueE6(each))
    const { index } = funding()
    world.pass(24n * HOUR, 60n)
    expect(funding()).toMatchObject({ index, premiumE18: 0n, rateE9PerHour: INTEREST_E9 })
    // Only the mark moves: it comes down to the index, and what one makes the other loses.
    const made = [ALICE, BOB].map((each, i) => world.valueE6(each) - before[i]!)
    expect(Math.abs(Number(made[0]! + made[1]!))).toBeLessThanOrEqual(100)
    expect(markOf()).toBe(2_850)
    expect(world.broken).toEqual([])
  })

  it.each(['reduceOnly', 'stale'])('of a market that is %s measures no premium', (what) => {
    const rate = measured()
    if (what === 'stale') world.prices.state = 'stale'
    else setTo(REDUCE_ONLY)
    world.end()
    expect(funding()).toMatchObject({ premiumE18: 0n, rateE9PerHour: rate })
    // What was measured holds to the end of its hour; of the next the mean is almost 0.
    toHour()
    expect(funding().rateE9PerHour).toBe(INTEREST_E9)
    world.pass(3n * HOUR, 60n)
    expect(funding().rateE9PerHour).toBe(INTEREST_E9)
  })

  it('draws on no premium while the chain stands still', () => {
    const paidIn = (hours: bigint, isQuoted: boolean) => {
      start()
      toHour()
      if (isQuoted) quote()
      world.pass(2n)
      const before = funding().index
      world.end(hours * HOUR)
      world.end()
      expect(funding().rateE9PerHour).toBe(INTEREST_E9)
      return Number(funding().index - before)
    }
    // A minute of the premium is in the mean of the first hour; an hour of it would be 240 times the rest
    expect(paidIn(10n, true) / paidIn(10n, false)).toBeLessThan(1.2)
  })

  it('measures again when the index is fresh', () => {
    measured()
    const { premiumE18 } = funding()
    world.prices.state = 'stale'
    world.pass(30n)
    expect(funding().premiumE18).toBe(0n)
    world.prices.state = 'fresh'
    world.end()
    expect(funding().premiumE18).toBe(premiumE18)
  })
})

describe('the basis', () => {
  /** A book 2.5 % above the index that nobody could trade with for so long. */
  const afterGap = (isStale: boolean, seconds: bigint) => {
    start()
    quote()
    world.end()
    if (isStale) world.prices.state = 'stale'
    world.end(seconds)
    world.prices.state = 'fresh'
    world.end()
    world.end()
    return markOf()
  }

  it.each([true, false])('takes 150 s after an outage, too: stale index %s', (isStale) => {
    const soon = afterGap(isStale, 1n)
    const late = afterGap(isStale, 600n)
    expect(soon).toBeLessThan(3_002)
    // 10 s of 150 of a way of 74.5, and a block or two.
    expect(late).toBeLessThan(3_007)
    world.pass(600n)
    expect(markOf()).toBeGreaterThan(3_070)
  })

  it('is forgotten over time that nobody saw, if nobody quotes after it', () => {
    quote()
    world.pass(600n)
    expect(markOf()).toBeGreaterThan(3_070)
    cancelAll(ALICE)
    world.end(600n)
    world.end()
    expect(markOf()).toBeLessThan(3_000.1)
  })

  it('of a market that is paused decays: orders that can’t fill are no price', () => {
    quote()
    world.pass(600n)
    setTo(PAUSED)
    world.pass(600n)
    expect(markOf()).toBeLessThan(3_000.1)
  })
})
