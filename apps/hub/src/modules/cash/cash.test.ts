import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { convert } from './convert.ts'
import { CASH_STORE, cashAccounts, readPool } from './state.ts'

const E9 = 1_000_000_000n
const [alice, bob] = [holderOf(1), holderOf(2)]

describe('a deposit of a stable token', () => {
  it('becomes cash at once, at par', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 500n * E6)
    expect(world.cash.balanceE6(world.context, alice)).toBe(500n * E6)
    expect(world.balance(alice, world.usd)).toBe(0n)
    expect(readPool(world.context.store(CASH_STORE)).parE6).toBe(500n * E6)
    expect(eventsOf(world.context, 'causeway.cash.v1.converted')).toMatchObject([{ cash_e6: '500000000' }])
    expect(world.broken()).toEqual([])
  })

  it('below par: the shortfall is insurance’s; above par: par', () => {
    const world = new CashWorld()
    world.prices.set(world.usd, { priceE9: 995_000_000n, state: 'fresh' })
    world.deposit(alice, world.lines[0], 1_000n * E6 + 1n)
    // Of the last micro-unit 0.995 are rounded down.
    expect(world.cash.balanceE6(world.context, alice)).toBe(995n * E6)
    expect(world.cash.balanceE6(world.context, world.insurance)).toBe(5n * E6 + 1n)
    world.prices.set(world.usd, { priceE9: 1_100_000_000n, state: 'fresh' })
    world.deposit(bob, world.lines[0], 10n * E6)
    expect(world.cash.balanceE6(world.context, bob)).toBe(10n * E6)
    expect(world.broken()).toEqual([])
  })

  it('with 18 decimals leaves what is less than a micro-unit as it is', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[2], 3n * 10n ** 18n + 7n)
    expect(world.cash.balanceE6(world.context, alice)).toBe(3n * E6)
    expect(world.balance(alice, world.dai)).toBe(7n)
    world.deposit(bob, world.lines[2], 10n ** 11n)
    expect([world.cash.balanceE6(world.context, bob), world.balance(bob, world.dai)]).toEqual([
      0n,
      10n ** 11n,
    ])
    expect(world.broken()).toEqual([])
  })

  it('stays what it is where conversion has stopped', () => {
    const stops: ((world: CashWorld) => void)[] = [
      (world) => world.prices.set(world.usd, { priceE9: 989_999_999n, state: 'fresh' }),
      (world) => world.prices.set(world.usd, { priceE9: E9, state: 'stale' }),
      (world) => world.prices.set(world.usd, { priceE9: E9, state: 'held' }),
      (world) => world.frozen.add('07-tendermint-0'),
      (world) => world.module().parameters!.change(world.context, `convertible/${world.usd}`, 0n),
    ]
    for (const stop of stops) {
      const world = new CashWorld()
      stop(world)
      world.deposit(alice, world.lines[0], 5n * E6)
      expect([world.cash.balanceE6(world.context, alice), world.balance(alice, world.usd)]).toEqual([
        0n,
        5n * E6,
      ])
      const asset = world.ports.asset(world.context, world.usd)!
      expect(refusal(() => convert(world.context, world.ports, alice, { asset, amount: E6 }))).toBe('cash/21')
    }
  })

  it('stops when any line that backs the token is frozen, not only the one that it came over', () => {
    const world = new CashWorld()
    world.deposit(bob, world.lines[1], 5n * E6)
    world.frozen.add('07-tendermint-1')
    world.deposit(alice, world.lines[0], 5n * E6)
    expect(world.cash.balanceE6(world.context, alice)).toBe(0n)
  })

  it('stops where the token would be more than half of a pool that is large', () => {
    const world = new CashWorld()
    const million = 1_000_000n * E6
    world.deposit(alice, world.lines[0], million)
    world.deposit(alice, world.lines[0], 1n)
    expect([world.cash.balanceE6(world.context, alice), world.balance(alice, world.usd)]).toEqual([
      million,
      1n,
    ])
    world.deposit(bob, world.lines[2], 10n ** 18n)
    world.deposit(alice, world.lines[0], 1n)
    expect(world.cash.balanceE6(world.context, alice)).toBe(million)
    world.deposit(bob, world.lines[2], 999_999n * 10n ** 18n)
    expect(world.cash.balanceE6(world.context, bob)).toBe(million)
    const asset = world.ports.asset(world.context, world.usd)!
    const more = () => refusal(() => convert(world.context, world.ports, alice, { asset, amount: 2n }))
    expect(more()).toBe('cash/21')
    world.module().parameters!.change(world.context, 'poolShareBps', 6_000n)
    expect(more()).toBe('nothing')
    expect(world.broken()).toEqual([])
  })

  it('is no conversion of a token that governance hasn’t named', () => {
    const world = new CashWorld({ assets: [] })
    world.deposit(alice, world.lines[0], 5n * E6)
    expect(world.balance(alice, world.usd)).toBe(5n * E6)
    const asset = world.ports.asset(world.context, world.usd)!
    expect(refusal(() => convert(world.context, world.ports, alice, { asset, amount: E6 }))).toBe('cash/20')
    const { parameters } = world.module()
    expect(refusal(() => parameters!.change(world.context, 'convertible/1', 1n))).toBe('parameters/1')
    expect(refusal(() => parameters!.change(world.context, `convertible/${world.usd}`, 2n))).toBe(
      'parameters/2',
    )
    parameters!.change(world.context, `convertible/${world.usd}`, 1n)
    expect(convert(world.context, world.ports, alice, { asset, amount: E6 })).toBe(E6)
    expect(parameters!.read(world.context)).toMatchObject({
      [`convertible/${world.usd}`]: 1n,
      poolShareBps: 5_000n,
    })
  })

  it('by message takes whole micro-units, and above par only what margin can spare', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[2], 10n ** 18n, false)
    const asset = world.ports.asset(world.context, world.dai)!
    const amount = 10n ** 17n
    expect(refusal(() => convert(world.context, world.ports, alice, { asset, amount: amount + 1n }))).toBe(
      'cash/22',
    )
    world.bound.add(1)
    expect(convert(world.context, world.ports, alice, { asset, amount })).toBe(100_000n)
    world.prices.set(world.dai, { priceE9: E9 + 1n, state: 'fresh' })
    expect(() => convert(world.context, world.ports, alice, { asset, amount })).toThrow('margin')
  })
})

