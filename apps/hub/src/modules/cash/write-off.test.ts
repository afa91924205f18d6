// What an escrow has lost: insurance first, then everybody's positive cash in proportion; nothing is made or
// left over, whatever was owed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { CASH_STORE, readCash, readPool } from './state.ts'
import { writeOff } from './write-off.ts'

const [alice, bob, carol] = [holderOf(1), holderOf(2), holderOf(3)]

/** Alice has 600, Bob 400 over the first line of usd; insurance what it says. */
function setUp(insuredE6 = 0n, converts = true) {
  const world = new CashWorld()
  world.deposit(alice, world.lines[0], 600n * E6)
  world.deposit(bob, world.lines[0], 400n * E6)
  if (insuredE6 > 0n) world.deposit(world.insurance, world.lines[1], insuredE6, converts)
  const lose = (amount: bigint, line = world.lines[0]) =>
    refusal(() =>
      world.context.nested(() => writeOff(world.context, world.ports, { line: world.pathOf(line), amount })),
    )
  const cash = (...holders: (typeof alice)[]) =>
    holders.map((holder) => world.cash.balanceE6(world.context, holder))
  return { world, lose, cash }
}

describe('a loss', () => {
  it('is insurance’s as far as it goes: its tokens, then its cash', () => {
    const { world, lose, cash } = setUp(100n * E6, false)
    expect(lose(60n * E6)).toBe('nothing')
    expect(world.balance(world.insurance, world.usd)).toBe(40n * E6)
    expect(cash(alice, bob)).toEqual([600n * E6, 400n * E6])
    expect(world.broken()).toEqual([])
    const other = setUp(100n * E6)
    expect(other.lose(60n * E6)).toBe('nothing')
    expect(other.cash(alice, bob, other.world.insurance)).toEqual([600n * E6, 400n * E6, 40n * E6])
    expect(readPool(other.world.context.store(CASH_STORE)).parE6).toBe(1_040n * E6)
    expect(other.world.broken()).toEqual([])
  })

  it('beyond insurance is everybody’s in the same proportion, and told', () => {
    const { world, lose, cash } = setUp(100n * E6)
    expect(lose(300n * E6)).toBe('nothing')
    // 100 of insurance; 200 of 1,000 are a fifth of what each has.
    expect(cash(alice, bob, world.insurance)).toEqual([480n * E6, 320n * E6, 0n])
    expect(eventsOf(world.context, 'causeway.cash.v1.written_off')).toEqual([
      {
        line: world.lines[0].toString(),
        asset: world.usd.toString(),
        amount: `${300n * E6}`,
        insurance: '0',
        insurance_e6: `${100n * E6}`,
        shared_e6: `${200n * E6}`,
      },
    ])
    expect(world.broken()).toEqual([])
    // Splitting would have changed nothing, and nothing is lost twice.
    world.block()
    expect(cash(alice, bob)).toEqual([480n * E6, 320n * E6])
    expect(world.broken()).toEqual([])
  })

  it('takes no debt away, and debtors none of it', () => {
    const { world, lose, cash } = setUp()
    world.cash.move(world.context, carol, alice, 100n * E6, 'trade')
    expect(lose(110n * E6)).toBe('nothing')
    // 1,100 positive lose 110.
    expect(cash(alice, bob, carol)).toEqual([630n * E6, 360n * E6, -100n * E6])
    expect(world.broken()).toEqual([])
  })

  it('of a token with 18 decimals is rounded against the pool, by less than a micro-unit', () => {
    const { world, cash } = setUp()
    world.deposit(carol, world.lines[2], 100n * 10n ** 18n)
    const path = world.pathOf(world.lines[2])
    writeOff(world.context, world.ports, { line: path, amount: 10n ** 12n * 5n + 1n })
    const [sum] = [cash(alice, bob, carol).reduce((total, each) => total + each, 0n)]
    expect(1_100n * E6 - sum).toBeGreaterThanOrEqual(6n)
    expect(1_100n * E6 - sum).toBeLessThanOrEqual(9n)
    expect(world.broken()).toEqual([])
  })

  it('leaves less than a micro-unit of one: a linked wallet takes no such record along', () => {
    const { world, lose, cash } = setUp()
    world.cash.pay(world.context, alice, carol, 1n, 'transfer')
    expect(lose(10n * E6)).toBe('nothing')
    expect(cash(carol)).toEqual([0n])
    const store = world.context.store(CASH_STORE)
    expect(readCash(store, carol).shares).toBeGreaterThan(0n)
    world.cash.dropDust(world.context, carol)
    expect(readCash(store, carol)).toEqual({ shares: 0n, locks: [] })
    expect(world.broken()).toEqual([])
    expect(() => world.cash.dropDust(world.context, alice)).toThrow('dust is worth nothing')
  })

  it('is refused where others hold the rest, or the line has less', () => {
    const { world, lose, cash } = setUp()
    world.deposit(carol, world.lines[1], 50n * E6, false)
    expect(lose(1_001n * E6)).toBe('cash/24')
    expect(lose(60n * E6, world.lines[1])).toBe('ledger/23')
    expect(lose(50n * E6, world.lines[1])).toBe('nothing')
    expect(cash(alice, bob)).toEqual([570n * E6, 380n * E6])
    expect(world.broken()).toEqual([])
  })

  it('of all that there is can’t be borne by an index: a micro-unit has to stay', () => {
    const { world, lose, cash } = setUp()
    expect(lose(1_000n * E6)).toBe('cash/24')
    world.block()
    expect(cash(alice, bob)).toEqual([600n * E6, 400n * E6])
    expect(world.broken()).toEqual([])
    // Nobody has cash but insurance: it pays all of it.
    const alone = new CashWorld()
    alone.deposit(alone.insurance, alone.lines[0], 5n * E6)
    writeOff(alone.context, alone.ports, { line: alone.pathOf(alone.lines[0]), amount: 5n * E6 })
    alone.block()
    expect(alone.cash.balanceE6(alone.context, alone.insurance)).toBe(0n)
    expect(alone.broken()).toEqual([])
  })

  it('of nearly everything leaves nothing, and what comes in later is whole', () => {
    const { world, lose, cash } = setUp()
    expect(lose(1_000n * E6 - 1n)).toBe('nothing')
    expect(cash(alice, bob)).toEqual([0n, 0n])
    world.deposit(carol, world.lines[1], 70n * E6)
    expect(cash(carol)).toEqual([70n * E6])
    world.block()
    expect(world.broken()).toEqual([])
  })

  it('at random: conserved, and nobody but its payers pays', () => {
    const amount = fc.bigInt(1n, 900n * E6)
    fc.assert(
      fc.property(amount, amount, fc.bigInt(1n, 300n * E6), (loss, insured, debt) => {
        const { world, lose, cash } = setUp(insured)
        world.cash.move(world.context, carol, bob, debt, 'trade')
        world.block(86_400n)
        world.cash.endBlock(world.context)
        const [a, b, c, fund] = cash(alice, bob, carol, world.insurance)
        expect(lose(loss)).toBe('nothing')
        const [a1, b1, c1, fund1] = cash(alice, bob, carol, world.insurance)
        const paid = fund! < loss ? fund! : loss
        expect([fund! - fund1!, c1]).toEqual([paid, c])
        const shared = a! - a1! + (b! - b1!)
        // Par and the sum of cash lie apart by a micro-unit an account at most, before and after.
        expect(shared - (loss - paid)).toBeGreaterThanOrEqual(-4n)
        expect(shared - (loss - paid)).toBeLessThanOrEqual(4n)
        world.cash.endBlock(world.context)
        expect(world.broken()).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
