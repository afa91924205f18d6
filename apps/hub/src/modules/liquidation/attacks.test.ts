import { message } from '../../testing/messages.fixture.ts'
import { describe, expect, it } from 'vitest'
import { E6, E9, redeem, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FAILING, NAMES, OTHER, SECOND, TAKER, eventsOf, longFailing } from './failing.fixture.ts'
import type { FailingHub, FailingOptions } from './failing.fixture.ts'

const POOR = 'poor'
const auctioned = (options: FailingOptions = {}): FailingHub => {
  const world = longFailing({ params: { closingBlocks: '0' }, ...options })
  world.fall(2_780)
  world.blocksUntil(() => world.stage() === 'auction')
  return world
}
const lapsed = ({ driver }: FailingHub) =>
  eventsOf(driver.responses.at(-1)!, 'lapsed').map(({ reason }) => reason)

describe('a bid', () => {
  it('is refused with a share or price that is none', () => {
    const world = auctioned()
    for (const more of [
      { shareE9: 0n },
      { shareE9: E9 + 1n },
      { maxPriceE6: '' },
      { maxPriceE6: '-0' },
      { maxPriceE6: '007' },
      { maxPriceE6: '1.5' },
      { maxPriceE6: '9'.repeat(60) },
    ])
      expect(world.bids([SECOND, more])).toEqual(['liquidation/1'])
    expect(world.bids([SECOND, { account: 'cway1nobody' }])).toEqual(['identifiers/1'])
  })

  it('is refused for who is healthy, or is not there', () => {
    const world = auctioned()
    expect(world.bids([SECOND, { account: world.addressOf(OTHER) }])).toEqual(['liquidation/2'])
    expect(world.bids([SECOND, { account: world.addressOf(FAILING, 7) }])).toEqual(['liquidation/2'])
    expect(world.sizeOf(SECOND)).toBe('0')
  })

  it('is refused for other goods than are for sale', () => {
    const world = auctioned()
    expect(world.bids([SECOND, { underlying: 3n }])).toEqual(['liquidation/3'])
  })

  it('of the owner is refused, of whichever subaccount', () => {
    const world = auctioned()
    expect(world.act(FAILING, transferCash(world.addressOf(FAILING), world.addressOf(FAILING, 1), E6))).toBe(
      'risk/1',
    )
    expect(world.give(SECOND, FAILING, 10n * E6)).toBe('0')
    const mine = { bidder: world.addressOf(FAILING, 1) }
    expect(world.bids([FAILING, mine])).toEqual(['liquidation/4'])
    expect(world.bids([FAILING])).toEqual(['liquidation/4'])
  })

  it('below the price is refused', () => {
    const world = auctioned()
    const { priceE6 } = world.sale(FAILING)
    const tenth = BigInt(priceE6) / 10n
    expect(world.bids([SECOND, { shareE9: E9 / 10n, maxPriceE6: `${(tenth * 99n) / 100n}` }])).toEqual([
      'liquidation/5',
    ])
    expect(world.bids([SECOND, { shareE9: E9 / 10n, maxPriceE6: `${tenth}` }])).toEqual(['0'])
  })

  it('of who has no margin for it is refused, and takes no place from others', () => {
    const world = auctioned({ names: [...NAMES, POOR], params: { closingBlocks: '0', bidsMax: '2' } })
    expect(world.give(POOR, OTHER, 19_900n * E6)).toBe('0')
    const codes = world.bids([POOR], [TAKER], [SECOND], [POOR, { shareE9: E9 / 5n }])
    expect(codes).toEqual(['risk/1', '0', '0', 'risk/1'])
    expect(lapsed(world)).toEqual([])
    // A share that it can bear is none too small
    expect(world.bids([POOR, { shareE9: E9 / 500n }])).toEqual(['liquidation/2'])
  })

  it('for dust, however many and early, keeps nobody out: the largest are sold to', () => {
    const dust = ['dust 1', 'dust 2', 'dust 3'] as const
    const world = auctioned({ names: [...NAMES, ...dust], params: { closingBlocks: '0', bidsMax: '2' } })
    const small = dust.map((name) => [name, { shareE9: 1n }] as const)
    expect(world.bids(...small, [SECOND])).toEqual(['0', '0', '0', '0'])
    expect(BigInt(world.sizeOf(SECOND))).toBeGreaterThan(7n * E9)
    expect(lapsed(world)).toEqual(['room', 'room'])
    // No more lots than one went to whom a billionth was enough
    const got = dust.map((name) => BigInt(world.sizeOf(name)))
    expect(got.reduce((sum, size) => sum + size, 0n)).toBeLessThanOrEqual(E9 / 10n)
    expect(world.sale(FAILING).state).toBe('healthy')
    expect(world.broken()).toEqual([])
  })

  it('that comes to nothing by the end of the block keeps nobody out, however large', () => {
    const world = auctioned({ params: { closingBlocks: '0', bidsMax: '1' } })
    const { driver, of } = world
    const gas = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }
    const away = transferCash(world.addressOf(SECOND), world.addressOf(OTHER), 17_000n * E6)
    driver.submit(of(SECOND).sign([world.bid(SECOND)], gas))
    driver.submit(of(TAKER).sign([world.bid(TAKER, { shareE9: E9 / 50n })], gas))
    driver.submit(of(SECOND).sign([away], gas))
    driver.block()
    expect(lapsed(world)).toEqual(['risk/1'])
    expect(world.sizeOf(TAKER)).toBe('600000000')
    expect(world.broken()).toEqual([])
  })

  it('is judged with the bidder’s resting orders counted', () => {
    const world = auctioned()
    const market = world.market('ETH-PERP').market!.id
    const big = { market, isBuy: true, sizeE9: 33n * E9, limitE9: 2_700n * E9 }
    expect(world.order(SECOND, big)).toBe('0')
    expect(world.bids([SECOND])).toEqual(['risk/1'])
    expect(world.sizeOf(SECOND)).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('lapses when its bidder’s margin has gone by the end of the block', () => {
    const world = auctioned()
    const { driver, of } = world
    const gas = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }
    const away = transferCash(world.addressOf(SECOND), world.addressOf(OTHER), 17_000n * E6)
    driver.submit(of(SECOND).sign([world.bid(SECOND)], gas))
    driver.submit(of(SECOND).sign([away], gas))
    driver.block()
    expect(lapsed(world)).toEqual(['risk/1'])
    expect(world.sizeOf(SECOND)).toBe('0')
    expect(world.sale(FAILING).state).toBe('open')
    expect(world.broken()).toEqual([])
  })

  it('counts once: nothing of it is left after its block', () => {
    const world = auctioned()
    const { driver, of } = world
    const gas = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }
    const tx = of(SECOND).sign([world.bid(SECOND, { shareE9: E9 / 100n })], gas)
    expect(driver.submit(tx).code).toBe(0)
    driver.block()
    const size = world.sizeOf(SECOND)
    expect(size).toBe('300000000')
    expect(driver.submit(tx).code).not.toBe(0)
    world.blocks(3)
    expect(world.sizeOf(SECOND)).toBe(size)
  })

  it('of who is below maintenance itself is refused', () => {
    const world = longFailing({ names: [...NAMES, POOR], params: { closingBlocks: '0' } }, 25n)
    const market = world.market('ETH-PERP').market!.id
    expect(world.give(POOR, OTHER, 17_000n * E6)).toBe('0')
    const terms = { market, sizeE9: 45n * (E9 / 10n), limitE9: 3_000n * E9 }
    expect(world.order(SECOND, { ...terms, isBuy: false })).toBe('0')
    expect(world.order(POOR, { ...terms, isBuy: true })).toBe('0')
    world.fall(2_640)
    world.blocksUntil(() => world.stage() === 'auction' && world.stage(POOR) === 'auction')
    expect(world.bids([POOR, { shareE9: E9 / 1_000n }])).toEqual(['liquidation/7'])
    expect(world.bids([FAILING, { account: world.addressOf(POOR) }])).toEqual(['liquidation/7'])
    // One bidder takes both, in the order of their accounts
    expect(world.bids([TAKER], [TAKER, { account: world.addressOf(POOR) }])).toEqual(['0', '0'])
    expect([world.sale(FAILING).state, world.sale(POOR).state]).toEqual(['healthy', 'healthy'])
    expect(world.broken()).toEqual([])
  })
})

