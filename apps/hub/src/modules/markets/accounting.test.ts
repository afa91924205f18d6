import { beforeEach, describe, expect, it } from 'vitest'
import { E6, E9, ETH, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob')]
/** 2027-01-15 08:00:00 UTC: when everything of that day expires. */
const EXPIRY = 1_800_000_000n
const ONE = 1_000_000_000_000_000_000n

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [ALICE, BOB]) world.fund(each, 100_000n)
  world.end()
})

function trade(size: number, price: number, market = 'ETH-PERP'): void {
  world.place(ALICE, { market, size, price })
  world.place(BOB, { market, size: -size, price })
  world.end()
}

describe('a perpetual', () => {
  it('settles what it has made into cash when it trades, against the house', () => {
    trade(2, 3_000)
    world.prices.indexE9 = 3_100n * E9
    world.end()
    const before = world.cashOf(ALICE)
    // Another trade at the new mark: 2 · 100 are made, and the fee is 0.05 % of 310.
    trade(0.1, 3_100)
    expect(world.cashOf(ALICE) - before).toBe(200n * E6 - 155_000n)
    const { houseQuoteE6, houseCashE6 } = world.markets.figures(world.context, world.market('ETH-PERP').id)
    expect([houseQuoteE6, houseCashE6, world.houseE6]).toEqual([0n, 0n, 0n])
    expect(world.locked.get(addresses.encode(ALICE.account))).toBe(200n * E6 - 155_000n)
    expect(world.broken).toEqual([])
  })

  it('is settled for one holder alone when it is asked for', () => {
    trade(2, 3_000)
    world.prices.indexE9 = 3_100n * E9
    world.end()
    const before = world.cashOf(ALICE)
    world.markets.settle(world.context, ALICE)
    expect(world.cashOf(ALICE) - before).toBe(200n * E6)
    expect(world.houseE6).toBe(-200n * E6)
    world.end()
    expect(world.broken).toEqual([])
    world.markets.settle(world.context, BOB)
    expect(world.houseE6).toBe(0n)
  })

  it('is settled for all once an hour, so many a block', () => {
    world = new World({
      params: {
        ordersMax: '9',
        positionsMax: '9',
        gainLockSeconds: '600',
        automaticListing: '0',
        settledMax: '1',
      },
    })
    for (const each of [ALICE, BOB]) world.fund(each, 100_000n)
    world.end()
    trade(2, 3_000)
    world.prices.indexE9 = 3_100n * E9
    world.end(3_600n)
    const cash = () => [ALICE, BOB].map((each) => world.cashOf(each))
    const [alice, bob] = cash()
    world.end()
    world.end()
    world.end()
    // What was made, and an hour's funding of less than 0.0001 cash; what rounding leaves is the house's.
    const [made, lost] = [world.cashOf(ALICE) - alice!, bob! - world.cashOf(BOB)]
    for (const each of [made, lost]) expect(Math.abs(Number(each - 200n * E6))).toBeLessThan(100)
    expect(world.houseE6).toBe(lost - made)
    expect(world.broken).toEqual([])
  })

  it('pays for a day what the closed form says', () => {
    trade(1, 3_000)
    // A bid above the index, deep enough to be its price: premium 0.5 % while it stands.
    world.place(ALICE, { size: 20, price: 3_015 })
    world.pass(3n)
    const start = world.seconds
    const { id } = world.market('ETH-PERP')
    const index = () => world.markets.figures(world.context, id).funding!.index
    world.pass(10_860n - (start % 3_600n), 60n)
    // The last whole hour's mean premium was 0.5 %: the rate is (0.5 % − 0.05 %) ÷ 8.
    const { funding } = world.markets.figures(world.context, id)
    expect(funding!.rateE9PerHour).toBe(562_500n)
    const before = index()
    world.pass(86_400n, 60n)
    expect((index() - before) / 3_600_000_000_000n).toBe(24n * 3_000n * 562_500n * E9)
    expect(world.broken).toEqual([])
    const paidE6 = (24n * 3_000n * 562_500n) / 1_000n
    const made = world.valueE6(BOB) - (100_000n * E6 - 1_500_000n)
    // BOB was paid for this day, and for some hours before.
    expect(made).toBeGreaterThanOrEqual(paidE6)
    expect(made).toBeLessThan((paidE6 * 28n) / 24n)
  })
})

