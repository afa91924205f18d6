// The protocol vault has no claim on insurance: what it lacks others bear, as if there were no fund.
import { describe, expect, it } from 'vitest'
import { VAULT } from '../../named-accounts.ts'
import { E6 } from '../../testing/trading-hub.fixture.ts'
import { insuredHub } from './insured-hub.fixture.ts'

const NAMES = ['one', 'two', 'rich'] as const

describe('the vault', () => {
  it('is paid nothing by any fund, whatever it lacks', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 5_000n * E6)
    const { insurance, cash } = world.trading
    expect(world.atEnd((context) => insurance.pay(context, VAULT, 100n * E6, 'bid'))).toBe(0n)
    expect(world.atEnd((context) => insurance.pay(context, world.holder('one'), E6, 'bid'))).toBe(E6)
    // It owes 100 that it has lost to somebody
    world.atEnd((context) => cash.move(context, VAULT, world.holder('two'), 100n * E6, 'trade'))
    const before = [world.fund(), world.cash('rich')] as const
    expect(world.atEnd((context) => insurance.resolve(context, VAULT))).toBe(true)
    expect(world.events('causeway.insurance.v1.resolved')).toMatchObject([
      { insured_e6: '0', deleveraged_e6: '0', deficit_e6: expect.stringMatching(/^100\d{6}$/) },
    ])
    // All positive cash bears it, the fund's as anybody's
    expect(world.fund()).toBeGreaterThan(before[0] - 20n * E6)
    expect(world.cash('rich')).toBeLessThan(before[1])
    expect(world.broken()).toEqual([])
  })

  it('is anybody else’s equal otherwise: another that lacks as much is paid', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 5_000n * E6)
    const { insurance, cash } = world.trading
    const nobody = { account: new Uint8Array(20).fill(7), subaccount: 0 }
    world.atEnd((context) => cash.move(context, nobody, world.holder('two'), 100n * E6, 'trade'))
    const before = world.fund()
    expect(world.atEnd((context) => insurance.resolve(context, nobody))).toBe(true)
    expect(before - world.fund()).toBeGreaterThanOrEqual(100n * E6)
    expect(world.broken()).toEqual([])
  })
})
