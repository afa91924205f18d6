import { describe, expect, it } from 'vitest'
import { E6, E9 } from '../../testing/trading-hub.fixture.ts'
import { FAILING, NAMES, OTHER, SECOND, TAKER, eventsOf, failingHub, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

/** 0.1 ETH. */
const LOT = E9 / 10n
const failed = (price = 2_780, size = 30n): FailingHub => {
  const world = longFailing({}, size)
  world.fall(price)
  world.blocksUntil(() => world.stage() === 'auction')
  return world
}
const worths = (world: FailingHub) => NAMES.reduce((sum, name) => sum + world.worth(name), 0n)
const sold = (world: FailingHub) => eventsOf(world.driver.responses.at(-1)!, 'sold')
const stages = (world: FailingHub) =>
  world.driver.responses.flatMap((block) =>
    eventsOf(block, 'stage').map(({ stage, reason }) => `${stage}: ${reason}`),
  )

describe('an account below maintenance', () => {
  it('loses its orders, then is closed by orders within 1 % of the mark, and nobody bids for it', () => {
    const world = longFailing()
    const market = world.market('ETH-PERP').market!.id
    const resting = { market, isBuy: true, sizeE9: E9, limitE9: 2_700n * E9, reduceOnly: false }
    expect(world.order(FAILING, { ...resting, sizeE9: LOT, limitE9: 2_600n * E9 })).toBe('0')
    world.fall(2_780)
    expect(world.order(SECOND, { ...resting, limitE9: 2_779n * E9, sizeE9: 20n * E9 })).toBe('0')
    world.blocks(3)
    // As much as restores maintenance margin, in whole lots, at the bid that was there
    const left = BigInt(world.sizeOf(FAILING))
    expect(left).toBeGreaterThan(25n * E9)
    expect(left).toBeLessThan(29n * E9)
    expect(BigInt(world.sizeOf(SECOND))).toBe(30n * E9 - left)
    expect(BigInt(world.sale(FAILING).maintenanceMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(stages(world)).toEqual(['closing: below', 'none: recovered'])
    const closed = world.driver.responses
      .flatMap(({ events }) => events)
      .filter(({ type }) => type === 'causeway.markets.v1.closed')
      .map(({ attributes }) => attributes.find(({ key }) => key === 'reason')!.value)
    expect(closed).toContain('liquidation')
    expect(world.broken()).toEqual([])
  })

  it('is closed by orders in five blocks at most, then a share of everything is auctioned', () => {
    const world = failed()
    expect(stages(world)).toEqual(['closing: below', 'auction: unclosed'])
    expect(world.sale(FAILING).liquidation!.closingBlocks).toBe(5)
    const before = { worth: worths(world), failing: world.worth(FAILING) }
    const { priceE6, worthE6 } = world.sale(FAILING)
    expect(world.bids([SECOND])).toEqual(['0'])
    // The account pays the discount and the fee; the bidder earns the discount; nothing else has changed
    const [{ share_e9: shareE9, fee_e6: feeE6, paid_e6: paidE6 } = {}] = sold(world)
    const fee = BigInt(feeE6!)
    expect(worths(world)).toBe(before.worth - fee)
    const earned = world.worth(SECOND) - 20_000n * E6
    expect(before.failing - world.worth(FAILING) - fee).toBe(earned)
    expect(earned).toBe(-BigInt(paidE6!))
    const share = (amount: bigint) => (amount * BigInt(shareE9!)) / E9
    // A second later than what was asked: 0.3 % of the share less
    const asked = share(BigInt(worthE6) - BigInt(priceE6))
    expect(earned).toBeGreaterThan(asked)
    expect(earned).toBeLessThan(asked + share(BigInt(worthE6)) / 300n + 1n)
    // 2 % of the price
    expect(fee).toBe((share(BigInt(worthE6)) - earned + 49n) / 50n)
    expect(world.broken()).toEqual([])
  })

  it('is sold until its buffer is there, within a lot, and is left in peace then', () => {
    const world = failed()
    expect(world.bids([SECOND])).toEqual(['0'])
    const after = BigInt(world.sale(FAILING).bufferMarginE6)
    expect(after).toBeGreaterThanOrEqual(0n)
    // One lot's maintenance requirement and its buffer
    expect(after).toBeLessThan((2_780n * E6 * 21n) / 1_000n)
    expect(BigInt(world.sizeOf(SECOND)) + BigInt(world.sizeOf(FAILING))).toBe(30n * E9)
    expect(world.sale(FAILING).state).toBe('healthy')
    expect(world.bids([TAKER])).toEqual(['liquidation/2'])
    world.blocks(1)
    expect(stages(world).at(-1)).toBe('none: recovered')
    expect(world.all()).toEqual([])
    expect(world.params().count).toBe(0n)
    expect(world.broken()).toEqual([])
  })

  it('costs 98 % of its worth at first, 80 % after a minute, nothing after ten', () => {
    const world = failed()
    const discounts = [0, 30, 60, 330, 600, 700].map((seconds) => {
      const since = world.driver.timeSeconds - world.sale(FAILING).liquidation!.stageSeconds
      for (let left = BigInt(seconds) - since; left > 0n; left -= 10n)
        world.driver.block(left < 10n ? left : 10n)
      return world.sale(FAILING).discountE9
    })
    expect(discounts).toEqual([980_000_000n, 890_000_000n, 800_000_000n, 400_000_000n, 0n, 0n])
    expect(world.sale(FAILING)).toMatchObject({ priceE6: '0', state: 'open' })
    // Whoever takes it then pays nothing, and the account still isn't below nothing
    expect(world.bids([SECOND, { maxPriceE6: '0' }])).toEqual(['0'])
    expect(world.worth(FAILING)).toBeGreaterThanOrEqual(0n)
    expect(world.broken()).toEqual([])
  })

  it('goes to all bids of a block at one price, pro rata; the second of a bidder replaces its first', () => {
    const world = failed()
    expect(
      world.bids(
        [TAKER, { shareE9: E9 / 50n }],
        [SECOND, { shareE9: E9 / 10n }],
        [SECOND, { shareE9: E9 / 50n }],
      ),
    ).toEqual(['0', '0', '0'])
    const first = sold(world)
    expect(first.map(({ share_e9: share }) => share)).toEqual(['20000000', '20000000'])
    expect(new Set(first.map(({ price_e6: price }) => price)).size).toBe(1)
    expect([world.sizeOf(TAKER), world.sizeOf(SECOND)]).toEqual(['600000000', '600000000'])
    // More than is sold: three to one
    const left = BigInt(world.sizeOf(FAILING))
    expect(world.bids([TAKER, { shareE9: E9 / 15n }], [SECOND, { shareE9: E9 / 5n }])).toEqual(['0', '0'])
    const [a, b] = sold(world).map(({ share_e9: share }) => BigInt(share!))
    const [least, most] = a! < b! ? [a!, b!] : [b!, a!]
    expect(most / least >= 2n && most / least <= 3n).toBe(true)
    const moved = BigInt(world.sizeOf(TAKER)) + BigInt(world.sizeOf(SECOND)) - 12n * LOT
    expect(left - BigInt(world.sizeOf(FAILING))).toBe(moved)
    expect(BigInt(world.sale(FAILING).bufferMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(world.broken()).toEqual([])
  })

  it('does not sell again what bids have paid in', () => {
    const world = failed()
    const whole = world.sale(FAILING)
    expect(world.bids([SECOND, { shareE9: E9 / 20n }])).toEqual(['0'])
    const { liquidation, valueE6, worthE6 } = world.sale(FAILING)
    const [{ price_e6: price, fee_e6: fee } = {}] = sold(world)
    expect(liquidation!.paidInE6).toBe(`${BigInt(price!) - BigInt(fee!)}`)
    expect(BigInt(worthE6)).toBe(BigInt(valueE6) - BigInt(liquidation!.paidInE6))
    expect(BigInt(worthE6)).toBeLessThan((BigInt(whole.worthE6) * 96n) / 100n)
  })

  it('is left alone when prices come back, and its auction goes on where it was if they fall again', () => {
    const world = failed()
    const elapsed = () => world.driver.timeSeconds - world.sale(FAILING).liquidation!.stageSeconds
    const before = elapsed()
    world.fall(2_860)
    expect(world.sale(FAILING)).toMatchObject({ state: 'healthy' })
    expect(world.bids([SECOND])).toEqual(['liquidation/2'])
    expect(world.stage()).toBe('auction')
    for (let i = 0; i < 8; i++) world.driver.block(5n)
    world.fall(2_780)
    world.blocks(3)
    expect(world.sale(FAILING)).toMatchObject({ state: 'open' })
    // What nobody could buy for the better part of a minute has not become cheaper by it
    expect(elapsed() - before).toBeLessThan(9n)
    // A minute of health, or its buffer, and it is over
    world.fall(2_860)
    for (let i = 0; i < 14; i++) world.driver.block(5n)
    expect(world.stage()).toBe('none')
    expect(world.broken()).toEqual([])
    const again = failed()
    again.fall(2_980)
    again.blocks(1)
    expect(again.stage()).toBe('none')
  })

  it('that is worth little is taken whole, and keeps what it was paid', () => {
    const world = failed(2_400)
    const { shareMaxE9, valueE6 } = world.sale(FAILING)
    expect(BigInt(valueE6)).toBe(1_955n * E6)
    expect(shareMaxE9).toBeGreaterThan(800_000_000n)
    expect(world.give(OTHER, SECOND, 9_000n * E6)).toBe('0')
    for (let i = 0; i < 60; i++) world.driver.block(10n)
    expect(world.sale(FAILING)).toMatchObject({ shareMaxE9: E9 })
    expect(world.bids([SECOND])).toEqual(['0'])
    expect(world.sizeOf(FAILING)).toBe('0')
    expect(world.sizeOf(SECOND)).toBe(`${30n * E9}`)
    expect(stages(world).at(-1)).toBe('none: sold')
    expect(world.cash(FAILING)).toBe(0n)
    expect(world.broken()).toEqual([])
  })

  it('tells the same to every node: a follower that replays has the same hashes', () => {
    const world = failed()
    world.bids([SECOND, { shareE9: E9 / 10n }], [TAKER, { shareE9: E9 / 10n }])
    world.blocks(2)
    expect(world.replay()).toEqual(
      world.driver.responses.map(({ appHash }) => Buffer.from(appHash).toString('hex')),
    )
  })

  it('of nobody is begun while all is well', () => {
    const world = failingHub()
    world.blocks(5)
    expect(world.all()).toEqual([])
    expect(world.params()).toMatchObject({
      count: 0n,
      deficitsE6: '0',
      params: { closingBlocks: 5n, feeBps: 200n },
    })
  })
})