describe('an option', () => {
  const CALL = 'ETH-20270115-3000-C'
  const PUT = 'ETH-20270115-3000-P'

  beforeEach(() => {
    world = new World({ startSeconds: EXPIRY - 4_004n })
    for (const each of [ALICE, BOB]) world.fund(each, 100_000n)
    world.prices.forwardE9 = 3_000n * E9
    world.end()
    world.end()
  })

  it('is paid for in cash at once, both pay min(0.03 % of index, 12.5 % of premium)', () => {
    trade(2, 100, CALL)
    expect(world.cashOf(ALICE)).toBe(100_000n * E6 - 200n * E6 - 1_800_000n)
    expect(world.cashOf(BOB)).toBe(100_000n * E6 + 200n * E6 - 1_800_000n)
    expect(world.broken).toEqual([])
  })

  it.each([
    ['a call in the money', CALL, 3_123_450_000_001n, 123_450_000_001n],
    ['a call out of it', CALL, 2_900_000_000_000n, 0n],
    ['a put in the money', PUT, 2_876_543_210_987n, 123_456_789_013n],
    ['a put out of it', PUT, 3_000_000_000_000n, 0n],
  ])('%s pays what the mean says, to the last unit', (_, symbol, indexE9, payoffE9) => {
    trade(1.3, 100, symbol)
    const [alice, bob] = [world.cashOf(ALICE), world.cashOf(BOB)]
    world.prices.indexE9 = indexE9
    const { id } = world.market(symbol)
    while (world.seconds < EXPIRY) world.end(10n)
    world.end(10n)
    world.end()
    const size = 1_300_000_000n
    const received = (size * payoffE9) / 10n ** 12n
    const paid = (size * payoffE9 + 10n ** 12n - 1n) / 10n ** 12n
    const least = (a: bigint, b: bigint) => (a < b ? a : b)
    const ceil = (value: bigint, unit: bigint) => (value + unit - 1n) / unit
    const feeE6 = least(ceil(size * indexE9 * 15n, 10n ** 17n), ceil(size * payoffE9 * 125n, 10n ** 15n))
    expect(world.cashOf(ALICE)).toBe(alice + received - feeE6)
    expect(world.cashOf(BOB)).toBe(bob - paid - feeE6)
    expect(world.houseE6).toBe(paid - received)
    expect(world.markets.market(world.context, id)).toBeUndefined()
    expect(world.markets.positions(world.context, ALICE)).toEqual([])
    expect(world.broken).toEqual([])
  })

  it('settles at the mean of the half hour, sample by sample', () => {
    trade(1, 100, CALL)
    while (world.seconds < EXPIRY - 900n) world.end(10n)
    // Half of the window at 3,000, half at 3,200.
    world.prices.indexE9 = 3_200n * E9
    const told: string[] = []
    for (let i = 0; i < 95; i++) {
      world.end(10n)
      told.push(...world.told('settlement_price').map(({ price_e9: price, rule }) => `${price} ${rule}`))
    }
    expect(new Set(told)).toEqual(new Set(['3100000000000 window']))
  })

  it('waits for an index while an outage lasts, and trades no more meanwhile', () => {
    trade(1, 100, CALL)
    while (world.seconds < EXPIRY - 1_200n) world.end(10n)
    world.prices.state = 'stale'
    while (world.seconds < EXPIRY + 600n) world.end(10n)
    expect(world.market(CALL).status).toBe('settling')
    expect(world.refusal(ALICE, { market: CALL, size: 1, price: 100 })).toBe('markets/2')
    expect(world.size(ALICE, CALL)).toBe(1)
    expect(world.broken).toEqual([])
    world.prices.state = 'fresh'
    world.prices.indexE9 = 3_300n * E9
    const told: Record<string, string>[] = []
    for (let i = 0; i < 100; i++) {
      world.end(10n)
      told.push(...world.told('settlement_price'))
    }
    // 600 s of 3,000 and 840 s of 3,300 are covered: 1,440 s.
    expect(told[0]).toMatchObject({ rule: 'extended' })
    expect(world.markets.positions(world.context, ALICE)).toEqual([])
  })
})

