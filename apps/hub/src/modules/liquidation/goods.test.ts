// What is sold: collateral with positions, slices of large accounts, isolated subaccounts, indivisible lots.
import { describe, expect, it } from 'vitest'
import { message } from '../../testing/messages.fixture.ts'
import { E6, E9, ETH, balanceOf, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FAILING, NAMES, OTHER, SECOND, TAKER, eventsOf } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'
import { BTC, ONE_ETH, marketsHub, trade } from './markets.fixture.ts'
import type { MarketsOptions } from './markets.fixture.ts'

const sold = ({ driver }: FailingHub) => driver.responses.flatMap((block) => eventsOf(block, 'sold'))
const AT_ONCE = { closingBlocks: '0' }

/** Long 20 ETH and 0.6 BTC, of little cash and 5 ether: fails at 2,700 and 54,000. */
function mixed({ params = AT_ONCE, ...options }: MarketsOptions = {}): FailingHub {
  const world = marketsHub({ params, ether: { [FAILING]: 3n * ONE_ETH }, ...options })
  expect(world.give(TAKER, OTHER, 10_000n * E6)).toBe('0')
  trade(world, [FAILING, OTHER], { symbol: 'ETH-PERP', sizeE9: 20n * E9, priceE9: 3_000n * E9 })
  trade(world, [FAILING, OTHER], { symbol: 'BTC-PERP', sizeE9: 6n * (E9 / 10n), priceE9: 60_000n * E9 })
  return world
}

function fail(world: FailingHub, share = 0.86): FailingHub {
  for (let i = 0; i < 2; i++) {
    world.fall(3_000 * (i === 0 ? 0.955 : share), ETH)
    world.fall(60_000 * (i === 0 ? 0.955 : share), BTC)
  }
  world.blocksUntil(() => world.stage() !== 'none')
  return world
}

