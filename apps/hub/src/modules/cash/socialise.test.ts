// A debt that ends at the cost of all positive cash: conserved, shared in proportion, whatever was owed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { bearableE6 } from './pool.ts'
import { socialise } from './socialise.ts'
import { CASH_STORE, readPool } from './state.ts'

const [alice, bob, carol, dora] = [holderOf(1), holderOf(2), holderOf(3), holderOf(4)]

/** Alice has 600, Bob 400 and what Carol has lost to him, who has nothing but that debt. */
function setUp(debtE6: bigint) {
  const world = new CashWorld()
  world.deposit(alice, world.lines[0], 600n * E6)
  world.deposit(bob, world.lines[0], 400n * E6)
  world.cash.move(world.context, carol, bob, debtE6, 'trade')
  const cash = (...holders: (typeof alice)[]) =>
    holders.map((holder) => world.cash.balanceE6(world.context, holder))
  return { world, cash, end: (amountE6: bigint) => socialise(world.context, world.ports, carol, amountE6) }
}

describe('a debt that all positive cash bears', () => {
  it('falls on everybody by what he has, and is told', () => {
    const { world, cash, end } = setUp(100n * E6)
    expect(end(100n * E6)).toBe(100n * E6)
    // A hundred of eleven hundred
    expect(cash(alice, bob, carol)).toEqual([545_454_545n, 454_545_454n, 0n])
    expect(eventsOf(world.context, 'causeway.cash.v1.socialised')).toEqual([
      expect.objectContaining({ subaccount: '0', amount_e6: `${100n * E6}` }),
    ])
    expect(world.broken()).toEqual([])
    world.block()
    expect(world.broken()).toEqual([])
  })

  it('may be a part of what is owed: the rest stays a debt', () => {
    const { world, cash, end } = setUp(100n * E6)
    expect(end(40n * E6)).toBe(40n * E6)
    expect(cash(carol)).toEqual([-60n * E6])
    expect(world.broken()).toEqual([])
  })

  it('is nobody’s whose cash is below zero, and not the markets’ own', () => {
    const { world, cash, end } = setUp(100n * E6)
    world.cash.move(world.context, dora, alice, 50n * E6, 'trade')
    world.cash.flow(world.context, world.ports.idle, 7n * E6, 'settlement')
    world.cash.flow(world.context, alice, -7n * E6, 'settlement')
    end(100n * E6)
    expect(cash(dora, world.ports.idle)).toEqual([-50n * E6, 7n * E6])
    expect(world.broken()).toEqual([])
  })

  it('takes no more than there is, and leaves an index that can still count', () => {
    const { world, cash, end } = setUp(5_000n * E6)
    // The house has what carol lost and bob has not been paid: positive cash is less than the debt
    world.cash.flow(world.context, world.ports.idle, 5_200n * E6, 'settlement')
    world.cash.flow(world.context, bob, -5_200n * E6, 'settlement')
    const borne = end(5_000n * E6)
    expect(borne < 5_000n * E6 && borne > 799n * E6).toBe(true)
    expect(cash(carol)[0]).toBe(borne - 5_000n * E6)
    expect(readPool(world.context.store(CASH_STORE)).creditIndex >= 10n ** 9n).toBe(true)
    expect(world.broken()).toEqual([])
    world.deposit(dora, world.lines[1], 70n * E6)
    expect(cash(dora)).toEqual([70n * E6])
    world.block()
    world.cash.endBlock(world.context)
    expect(world.broken()).toEqual([])
  })

  it('is a debt: of nothing else can any of it be ended', () => {
    const { world, end } = setUp(100n * E6)
    expect(() => end(101n * E6)).toThrow('only a debt is socialised')
    expect(() => end(0n)).toThrow('only a debt is socialised')
    expect(() => socialise(world.context, world.ports, alice, 1n)).toThrow('only a debt is socialised')
  })

  it('costs the same over many accounts as over one, at any indices', () => {
    const amount = fc.bigInt(1n, 900n * E6)
    fc.assert(
      fc.property(amount, fc.bigInt(1n, 599n * E6), fc.bigInt(1n, 400n), (debt, moved, days) => {
        const [one, two] = [setUp(debt), setUp(debt)]
        two.world.cash.pay(two.world.context, alice, dora, moved, 'transfer')
        for (const { world } of [one, two]) world.block(days * 86_400n)
        const owed = [one, two].map(({ cash }) => -cash(carol)[0]!)
        const before = one.cash(alice)[0]!
        const borne = [one, two].map(({ end }, i) => end(owed[i]!))
        expect(borne).toEqual(owed)
        const after = [one.cash(alice)[0]!, two.cash(alice)[0]! + two.cash(dora)[0]!]
        expect(after[0]! < before).toBe(true)
        expect(after[0]! - after[1]! <= 4n && after[1]! - after[0]! <= 4n).toBe(true)
        for (const { world } of [one, two]) {
          world.cash.endBlock(world.context)
          expect(world.broken()).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('of any size leaves sums that hold, as often as it happens', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 500n * E6), { minLength: 1, maxLength: 8 }), (debts) => {
        const { world, cash } = setUp(0n + 1n)
        for (const debt of debts) {
          world.cash.move(world.context, dora, alice, debt, 'trade')
          world.block(3_600n)
          const most = bearableE6(readPool(world.context.store(CASH_STORE)))
          const owed = -cash(dora)[0]!
          const borne = socialise(world.context, world.ports, dora, owed)
          expect(borne).toBe(owed < most ? owed : most)
          expect(cash(dora)).toEqual([borne - owed])
          world.cash.endBlock(world.context)
          expect(world.broken()).toEqual([])
        }
      }),
      { numRuns: 40 },
    )
  })
})
