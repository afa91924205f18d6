// Going bankrupt on purpose (JELLY, 2025-03): one attacker is long with little margin, short with another
// wallet, and takes the bankrupt one over with a third, which nothing links. Somebody else has paid into
// insurance, and holds nothing.
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from '../identifiers.ts'
import {
  FAILING,
  OTHER,
  SECOND,
  TAKER,
  eventsOf,
  longFailing,
} from '../modules/liquidation/failing.fixture.ts'
import type { FailingHub } from '../modules/liquidation/failing.fixture.ts'
import { INSURANCE_FUND } from '../named-accounts.ts'
import { E6, E9, ETH, cashOf, transferCash } from '../testing/trading-hub.fixture.ts'
import { worthE6 } from './arena.fixture.ts'

const FUND = createAddressCodec('cway').encode(INSURANCE_FUND.account)
const ATTACKER = [FAILING, OTHER, TAKER] as const
const fundE6 = ({ driver }: FailingHub) => cashOf(driver, FUND)
const attackerE6 = (world: FailingHub) => worthE6(world, ...ATTACKER)

/** 30 ETH long at 3,000 with 20,000 cash; 2,300 is held for three heights and then taken over whole. */
function gapped(insuranceE6: bigint, takerE6 = 14_000n * E6) {
  const world = longFailing()
  if (insuranceE6 > 0n)
    expect(world.act(SECOND, transferCash(world.addressOf(SECOND), FUND, insuranceE6))).toBe('0')
  const before = { attacker: attackerE6(world), fund: fundE6(world), honest: worthE6(world, SECOND) }
  world.prices.set(ETH, 2_300n * E9)
  world.blocksUntil(() => world.stage() === 'insolvent')
  // Without insurance nothing moves any more
  if (insuranceE6 > 0n) expect(world.give(OTHER, TAKER, takerE6)).toBe('0')
  const { valueE6, maintenanceMarginE6 } = world.sale(FAILING)
  const deficitE6 = -BigInt(valueE6)
  return { world, before, deficitE6, apartE6: BigInt(valueE6) - BigInt(maintenanceMarginE6) }
}

describe('an account that its owner lets go bankrupt, and takes over with another wallet', () => {
  it('costs insurance the deficit and a quarter of the requirement at most, however long he waits', () => {
    const { world, before, deficitE6, apartE6 } = gapped(9_000n * E6)
    for (let i = 0; i < 11; i++) world.driver.block(10n)
    expect(world.bids([TAKER])).toEqual(['0'])
    expect(world.stage()).toBe('none')
    const paidE6 = before.fund - fundE6(world)
    expect(paidE6).toBeGreaterThan(deficitE6)
    expect(paidE6).toBeLessThanOrEqual(deficitE6 + apartE6 / 4n + 2n)
    // That is all he has of it: what one side lost the other gained
    const gainedE6 = attackerE6(world) - before.attacker
    expect(gainedE6).toBeLessThanOrEqual(paidE6)
    expect([deficitE6 / E6, paidE6 / E6, gainedE6 / E6]).toEqual([1_045n, 3_846n, 3_846n])
    expect(worthE6(world, SECOND)).toBe(before.honest)
    expect(world.broken()).toEqual([])
  })

  it('costs the deficit where anybody else takes it at once, and no more', () => {
    const { world, before, deficitE6 } = gapped(9_000n * E6, 7_000n * E6)
    const givenE6 = 7_000n * E6
    expect(world.give(OTHER, SECOND, givenE6)).toBe('0')
    expect(world.bids([SECOND], [TAKER])).toEqual(['0', '0'])
    const paidE6 = before.fund - fundE6(world)
    expect(paidE6 - deficitE6).toBeLessThan(100n * E6)
    expect(attackerE6(world) + givenE6 - before.attacker).toBeLessThanOrEqual(paidE6)
    expect(world.broken()).toEqual([])
  })

  it('gains nothing where insurance has nothing: his own other side is closed first', () => {
    const { world, before } = gapped(0n)
    for (let i = 0; i < 13; i++) world.driver.block(10n)
    world.blocks(2)
    expect(world.all()).toEqual([])
    expect(world.sizeOf(OTHER)).toBe('0')
    expect(attackerE6(world) - before.attacker).toBeLessThanOrEqual(0n)
    expect(worthE6(world, SECOND)).toBeGreaterThanOrEqual(before.honest)
    expect(world.driver.responses.flatMap((block) => eventsOf(block, 'sold'))).toEqual([])
    expect(world.broken()).toEqual([])
  })
})

describe('the same on a thin market that jumps 80 %', () => {
  it('is bounded by what an owner may hold: no subaccount and no order gets round the cap', () => {
    const capE9 = 4n * E9
    const world = longFailing({ underlying: { tier: 3, ownerCapE9: `${capE9}` } }, 4n)
    const market = world.market('ETH-PERP').market!.id
    const more = { market, isBuy: false, sizeE9: E9, limitE9: 3_000n * E9 }
    expect(world.order(SECOND, { ...more, isBuy: true })).toBe('0')
    expect(world.order(OTHER, more)).toBe('0')
    expect(world.sizeOf(OTHER)).toBe(`${-capE9}`)
    // He keeps what four need, and lets the price run
    expect(world.give(OTHER, SECOND, 26_900n * E6)).toBe('0')
    const before = worthE6(world, FAILING, OTHER)
    world.prices.set(ETH, 5_400n * E9)
    world.blocksUntil(() => world.stage(OTHER) === 'insolvent')
    const deficitE6 = -BigInt(world.sale(OTHER).valueE6)
    expect(deficitE6).toBeLessThanOrEqual((capE9 * 2_400n) / 1_000n)
    for (let i = 0; i < 13; i++) world.driver.block(10n)
    world.blocks(2)
    expect(world.all()).toEqual([])
    // No fund, no vault: the long that gained pays for the short, whoever owns both
    expect(worthE6(world, FAILING, OTHER) - before).toBeLessThanOrEqual(0n)
    expect(deficitE6 / E6).toBe(6_502n)
    expect(world.broken()).toEqual([])
  })
})
