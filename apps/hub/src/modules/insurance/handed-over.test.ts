// From below maintenance to the end, with nobody bidding: liquidation hands over, insurance resolves.
import { toHex } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { E6, E9, ETH, redeem, transferCash } from '../../testing/trading-hub.fixture.ts'
import { insuredHub } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'

const NAMES = ['long', 'short', 'bold', 'rich'] as const
const STEP_SECONDS = 5n

/** `long` is long 20 ETH at 3,000 with 20,000 cash; the price falls to 1,900, and nobody bids. */
function fallen(insuredE6: bigint): InsuredHub {
  const world = insuredHub(NAMES)
  if (insuredE6 > 0n) world.insure('rich', insuredE6)
  const market = world.perpetual()
  const { address } = world.of('bold')
  expect(world.act('bold', transferCash(address, `${address}/9`, 10_000n * E6))).toBe('0')
  for (const name of ['short', 'bold'])
    expect(world.order(name, { market, isBuy: false, sizeE9: 10n * E9 })).toBe('0')
  expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
  world.prices.set(ETH, 1_900n * E9)
  return world
}

/** Seconds until the account is resolved, and the events of that block; 5 minutes at most. */
function untilResolved(world: InsuredHub) {
  const from = world.driver.timeSeconds
  for (let i = 0; i < 60; i++) {
    world.driver.block(STEP_SECONDS)
    const [resolved] = world.events('causeway.insurance.v1.resolved')
    if (resolved !== undefined) return { resolved, seconds: world.driver.timeSeconds - from }
  }
  throw new Error('nobody was resolved')
}

describe('an account that nobody takes over', () => {
  it('is resolved after the auction of an insolvent one, and all goes on', () => {
    const world = fallen(10_000n * E6)
    const { resolved, seconds } = untilResolved(world)
    expect(seconds >= 120n && seconds <= 180n).toBe(true)
    expect(resolved).toMatchObject({ insured_e6: resolved.deficit_e6, socialised_e6: '0' })
    expect([world.folio('long').positions, world.cash('long')]).toEqual([[], 0n])
    expect(world.trading.insurance.deficits(world.hub.chain.readLatest())).toEqual([])
    world.blocks(3)
    expect(world.broken()).toEqual([])
    // Another node finds the same
    expect(world.replay()).toEqual(world.driver.responses.map(({ appHash }) => toHex(appHash)))
    // Back to zero, and nothing forbids it to begin anew
    expect(world.act('rich', transferCash(world.of('rich').address, world.of('long').address, E6))).toBe('0')
    expect(world.cash('long')).toBe(E6)
  })

  it('beyond insurance keeps all in until then, and costs those on the other side', () => {
    const world = fallen(1_000n * E6)
    world.blocks(6)
    expect(world.act('rich', redeem(world.of('rich'), E6))).toBe('insurance/1')
    const { resolved } = untilResolved(world)
    const [insured, borne] = [BigInt(resolved.insured_e6!), BigInt(resolved.deleveraged_e6!)]
    // And what the interest on its debt has brought meanwhile
    expect(insured >= 1_000n * E6 && insured < 1_001n * E6).toBe(true)
    expect(insured + borne).toBe(BigInt(resolved.deficit_e6!))
    expect(world.events('causeway.insurance.v1.deleveraged')).toHaveLength(2)
    world.blocks(2)
    expect(world.act('rich', redeem(world.of('rich'), E6))).toBe('0')
    expect(world.broken()).toEqual([])
  })
})