describe('cash', () => {
  it('goes below zero by trading, not by paying', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 10n * E6)
    world.cash.move(world.context, bob, alice, 7n * E6, 'trade')
    expect([alice, bob].map((each) => world.cash.balanceE6(world.context, each))).toEqual([
      17n * E6,
      -7n * E6,
    ])
    expect([...world.cash.debtors(world.context)]).toEqual([bob])
    expect([alice, bob].map(({ account }) => world.cash.owes(world.context, account))).toEqual([false, true])
    expect(refusal(() => world.cash.pay(world.context, bob, alice, 1n, 'fee'))).toBe('cash/2')
    expect(refusal(() => world.cash.pay(world.context, alice, bob, 17n * E6 + 1n, 'fee'))).toBe('cash/2')
    world.cash.pay(world.context, alice, bob, 17n * E6, 'fee')
    expect(world.cash.balanceE6(world.context, bob)).toBe(10n * E6)
    expect(world.broken()).toEqual([])
  })

  it('gained under a linked wallet’s address is locked where it arrives', () => {
    const world = new CashWorld()
    const wallet = { account: new Uint8Array(20).fill(77), subaccount: alice.subaccount }
    world.owners.set(77, alice.account)
    world.deposit(alice, world.lines[0], 10n * E6)
    world.cash.flow(world.context, wallet, 4n * E6, 'trade')
    world.cash.flow(world.context, world.house, -4n * E6, 'trade')
    world.cash.lockGain(world.context, wallet, 4n * E6, world.context.timeSeconds + 600n)
    expect(world.cash.balanceE6(world.context, alice)).toBe(14n * E6)
    expect(world.cash.freeE6(world.context, alice)).toBe(10n * E6)
    expect([...cashAccounts(world.context.store(CASH_STORE), wallet.account)]).toEqual([])
    expect(world.broken()).toEqual([])
  })

  it('of a settlement is locked as far as it is a gain, be there as much left or not', () => {
    const world = new CashWorld()
    for (const each of [alice, bob]) world.deposit(each, world.lines[0], 10n * E6)
    const until = world.context.timeSeconds + 600n
    const legs = [
      { holder: alice, deltaE6: 1n * E6, gainE6: 4n * E6 },
      { holder: bob, deltaE6: 3n * E6, gainE6: 0n },
      { holder: world.house, deltaE6: -4n * E6, gainE6: -4n * E6 },
    ]
    world.cash.settle(world.context, legs, 'trade', until)
    const free = () => [alice, bob].map((each) => world.cash.freeE6(world.context, each))
    expect(free()).toEqual([7n * E6, 13n * E6])
    // All of a gain may have been spent on what is no gain.
    world.cash.settle(world.context, [{ holder: bob, deltaE6: 0n, gainE6: 5n * E6 }], 'trade', until)
    expect(free()).toEqual([7n * E6, 8n * E6])
    const requireFree = (amountE6: bigint) =>
      refusal(() => world.cash.requireFree(world.context, bob, amountE6))
    expect([8n * E6, 8n * E6 + 1n].map(requireFree)).toEqual(['nothing', 'cash/2'])
    world.cash.settle(world.context, [{ holder: bob, deltaE6: 0n, gainE6: 5n * E6 }], 'trade', 0n)
    expect(free()).toEqual([7n * E6, 8n * E6])
    expect(world.broken()).toEqual([])
  })

  it('is locked no more when it is lost again, the youngest first; what buys spot is no loss', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 10n * E6)
    const now = world.context.timeSeconds
    const settle = (deltaE6: bigint, gainE6: bigint, until: bigint) =>
      world.cash.settle(
        world.context,
        [
          { holder: alice, deltaE6, gainE6 },
          { holder: world.house, deltaE6: -deltaE6, gainE6: 0n },
        ],
        'trade',
        until,
      )
    settle(4n * E6, 4n * E6, now + 600n)
    settle(3n * E6, 3n * E6, now + 1_200n)
    expect(world.cash.lockedE6(world.context, alice)).toBe(7n * E6)
    settle(-2n * E6, 0n, now + 1_200n)
    expect(world.cash.lockedE6(world.context, alice)).toBe(7n * E6)
    settle(-4n * E6, -4n * E6, now + 1_200n)
    // Of the three that were locked until later nothing is left, of the four a quarter is lost
    expect(world.cash.lockedE6(world.context, alice)).toBe(3n * E6)
    world.block(660n)
    expect(world.cash.lockedE6(world.context, alice)).toBe(0n)
    settle(3n * E6, 3n * E6, world.context.timeSeconds + 600n)
    settle(-9n * E6, -9n * E6, world.context.timeSeconds + 600n)
    expect(world.cash.lockedE6(world.context, alice)).toBe(0n)
    expect(world.broken()).toEqual([])
  })

  it('gained in a market can’t leave for ten minutes, and its locks are few', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 10n * E6)
    world.cash.lockGain(world.context, alice, 4n * E6, world.context.timeSeconds + 600n)
    expect(world.cash.freeE6(world.context, alice)).toBe(6n * E6)
    expect(refusal(() => world.cash.pay(world.context, alice, bob, 6n * E6 + 1n, 'x'))).toBe('cash/2')
    for (let i = 0; i < 700; i++) {
      world.block()
      world.cash.lockGain(world.context, alice, 1n, world.context.timeSeconds + 600n)
    }
    const { locks } = JSON.parse(
      JSON.stringify(world.module().exportGenesis!(world.context), undefined, 0),
    ).accounts.find(({ holder }: { holder: string }) => holder === world.addresses.encode(alice.account))
    expect(locks.length).toBeLessThanOrEqual(12)
    // The first lock is over; 600 to 660 of the gains since are not.
    const free = world.cash.freeE6(world.context, alice)
    expect(free).toBeGreaterThanOrEqual(10n * E6 - 661n)
    expect(free).toBeLessThanOrEqual(10n * E6 - 600n)
  })

  it('bears interest from debtors to lenders and insurance, and the markets’ own bears none', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 1_000n * E6)
    world.cash.move(world.context, bob, alice, 500n * E6, 'trade')
    world.cash.flow(world.context, world.house, -100n * E6, 'trade')
    world.cash.flow(world.context, alice, 100n * E6, 'trade')
    world.block(31_536_000n)
    // u = 500 ÷ 1,600: 1.5625 % of 500, a tenth of it insurance's.
    expect(world.cash.balanceE6(world.context, bob)).toBe(-507_812_500n)
    expect(world.cash.balanceE6(world.context, world.house)).toBe(-100n * E6)
    expect(world.cash.balanceE6(world.context, alice)).toBe(1_607_031_250n)
    world.block()
    expect(world.cash.balanceE6(world.context, world.insurance)).toBeGreaterThanOrEqual(781_249n)
    expect(world.broken()).toEqual([])
  })

  it('that comes from nowhere stops the chain', () => {
    const world = new CashWorld()
    world.cash.flow(world.context, alice, 1n, 'trade')
    expect(() => world.block()).toThrow('sums to zero')
  })

  it('is worth what its pool is, at most 1', () => {
    const world = new CashWorld()
    expect(world.cash.stablePrice(world.context)).toBe(10n ** 18n)
    world.deposit(alice, world.lines[0], 300n * E6)
    world.deposit(alice, world.lines[2], 100n * 10n ** 18n)
    world.prices.set(world.usd, { priceE9: 1_010_000_000n, state: 'fresh' })
    expect(world.cash.stablePrice(world.context)).toBe(10n ** 18n)
    world.prices.set(world.dai, { priceE9: 600_000_000n, state: 'fresh' })
    expect(world.cash.stablePrice(world.context)).toBe(9_075n * 10n ** 14n)
  })

  it('is a claim on each token of the pool, by its share', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 300n * E6)
    world.deposit(holderOf(1, 3), world.lines[2], 60n * 10n ** 18n)
    world.deposit(bob, world.lines[2], 40n * 10n ** 18n)
    const shares = (account: Uint8Array) => world.cash.poolShare(world.context, account)
    expect(shares(alice.account)).toEqual([
      { asset: world.usd, amount: 270n * E6 },
      { asset: world.dai, amount: 90n * 10n ** 18n },
    ])
    world.cash.move(world.context, bob, alice, 50n * E6, 'trade')
    expect(shares(bob.account)).toEqual([])
    expect(shares(alice.account)).toEqual([
      { asset: world.usd, amount: 300n * E6 },
      { asset: world.dai, amount: 100n * 10n ** 18n },
    ])
  })
})
