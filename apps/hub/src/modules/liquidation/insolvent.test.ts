import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../../identifiers.ts'
import { INSURANCE_FUND } from '../../named-accounts.ts'
import { E6, E9, ETH, cashOf, transferCash } from '../../testing/trading-hub.fixture.ts'
import { FAILING, NAMES, OTHER, SECOND, TAKER, eventsOf, longFailing } from './failing.fixture.ts'
import type { FailingHub } from './failing.fixture.ts'

const FUND = createAddressCodec('cway').encode(INSURANCE_FUND.account)
const fund = ({ driver }: FailingHub) => cashOf(driver, FUND)
const worths = (world: FailingHub) => NAMES.reduce((sum, name) => sum + world.worth(name), 0n) + fund(world)
const events = (world: FailingHub, type: string) =>
  world.driver.responses.flatMap((block) => eventsOf(block, type))

/** The price gaps down, is held for three blocks and taken over whole: 30 long at 3,000, worth −1,045. */
function bankrupt(insuranceE6: bigint, price = 2_300): FailingHub {
  const world = longFailing()
  if (insuranceE6 > 0n)
    expect(world.act(SECOND, transferCash(world.addressOf(SECOND), FUND, insuranceE6))).toBe('0')
  world.prices.set(ETH, BigInt(price) * E9)
  world.blocksUntil(() => world.stage() !== 'none')
  return world
}