describe('a share of everything', () => {
  it('is every position in whole lots, and collateral; what it is worth is paid, whatever lots give', () => {
    const world = fail(mixed())
    expect(world.stage()).toBe('auction')
    const before = { taker: world.worth(SECOND), failing: world.worth(FAILING) }
    expect(world.bids([SECOND, { shareE9: 33_333_333n }])).toEqual(['0'])
    const [{ share_e9: share, worth_e6: worth, fee_e6: fee } = {}] = sold(world)
    expect(share).toBe('33333333')
    // 20 ETH in lots of 0.1: 7 of 200; 0.6 BTC in lots of 0.001: 20 of 600
    expect(world.sizeOf(SECOND)).toBe('700000000')
    expect(world.sizeOf(SECOND, 'BTC-PERP')).toBe('20000000')
    expect(balanceOf(world.driver, world.addressOf(SECOND), 'eth')).toBe((3n * ONE_ETH * 33_333_333n) / E9)
    expect(BigInt(worth!)).toBeGreaterThan(250n * E6)
    const earned = world.worth(SECOND) - before.taker
    const rounding = before.failing - world.worth(FAILING) - BigInt(fee!) - earned
    expect(rounding).toBeLessThanOrEqual(1n)
    expect(rounding).toBeGreaterThanOrEqual(-1n)
    expect(world.broken()).toEqual([])
  })

  it('is not collateral for a gain that may not leave yet: it would leave as that', () => {
    const world = mixed()
    const size = { symbol: 'ETH-PERP', sizeE9: 5n * E9 }
    trade(world, [OTHER, SECOND], { ...size, priceE9: 3_000n * E9 })
    fail(world)
    trade(world, [SECOND, OTHER], { ...size, priceE9: 2_580n * E9 })
    const gainE6 = 5n * 420n * E6
    expect(world.give(SECOND, TAKER, world.cash(SECOND) - gainE6)).toBe('0')
    expect(world.cash(SECOND)).toBe(gainE6)
    expect(world.bids([SECOND, { shareE9: 33_333_333n }])).toEqual(['liquidation/9'])
    // A tenth of an ether, some 250 USD, is to be paid for with other cash
    expect(world.give(TAKER, SECOND, 180n * E6)).toBe('0')
    expect(world.bids([SECOND, { shareE9: 33_333_333n }])).toEqual(['liquidation/9'])
    expect(world.give(TAKER, SECOND, 90n * E6)).toBe('0')
    expect(world.bids([SECOND, { shareE9: 33_333_333n }])).toEqual(['0'])
    expect(balanceOf(world.driver, world.addressOf(SECOND), 'eth')).toBe((3n * ONE_ETH * 33_333_333n) / E9)
    expect(world.broken()).toEqual([])
  })

  it('leaves nothing stuck: the last bid takes all, lots and base units', () => {
    const world = fail(mixed(), 0.82)
    for (let i = 0; i < 61; i++) world.driver.block(10n)
    expect(world.give(OTHER, SECOND, 5_000n * E6)).toBe('0')
    expect(world.bids([TAKER, { shareE9: E9 / 3n }], [SECOND, { shareE9: E9 }])).toEqual(['0', '0'])
    if (world.stage() !== 'none') world.blocks(1)
    const left = [world.sizeOf(FAILING), world.sizeOf(FAILING, 'BTC-PERP')]
    const ether = balanceOf(world.driver, world.addressOf(FAILING), 'eth')
    if (BigInt(sold(world)[0]!['share_e9']!) + BigInt(sold(world)[1]!['share_e9']!) === E9) {
      expect(left).toEqual(['0', '0'])
      expect(ether).toBe(0n)
    } else expect(BigInt(world.sale(FAILING).maintenanceMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(world.broken()).toEqual([])
  })
})

describe('an account above the slice cap', () => {
  const params = { ...AT_ONCE, sliceCapE6: `${50_000n * E6}` }

  it('is sold one underlying at a time, the one with most of the worst loss first', () => {
    const world = fail(mixed({ params }))
    const { liquidation, shareMaxE9, priceE6 } = world.sale(FAILING)
    expect(liquidation!.underlying).toBe(ETH)
    expect(shareMaxE9).toBeGreaterThan(0n)
    // A perpetual is worth nothing beyond what is settled: the bidder is paid the discount
    expect(BigInt(priceE6)).toBeLessThan(0n)
    expect(world.bids([SECOND])).toEqual(['liquidation/3'])
    expect(world.bids([SECOND, { underlying: ETH, maxPriceE6: `${BigInt(priceE6) / 2n}` }])).toEqual(['0'])
    expect(world.sizeOf(SECOND, 'BTC-PERP')).toBe('0')
    expect(BigInt(world.sizeOf(SECOND))).toBeGreaterThan(0n)
    expect(balanceOf(world.driver, world.addressOf(SECOND), 'eth')).toBe(0n)
    const { bufferMarginE6, maintenanceMarginE6 } = world.sale(FAILING)
    expect(BigInt(bufferMarginE6)).toBeGreaterThanOrEqual(0n)
    expect(BigInt(maintenanceMarginE6)).toBeLessThan(4_000n * E6)
    expect(BigInt(sold(world)[0]!['fee_e6']!)).toBeGreaterThan(0n)
    expect(world.broken()).toEqual([])
  })

  it('goes on with the next underlying when the first is gone', () => {
    const world = fail(mixed({ params: { ...params, sliceCapE6: `${10_000n * E6}` } }), 0.79)
    expect(world.give(OTHER, SECOND, 5_000n * E6)).toBe('0')
    expect(world.sale(FAILING).liquidation!.underlying).toBe(ETH)
    const { priceE6, worthE6, shareMaxE9 } = world.sale(FAILING)
    expect([worthE6, shareMaxE9]).toEqual(['0', E9])
    expect(world.bids([SECOND, { underlying: ETH, maxPriceE6: priceE6 }])).toEqual(['0'])
    const [{ price_e6: price, paid_e6: paid } = {}] = sold(world)
    expect(price).toBe(paid)
    expect(BigInt(price!)).toBeLessThanOrEqual(BigInt(priceE6))
    expect(world.sizeOf(FAILING)).toBe('0')
    // Its margin is back, its buffer isn't: bitcoin falls, and that is all there is for sale
    world.fall(46_000, BTC)
    world.fall(44_500, BTC)
    world.blocksUntil(() => world.sale(FAILING).state === 'open')
    world.blocks(1)
    expect(world.sale(FAILING).liquidation!.underlying).toBe(0n)
    expect(world.bids([TAKER, { shareE9: E9 / 2n }])).toEqual(['0'])
    expect(BigInt(world.sizeOf(TAKER, 'BTC-PERP'))).toBeGreaterThan(0n)
    expect(world.broken()).toEqual([])
  })
})

describe('an isolated subaccount', () => {
  it('is sold by itself, and takes over one underlying only', () => {
    const world = marketsHub({ params: AT_ONCE, names: [...NAMES] })
    const open = (name: string) =>
      world.act(name, message('causeway.risk.v1.MsgOpenIsolated', { holder: world.addressOf(name, 1) }))
    expect(open(FAILING)).toBe('0')
    expect(open(SECOND)).toBe('0')
    const fund = (name: string, amount: bigint) =>
      world.act(name, transferCash(world.addressOf(name), world.addressOf(name, 1), amount * E6))
    expect(fund(FAILING, 7_000n)).toBe('0')
    expect(fund(SECOND, 15_000n)).toBe('0')
    const ethereum = { symbol: 'ETH-PERP', sizeE9: 10n * E9, priceE9: 3_000n * E9, subaccount: 1 }
    trade(world, [FAILING, OTHER], ethereum)
    trade(world, [SECOND, OTHER], {
      symbol: 'BTC-PERP',
      sizeE9: E9 / 50n,
      priceE9: 60_000n * E9,
      subaccount: 1,
    })
    const main = world.worth(FAILING)
    world.fall(2_730)
    world.blocksUntil(() => world.stage(FAILING, 1) === 'auction')
    const account = world.addressOf(FAILING, 1)
    // The buyer's isolated subaccount has bitcoin: ether is not for it, but for its other one
    expect(world.bids([SECOND, { account, bidder: world.addressOf(SECOND, 1) }])).toEqual(['liquidation/8'])
    expect(world.bids([TAKER, { account }])).toEqual(['0'])
    expect(BigInt(world.sizeOf(TAKER))).toBeGreaterThan(0n)
    expect(world.worth(FAILING)).toBe(main)
    expect(world.stage()).toBe('none')
    expect(world.broken()).toEqual([])
  })
})
