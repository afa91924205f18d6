import { beforeEach, describe, expect, it } from 'vitest'
import { E9, World, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob'), trader('carol')]

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [BOB, CAROL]) world.fund(each, 1_000_000n)
  world.end()
})

const reasons = () => world.told('closed').map(({ reason, order }) => `${reason} ${order}`)

describe('margin before the auctions', () => {
  it('cancels the newest orders until the rest is covered, and fills those that stay', () => {
    // 10 % of 3,000 for each: 1,000 cash covers three and their fees.
    world.fund(ALICE, 1_000n)
    const ids = [1, 2, 3, 4, 5].map(() => world.place(ALICE, { size: 1, price: 3_000 }))
    world.place(BOB, { size: -5, price: 3_000 })
    world.end()
    expect(reasons()).toEqual([`margin ${ids[3]}`, `margin ${ids[4]}`])
    expect(world.size(ALICE)).toBe(3)
    expect(world.initialMarginE6(ALICE, [])).toBeGreaterThanOrEqual(0n)
  })

  it('counts buys and sells apart: what closes is not in the way of what opens', () => {
    world.fund(ALICE, 1_000n)
    world.place(ALICE, { size: 3, price: 3_000 })
    world.place(ALICE, { size: -3, price: 3_100 })
    world.end()
    expect(reasons()).toEqual([])
  })

  it('who is below it loses what opens and may close near the mark', () => {
    world.fund(ALICE, 1_000n)
    world.place(ALICE, { size: 3, price: 3_000 })
    world.place(BOB, { size: -3, price: 3_000 })
    world.end()
    const far = world.place(ALICE, { size: -1, price: 3_060 })
    const opens = world.place(ALICE, { size: 0.1, price: 2_500 })
    world.end()
    expect(reasons()).toEqual([])
    world.prices.indexE9 = 2_900n * E9
    world.end()
    expect(world.initialMarginE6(ALICE, [])).toBeLessThan(0n)
    const near = world.place(ALICE, { size: -1, price: 2_900 })
    const more = world.place(ALICE, { size: 0.1, price: 2_900 })
    world.place(CAROL, { size: 1, price: 2_900 })
    world.end()
    // What opens goes first, the newest first; closing stays unless it is far from the mark.
    expect(new Set(reasons())).toEqual(new Set([`margin ${opens}`, `margin ${more}`, `margin ${far}`]))
    expect(world.told('fill').map(({ order }) => order)).toContain(`${near}`)
    expect(world.size(ALICE)).toBe(2)
    expect(world.broken).toEqual([])
  })
})

describe('caps', () => {
  it('one owner has so much on a side over all its subaccounts: splitting gains nothing', () => {
    world = new World({ underlying: { ownerCapE9: `${5n * E9}` } })
    const second = trader('alice', 1)
    for (const each of [ALICE, second, BOB]) world.fund(each, 1_000_000n)
    world.end()
    world.place(ALICE, { size: 3, price: 3_000 })
    world.place(BOB, { size: -5, price: 3_000 })
    world.end()
    expect(world.size(ALICE)).toBe(3)
    const over = world.place(second, { size: 3, price: 3_000 })
    const within = world.place(second, { size: 2, price: 3_000 })
    const closes = world.place(ALICE, { size: -8, price: 3_100 })
    world.end()
    expect(reasons()).toEqual([`limit ${over}`])
    expect(world.size(second)).toBe(2)
    expect(within + closes).toBeGreaterThan(0n)
    const more = world.place(ALICE, { size: 0.1, price: 2_900 })
    world.end()
    expect(reasons()).toEqual([`limit ${more}`])
  })

  it('no more is opened than may be open; closing goes on', () => {
    world = new World({ underlying: { openInterestCapE9: `${2n * E9}` } })
    for (const each of [ALICE, BOB, CAROL]) world.fund(each, 1_000_000n)
    world.end()
    world.place(ALICE, { size: 3, price: 3_000 })
    world.place(BOB, { size: -3, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([2, -2])
    world.place(CAROL, { size: -1, price: 3_000 })
    world.end()
    expect(world.size(CAROL)).toBe(0)
    expect(world.broken).toEqual([])
    // CAROL and BOB's rest would sell; ALICE's bid may not add. Who takes over her position may.
    world.place(ALICE, { size: -1, price: 2_990, reduceOnly: true })
    world.place(BOB, { size: 1, price: 2_990, reduceOnly: true })
    world.end()
    expect(
      world.markets.figures(world.context, world.market('ETH-PERP').id).openInterestE9,
    ).toBeLessThanOrEqual(2n * E9)
    expect(world.broken).toEqual([])
  })

  it('a subaccount has so many orders, and orders in so many markets', () => {
    const params = {
      ordersMax: '3',
      positionsMax: '2',
      gainLockSeconds: '600',
      automaticListing: '1',
      settledMax: '9',
    }
    world = new World({ params })
    world.fund(ALICE, 1_000_000n)
    world.end()
    world.place(ALICE, { size: 1, price: 2_900 })
    world.place(ALICE, { size: 1, price: 2_900, market: 'ETH-20270116' })
    const third = world.place(ALICE, { size: 1, price: 2_900, market: 'ETH-20270117' })
    world.place(ALICE, { size: 1, price: 2_900 })
    const fourth = world.place(ALICE, { size: 1, price: 2_900 })
    world.end()
    expect(reasons()).toEqual([`limit ${third}`, `limit ${fourth}`])
  })
})

describe('listing', () => {
  it('follows the calendar and the spot price, and a market is listed once', () => {
    world.prices.forwardE9 = 3_000n * E9
    // An hour on, since an expiry a week ahead changes its step right at the start.
    for (let i = 0; i < 2; i++) {
      world.end(3_600n)
      for (let j = 0; j < 15; j++) world.end()
    }
    const symbols = [...world.markets.markets(world.context)].map(({ symbol }) => symbol)
    expect(new Set(symbols).size).toBe(symbols.length)
    // START is a Friday, 08:00: the next three days, Fridays, months and quarters.
    for (const date of [
      '20270116',
      '20270117',
      '20270118',
      '20270122',
      '20270129',
      '20270226',
      '20270326',
      '20271231',
    ])
      expect(symbols).toContain(`ETH-${date}`)
    expect(symbols).toContain('ETH-20270116-3000-C')
    expect(symbols).toContain('ETH-20270116-3000-P')
    const before = symbols.length
    world.end(3_600n)
    world.end()
    expect([...world.markets.markets(world.context)]).toHaveLength(before)
  })
})