describe('the owner of an account under liquidation', () => {
  it('may deposit: with its margin back the account is left alone', () => {
    const world = auctioned()
    expect(world.give(SECOND, FAILING, 5_000n * E6)).toBe('0')
    world.blocks(1)
    expect(world.stage()).toBe('none')
    expect(world.sizeOf(FAILING)).toBe(`${30n * E9}`)
    expect(world.broken()).toEqual([])
  })

  it('takes nothing out: neither cash to others or to itself, nor over a line', () => {
    const world = auctioned()
    const { of } = world
    expect(world.give(FAILING, SECOND, E6)).toBe('risk/1')
    expect(world.act(FAILING, transferCash(world.addressOf(FAILING), world.addressOf(FAILING, 1), E6))).toBe(
      'risk/1',
    )
    expect(world.act(FAILING, redeem(of(FAILING), E6))).toBe('risk/1')
  })

  it('may reduce its positions itself, and adds to none', () => {
    const world = auctioned()
    const market = world.market('ETH-PERP').market!.id
    expect(world.order(TAKER, { market, isBuy: true, sizeE9: 9n * E9, limitE9: 2_779n * E9 })).toBe('0')
    const sell = { market, isBuy: false, limitE9: 2_779n * E9, timeInForce: 2 }
    expect(world.order(FAILING, { ...sell, sizeE9: 4n * E9, reduceOnly: true })).toBe('0')
    expect(world.sizeOf(FAILING)).toBe(`${26n * E9}`)
    expect(world.sale(FAILING).state).toBe('healthy')
    const again = auctioned()
    const buy = { market, isBuy: true, sizeE9: E9, limitE9: 2_780n * E9 }
    expect(again.order(TAKER, { ...buy, isBuy: false })).toBe('0')
    expect(again.order(FAILING, buy)).toBe('0')
    expect(again.sizeOf(FAILING)).toBe(`${30n * E9}`)
  })

  it('can’t take back the orders that close it, by their ids or by cancelling all in every block', () => {
    const world = longFailing()
    const market = world.market('ETH-PERP').market!.id
    world.fall(2_780)
    expect(world.order(SECOND, { market, isBuy: true, sizeE9: 20n * E9, limitE9: 2_779n * E9 })).toBe('0')
    const cancel = message('causeway.markets.v1.MsgCancelAll', {
      signer: world.addressOf(FAILING),
      subaccount: 0,
      market: 0n,
    })
    for (let i = 0; i < 3; i++) expect(world.trade(FAILING, cancel)).toBe('0')
    expect(BigInt(world.sizeOf(FAILING))).toBeLessThan(29n * E9)
    expect(BigInt(world.sale(FAILING).maintenanceMarginE6)).toBeGreaterThanOrEqual(0n)
  })

  it('is asked for nothing of its other subaccounts: what they have stays', () => {
    const world = longFailing({ params: { closingBlocks: '0' } })
    expect(
      world.act(SECOND, transferCash(world.addressOf(SECOND), world.addressOf(FAILING, 1), 3_000n * E6)),
    ).toBe('0')
    world.fall(2_780)
    world.blocksUntil(() => world.stage() === 'auction')
    expect(world.bids([TAKER])).toEqual(['0'])
    expect(world.worth(FAILING)).toBeLessThan(14_000n * E6)
    const { equityE6 } = { equityE6: world.sale(FAILING, 1).valueE6 }
    expect(equityE6).toBe(`${3_000n * E6}`)
    expect(world.stage(FAILING, 1)).toBe('none')
  })
})