describe('a dated future', () => {
  it('settles its profit at the mean', () => {
    world = new World({ startSeconds: EXPIRY - 4_004n })
    for (const each of [ALICE, BOB]) world.fund(each, 100_000n)
    world.prices.forwardE9 = 3_000n * E9
    world.end()
    world.end()
    trade(1, 3_000, 'ETH-20270115')
    const fees = world.feesE6
    while (world.seconds < EXPIRY - 1_800n) world.end(10n)
    world.prices.indexE9 = 3_050n * E9
    while (world.seconds < EXPIRY + 20n) world.end(10n)
    // 50 of profit less 0.05 % when it was opened and 0.015 % of 3,050.
    expect(world.cashOf(ALICE)).toBe(100_000n * E6 + 50n * E6 - 1_500_000n - 457_500n)
    expect(world.cashOf(BOB)).toBe(100_000n * E6 - 50n * E6 - 1_500_000n - 457_500n)
    expect(world.feesE6 - fees).toBe(915_000n)
    expect(world.broken).toEqual([])
  })
})

describe('spot', () => {
  it('exchanges the asset for cash, and nobody sells what is not held', () => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, ONE)
    world.place(ALICE, { market: 'ETH-SPOT', size: 3, price: 3_000 })
    world.place(BOB, { market: 'ETH-SPOT', size: -3, price: 3_000 })
    world.end()
    const held = (holder = ALICE) => world.assets.get(`${addresses.encode(holder.account)} ${ETH}`)
    expect([held(), held(BOB)]).toEqual([ONE, 0n])
    expect(world.cashOf(ALICE)).toBe(97_000n * E6 - 1_500_000n)
    expect(world.cashOf(BOB)).toBe(103_000n * E6 - 1_500_000n)
    world.end()
    expect(world.markets.orders(world.context, BOB)).toEqual([])
    expect(world.markets.positions(world.context, ALICE)).toEqual([])
    expect(world.broken).toEqual([])
  })

  it('is no gain to who sells it', () => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, ONE)
    trade(1, 3_000, 'ETH-SPOT')
    expect(world.cashOf(BOB)).toBeGreaterThan(100_000n * E6)
    expect(world.locked.size).toBe(0)
  })

  it('is bought of free cash: a locked gain buys none, and the newest bids beyond it go', () => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, 10n * ONE)
    world.locked.set(addresses.encode(ALICE.account), 93_990n * E6)
    const bid = (size: number, price: number) => world.place(ALICE, { market: 'ETH-SPOT', size, price })
    // 6,010 are free: what rests counts, too, with the fee at its limit.
    const resting = bid(1, 2_990)
    bid(1, 3_000)
    world.end()
    const newest = bid(0.1, 3_000)
    world.place(BOB, { market: 'ETH-SPOT', size: -10, price: 3_000 })
    world.end()
    expect(world.told('closed').map(({ order, reason }) => [order, reason])).toContainEqual([
      `${newest}`,
      'margin',
    ])
    expect(world.assets.get(`${addresses.encode(ALICE.account)} ${ETH}`)).toBe(ONE)
    expect(world.markets.orders(world.context, ALICE).map(({ id }) => id)).toEqual([resting])
    // A perpetual is not spot: the gain is margin as before.
    trade(10, 3_000)
    expect(world.size(ALICE)).toBe(10)
  })

  it('does not hide a gain of the same block', () => {
    world.assets.set(`${addresses.encode(BOB.account)} ${ETH}`, ONE)
    trade(2, 3_000)
    world.prices.indexE9 = 3_100n * E9
    world.end()
    const spot = { market: 'ETH-SPOT', price: 3_100 }
    world.place(ALICE, { ...spot, size: 1 })
    world.place(BOB, { ...spot, size: -1 })
    // 2 · 100 are made, less 0.05 % of 310; what spot has cost is not set against it.
    trade(0.1, 3_100)
    expect(world.assets.get(`${addresses.encode(ALICE.account)} ${ETH}`)).toBe(ONE)
    expect(world.locked.get(addresses.encode(ALICE.account))).toBe(200n * E6 - 155_000n)
    expect(world.locked.has(addresses.encode(BOB.account))).toBe(false)
  })
})
