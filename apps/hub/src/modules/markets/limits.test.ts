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

  it('count each order of a block, what it closes first, and nothing that was refused', () => {
    world = new World({ underlying: { ownerCapE9: `${5n * E9}` } })
    const second = trader('alice', 1)
    for (const each of [ALICE, second, BOB]) world.fund(each, 1_000_000n)
    world.end()
    world.place(ALICE, { size: 3, price: 3_000 })
    world.place(BOB, { size: -3, price: 3_000 })
    world.end()
    world.place(second, { size: -2, price: 3_000 })
    world.place(BOB, { size: 2, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(second)]).toEqual([3, -2])
    // [who, size, whether 5 are enough for it]: long 3 and short 2 to begin with
    const orders = [
      [ALICE, 3, false],
      [second, 4, true],
      [second, 1, false],
      [ALICE, -10, false],
      [ALICE, -6, true],
      [second, -0.1, false],
      [second, 0.1, false],
      [ALICE, 0.1, false],
    ] as const
    const placed = orders.map(([holder, size]) =>
      world.place(holder, { size, price: size > 0 ? 2_900 : 3_100 }),
    )
    world.end()
    const refused = placed.filter((_, i) => !orders[i]![2])
    expect(reasons()).toEqual(refused.map((id) => `limit ${id}`))
    expect(world.broken).toEqual([])
  })

  it('hold where what an order would have closed is gone: the newest beyond them ends', () => {
    world = new World({ underlying: { ownerCapE9: `${5n * E9}` } })
    for (const each of [ALICE, BOB, CAROL]) world.fund(each, 1_000_000n)
    world.end()
    world.place(ALICE, { size: -5, price: 3_000 })
    world.place(BOB, { size: 5, price: 3_000 })
    world.end()
    // Of ten that are bid for five close; then the five are closed by something else.
    const older = world.place(ALICE, { size: 5, price: 2_980 })
    const newer = world.place(ALICE, { size: 5, price: 2_981 })
    world.place(ALICE, { size: 5, price: 3_000, reduceOnly: true })
    world.place(BOB, { size: -5, price: 3_000 })
    world.end()
    expect([world.size(ALICE), reasons()]).toEqual([0, []])
    world.place(BOB, { size: -5, price: 2_980 })
    world.place(CAROL, { size: -5, price: 2_980 })
    world.end()
    expect(reasons()).toEqual([`limit ${newer}`])
    expect(world.told('fill').map(({ order }) => order)).toContain(`${older}`)
    expect(world.size(ALICE)).toBe(5)
    expect(world.broken).toEqual([])
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

  it('a position is closed once, however many orders could each close it', () => {
    world = new World({ underlying: { openInterestCapE9: `${10n * E9}` } })
    for (const each of [ALICE, BOB, CAROL]) world.fund(each, 10_000_000n)
    world.end()
    world.place(ALICE, { size: -10, price: 3_000 })
    world.place(BOB, { size: 10, price: 3_000 })
    world.end()
    const open = () => world.markets.figures(world.context, world.market('ETH-PERP').id).openInterestE9
    expect(open()).toBe(10n * E9)
    const atOnce = { timeInForce: 2 }
    world.place(CAROL, { size: -200, price: 3_000, ...atOnce })
    for (let i = 0; i < 10; i++) world.place(ALICE, { size: 10, price: 3_000, ...atOnce })
    world.end()
    expect([world.size(ALICE), world.size(CAROL), open()]).toEqual([0, -10, 10n * E9])
    // As orders of 4, whose third closes 2 and opens 2, which may not be.
    world.place(CAROL, { size: 4, price: 3_010 })
    world.place(CAROL, { size: 4, price: 3_009 })
    world.place(CAROL, { size: 4, price: 3_008 })
    world.place(ALICE, { size: -12, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(CAROL), open()]).toEqual([-10, 0, 10n * E9])
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

describe('listing over weeks', () => {
  const DAY = 86_400n
  /** 2027-03-22, a Monday, 09:00: the week in which the quarter ends, on Friday the 26th. */
  const MONDAY = 1_805_706_000n
  const futures = (all: World) =>
    [...all.markets.markets(all.context)]
      .filter(({ kind, status }) => kind === 'future' && status === 'open')
      .map(({ symbol }) => symbol.slice(4))
      .sort()

  it('has the next days, Fridays, months and quarters each day, through a quarter’s end', () => {
    const all = new World({ startSeconds: MONDAY, underlying: { option: undefined } })
    all.prices.forwardE9 = 3_000n * E9
    const after = (days: bigint) => {
      all.end(MONDAY + days * DAY + 600n - all.seconds)
      for (let i = 0; i < 4; i++) all.end()
      return futures(all)
    }
    const monday = after(0n)
    for (const date of ['20270323', '20270324', '20270325', '20270326', '20270402', '20270430', '20270528'])
      expect(monday).toContain(date)
    // Four quarters: the one that ends this week among them.
    for (const date of ['20270326', '20270625', '20270924', '20271231']) expect(monday).toContain(date)
    expect(monday).not.toContain('20280331')
    // Friday, 09:00: it has expired an hour ago, and the fourth quarter from now is listed.
    const friday = after(4n)
    expect(friday).not.toContain('20270326')
    for (const date of ['20270327', '20270328', '20270329', '20270625', '20271231', '20280331'])
      expect(friday).toContain(date)
    // A month's end that is no quarter's: April's last Friday goes, July's comes.
    const [before, may] = [after(38n), after(39n)]
    expect([before.includes('20270430'), may.includes('20270430')]).toEqual([true, false])
    for (const date of ['20270528', '20270625', '20270730']) expect(may).toContain(date)
    expect(new Set(may).size).toBe(may.length)
    expect(all.broken).toEqual([])
  })

  it('of options follows the price: strikes from half to twice the forward, by their step', () => {
    const all = new World({ startSeconds: MONDAY })
    all.prices.forwardE9 = 3_000n * E9
    for (let i = 0; i < 20; i++) all.end()
    const strikes = (date: string) =>
      [...all.markets.markets(all.context)]
        .filter(({ symbol, isCall }) => symbol.startsWith(`ETH-${date}-`) && isCall)
        .map(({ strikeE9 }) => Number(strikeE9 / E9))
        .sort((x, y) => x - y)
    const near = strikes('20270323')
    expect([near[0], near.at(-1), near[1]! - near[0]!]).toEqual([1_500, 6_000, 25])
    // A day later the price is a third higher: new strikes above, and those below stay.
    all.prices.indexE9 = 4_000n * E9
    all.prices.forwardE9 = 4_000n * E9
    all.end(DAY)
    for (let i = 0; i < 20; i++) all.end()
    const next = strikes('20270325')
    expect([next[0], next.at(-1)]).toEqual([1_500, 8_000])
    expect(all.broken).toEqual([])
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