describe('an account that is worth less than nothing', () => {
  it('is auctioned from its value down: the fund pays who takes it, all of it', () => {
    const world = bankrupt(5_000n * E6)
    expect(world.stage()).toBe('insolvent')
    const { valueE6, priceE6, maintenanceMarginE6 } = world.sale(FAILING)
    expect(valueE6).toBe(`${-1_045n * E6}`)
    expect(priceE6).toBe(valueE6)
    expect(world.params().deficitsE6).toBe(`${1_045n * E6}`)
    const before = { fund: fund(world), all: worths(world) }
    for (let i = 0; i < 6; i++) world.driver.block(10n)
    // Half of 25 % of what value and margin are apart, after half of the time
    const apart = BigInt(valueE6) - BigInt(maintenanceMarginE6)
    const { priceE6: half } = world.sale(FAILING)
    const expected = BigInt(valueE6) - apart / 8n
    expect(BigInt(half)).toBeLessThanOrEqual(expected)
    expect(BigInt(half)).toBeGreaterThan(expected - 10n)
    expect(world.give(OTHER, TAKER, 12_000n * E6)).toBe('0')
    expect(world.bids([TAKER, { maxPriceE6: half }])).toEqual(['0'])
    expect(world.sizeOf(TAKER)).toBe(`${30n * E9}`)
    expect([world.sizeOf(FAILING), world.cash(FAILING)]).toEqual(['0', 0n])
    const [{ price_e6: paid, fee_e6: fee } = {}] = events(world, 'sold')
    expect(fee).toBe('0')
    const lost = before.fund - fund(world)
    expect(lost).toBeGreaterThanOrEqual(-BigInt(half))
    expect(lost).toBeGreaterThanOrEqual(-BigInt(paid!) - 2n)
    expect(lost).toBeLessThanOrEqual(-BigInt(paid!) + 2n)
    // A micro-unit a leg is lost to rounding at most
    expect(before.all - worths(world)).toBeLessThanOrEqual(2n)
    expect(before.all - worths(world)).toBeGreaterThanOrEqual(0n)
    world.blocks(2)
    expect(world.all()).toEqual([])
    expect(events(world, 'stage').map(({ stage, reason }) => `${stage}: ${reason}`)).toEqual([
      'insolvent: below',
      'none: sold',
    ])
    expect(world.broken()).toEqual([])
  })

  it('is taken in parts, too; who offers to take less than the auction gives gets nothing', () => {
    const world = bankrupt(5_000n * E6)
    world.blocks(5)
    const { priceE6 } = world.sale(FAILING)
    expect(world.bids([TAKER, { shareE9: E9 / 10n, maxPriceE6: `${BigInt(priceE6) / 5n}` }])).toEqual([
      'liquidation/5',
    ])
    expect(world.bids([TAKER, { shareE9: E9 / 10n, maxPriceE6: '0' }])).toEqual(['0'])
    expect(world.sizeOf(TAKER)).toBe(`${3n * E9}`)
    const { valueE6, liquidation } = world.sale(FAILING)
    expect(BigInt(valueE6)).toBeGreaterThanOrEqual(-941n * E6)
    expect(BigInt(valueE6)).toBeLessThan(-940n * E6)
    expect(liquidation!.paidInE6).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('goes only as far as the fund can pay', () => {
    const world = bankrupt(200n * E6)
    expect(world.bids([TAKER, { shareE9: E9 / 2n }])).toEqual(['0'])
    const sizeE9 = BigInt(world.sizeOf(TAKER))
    // 200 of 1,045: 19 %
    expect(sizeE9).toBeGreaterThan(5n * E9)
    expect(sizeE9).toBeLessThan(6n * E9)
    expect(fund(world)).toBeLessThan(E6)
    const again = world.bids([TAKER, { shareE9: E9 / 2n }])
    expect(again[0]).toBe('0')
    expect(events(world, 'lapsed').map(({ reason }) => reason)).toEqual(['insurance'])
    expect(world.broken()).toEqual([])
  })

  it('is handed to insurance when nobody took it within two minutes', () => {
    const world = bankrupt(5_000n * E6)
    const before = worths(world)
    for (let i = 0; i < 11; i++) world.driver.block(10n)
    expect(world.stage()).toBe('insolvent')
    world.driver.block(10n)
    expect(world.stage()).toBe('none')
    expect([world.sizeOf(FAILING), world.cash(FAILING), world.worth(FAILING)]).toEqual(['0', 0n, 0n])
    expect(events(world, 'stage').at(-1)).toMatchObject({ stage: 'none', reason: 'resolved' })
    expect(worths(world) - before).toBeGreaterThanOrEqual(-10n)
    expect(worths(world) - before).toBeLessThanOrEqual(10n)
    expect(world.params()).toMatchObject({ count: 0n, deficitsE6: '0' })
    world.blocks(2)
    expect(world.broken()).toEqual([])
  })

  it('without a fund falls on those who gained; nobody else loses, and the books stay even', () => {
    const world = bankrupt(0n)
    const second = world.worth(SECOND)
    for (let i = 0; i < 13; i++) world.driver.block(10n)
    expect(world.stage()).toBe('none')
    expect([world.sizeOf(FAILING), world.sizeOf(OTHER), world.cash(FAILING)]).toEqual(['0', '0', 0n])
    expect(world.worth(SECOND)).toBeGreaterThanOrEqual(second)
    expect(world.broken()).toEqual([])
  })

  it('that gains and is worth something again is auctioned as such, its clock anew', () => {
    const world = bankrupt(0n)
    world.blocks(20)
    world.fall(2_400)
    world.blocksUntil(() => world.stage() === 'auction')
    expect(events(world, 'stage').at(-1)).toMatchObject({ stage: 'auction', reason: 'solvent' })
    expect(world.sale(FAILING).discountE9).toBeGreaterThan(970_000_000n)
    expect(world.broken()).toEqual([])
  })

  it('goes from one auction to the other when it falls: what bids paid in is for sale with the rest', () => {
    const world = longFailing()
    world.fall(2_600)
    world.blocksUntil(() => world.stage() === 'auction')
    expect(world.bids([TAKER, { shareE9: E9 / 10n }])).toEqual(['0'])
    expect(BigInt(world.sale(FAILING).liquidation!.paidInE6)).toBeGreaterThan(0n)
    world.fall(2_270)
    world.blocksUntil(() => world.stage() === 'insolvent')
    expect(world.sale(FAILING).liquidation!.paidInE6).toBe('0')
    expect(world.broken()).toEqual([])
  })
})
