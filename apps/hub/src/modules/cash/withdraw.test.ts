import { describe, expect, it } from 'vitest'
import { eventsOf } from '../../testing/memory-context.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { CASH_STORE, withdrawals } from './state.ts'
import { cancel, redeem, redirect, withdraw } from './withdraw.ts'

const [alice, bob, carol] = [holderOf(1), holderOf(2), holderOf(3)]
const HOUR = 3_600n
const receiver = 'zone1somebody'

const waiting = ({ context }: CashWorld) =>
  [...withdrawals(context.store(CASH_STORE))].map(({ id, account, amount }) => [
    id,
    account[0],
    BigInt(amount),
  ])
const pay = (world: CashWorld, holder = alice, amountE6 = 100n * E6, line = world.lines[0]) =>
  world.context.nested(() =>
    redeem(world.context, world.ports, holder, { line: world.pathOf(line), amountE6, receiver }),
  )
const sums = (world: CashWorld) => world.sent.map(({ holder, amount }) => [holder.account[0], amount])

describe('redemption', () => {
  it('pays cash at par over any line that the pool holds: in on one chain, out on another', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 300n * E6)
    world.deposit(bob, world.lines[2], 200n * 10n ** 18n)
    expect(pay(world, alice, 150n * E6, world.lines[2])).toEqual({ sequence: 1n, withdrawal: 0n })
    expect(world.sent[0]).toMatchObject({ amount: 150n * 10n ** 18n, receiver })
    expect(world.cash.balanceE6(world.context, alice)).toBe(150n * E6)
    expect(world.broken()).toEqual([])
    world.land(world.sent[0]!, true)
    expect(world.broken()).toEqual([])
    expect(refusal(() => pay(world, alice, 51n * E6, world.lines[2]))).toBe('cash/23')
  })

  it('takes positive cash only, that margin can spare, while every price is fresh', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 100n * E6)
    expect(refusal(() => pay(world, alice, 100n * E6 + 1n))).toBe('cash/23')
    world.deposit(bob, world.lines[0], 100n * E6)
    expect(refusal(() => pay(world, alice, 100n * E6 + 1n))).toBe('cash/2')
    expect(refusal(() => pay(world, carol, 1n))).toBe('cash/2')
    world.bound.add(1)
    expect(() => pay(world)).toThrow('margin')
    world.bound.clear()
    world.blind.add(1)
    expect(() => pay(world)).toThrow('price')
    expect(world.sent).toEqual([])
  })

  it('needs a line that is open and holds it, and a receiver', () => {
    const world = new CashWorld()
    world.deposit(alice, world.lines[0], 100n * E6)
    const to = (line: string, who = receiver) =>
      refusal(() => redeem(world.context, world.ports, alice, { line, amountE6: 1n, receiver: who }))
    expect(to('transfer/07-tendermint-0/u9')).toBe('ledger/21')
    expect(to(world.pathOf(world.lines[0]), '')).toBe('cash/41')
    expect(to(world.pathOf(world.lines[0]), 'a b')).toBe('cash/41')
    world.frozen.add('07-tendermint-0')
    expect(to(world.pathOf(world.lines[0]))).toBe('cash/43')
  })

  it('that isn’t taken comes back to the same subaccount, as the token', () => {
    const world = new CashWorld()
    world.deposit(holderOf(1, 5), world.lines[0], 100n * E6)
    pay(world, holderOf(1, 5))
    world.frozen.add('07-tendermint-0')
    world.land(world.sent[0]!, false)
    expect(world.balance(holderOf(1, 5), world.usd)).toBe(100n * E6)
    expect(world.broken()).toEqual([])
  })
})

describe('a line’s window', () => {
  it('is what may leave within an hour; the rest waits, and leaves in order as the hour goes by', () => {
    const world = new CashWorld()
    world.limit(world.lines[0], 100n * E6)
    for (const holder of [alice, bob]) world.deposit(holder, world.lines[0], 500n * E6)
    expect(pay(world, alice, 80n * E6)).toEqual({ sequence: 1n, withdrawal: 0n })
    expect(pay(world, bob, 30n * E6)).toEqual({ sequence: 0n, withdrawal: 1n })
    // There would be room for 10, but bob waits.
    expect(pay(world, alice, 10n * E6)).toEqual({ sequence: 0n, withdrawal: 2n })
    expect(eventsOf(world.context, 'causeway.cash.v1.withdrawal').map(({ status }) => status)).toEqual([
      'queued',
      'queued',
    ])
    expect([world.cash.balanceE6(world.context, bob), world.broken()]).toEqual([470n * E6, []])
    // A part of what waits fits.
    world.block()
    expect(sums(world)).toEqual([
      [1, 80n * E6],
      [2, 20n * E6],
    ])
    world.block(HOUR - 600n)
    expect(world.sent).toHaveLength(2)
    world.block(900n)
    expect(sums(world).slice(2)).toEqual([
      [2, 10n * E6],
      [1, 10n * E6],
    ])
    expect([waiting(world), world.broken()]).toEqual([[], []])
  })

  it('gives nobody more than half of it while others wait', () => {
    const world = new CashWorld()
    world.limit(world.lines[0], 100n * E6)
    for (const holder of [alice, bob, carol]) world.deposit(holder, world.lines[0], 1_000n * E6)
    pay(world, carol, 100n * E6)
    pay(world, alice, 90n * E6)
    pay(world, alice, 90n * E6)
    pay(world, bob, 20n * E6)
    world.block(2n * HOUR)
    // Half for alice, all that bob wants, and the rest, once alice alone waits, later.
    expect(sums(world).slice(1)).toEqual([
      [1, 50n * E6],
      [2, 20n * E6],
    ])
    world.block()
    expect(sums(world).slice(3)).toEqual([[1, 30n * E6]])
    world.block(2n * HOUR)
    expect(sums(world).slice(4)).toEqual([
      [1, 10n * E6],
      [1, 90n * E6],
    ])
    expect([waiting(world), world.broken()]).toEqual([[], []])
  })

  it('holds for balances that are no cash, too', () => {
    const world = new CashWorld({ assets: [] })
    world.limit(world.lines[0], 100n * E6)
    world.deposit(alice, world.lines[0], 500n * E6)
    const out = (amount: bigint) =>
      withdraw(world.context, world.ports, alice, { line: world.pathOf(world.lines[0]), amount, receiver })
    expect(out(100n * E6).sequence).toBe(1n)
    expect(out(50n * E6).withdrawal).toBe(1n)
    expect([world.balance(alice, world.usd), world.broken()]).toEqual([350n * E6, []])
    world.block(2n * HOUR)
    expect(sums(world)).toHaveLength(2)
    expect(refusal(() => out(351n * E6))).toBe('ledger/5')
    world.bound.add(1)
    expect(() => out(1n)).toThrow('margin')
  })

  it('is closed while the client is not active, and opens for the rest', () => {
    const world = new CashWorld()
    for (const line of world.lines) world.limit(line, 10n * E6)
    world.deposit(alice, world.lines[0], 100n * E6)
    world.deposit(alice, world.lines[1], 100n * E6)
    for (const line of world.lines.slice(0, 2)) {
      pay(world, alice, 10n * E6, line)
      pay(world, alice, 10n * E6, line)
    }
    world.frozen.add('07-tendermint-0')
    world.block(2n * HOUR)
    expect(world.sent.slice(2).map(({ line }) => line.id)).toEqual([world.lines[1]])
    world.frozen.clear()
    world.block()
    expect(world.sent).toHaveLength(4)
    expect(world.broken()).toEqual([])
  })

  it('counts an account’s waiting withdrawals', () => {
    const world = new CashWorld()
    world.limit(world.lines[0], 1n * E6)
    world.deposit(alice, world.lines[0], 100n * E6)
    for (let i = 0; i < 16; i++) pay(world, alice, 2n * E6)
    expect(refusal(() => pay(world, alice, 2n * E6))).toBe('cash/44')
  })
})

describe('what waits', () => {
  const setUp = () => {
    const world = new CashWorld()
    for (const line of world.lines) world.limit(line, 10n * E6)
    world.deposit(alice, world.lines[0], 100n * E6)
    world.deposit(alice, world.lines[1], 100n * E6)
    const { withdrawal: id } = pay(world, alice, 50n * E6)
    return { world, id }
  }

  it('is taken back: cash to cash, a balance to a balance', () => {
    const { world, id } = setUp()
    expect(refusal(() => cancel(world.context, world.ports, bob, id))).toBe('cash/40')
    expect(refusal(() => cancel(world.context, world.ports, holderOf(1, 1), id))).toBe('cash/40')
    expect(refusal(() => cancel(world.context, world.ports, alice, 2n ** 70n))).toBe('cash/40')
    cancel(world.context, world.ports, alice, id)
    expect([world.cash.balanceE6(world.context, alice), waiting(world)]).toEqual([200n * E6, []])
    expect(refusal(() => cancel(world.context, world.ports, alice, id))).toBe('cash/40')
    world.deposit(alice, world.lines[0], 60n * E6, false)
    const out = { line: world.pathOf(world.lines[0]), amount: 60n * E6, receiver }
    const { withdrawal } = withdraw(world.context, world.ports, alice, out)
    cancel(world.context, world.ports, alice, withdrawal)
    expect([world.balance(alice, world.usd), world.broken()]).toEqual([60n * E6, []])
  })

  it('goes over another line of its token, as whoever comes there last', () => {
    const { world, id } = setUp()
    const to = (line: bigint) => ({ id, line: world.pathOf(line), receiver: 'zone1other' })
    expect(refusal(() => redirect(world.context, world.ports, alice, to(world.lines[2])))).toBe('cash/42')
    expect(redirect(world.context, world.ports, alice, to(world.lines[1]))).toEqual({
      sequence: 0n,
      withdrawal: 2n,
    })
    world.block()
    expect(world.sent).toMatchObject([
      { line: { id: world.lines[1] }, amount: 10n * E6, receiver: 'zone1other' },
    ])
    cancel(world.context, world.ports, alice, 2n)
    expect([world.cash.balanceE6(world.context, alice), world.broken()]).toEqual([190n * E6, []])
  })

  it('is in a genesis, and reads back', () => {
    const { world } = setUp()
    world.cash.lockGain(world.context, alice, 5n, world.context.timeSeconds + 600n)
    const state = world.module().exportGenesis!(world.context)
    const other = new CashWorld({ assets: [] })
    other.deposit(other.ports.pool, other.lines[0], 100n * E6, false)
    other.deposit(other.ports.pool, other.lines[1], 50n * E6, false)
    other.deposit(other.ports.waiting, other.lines[0], 50n * E6, false)
    other.module().initGenesis!(other.context, {
      ...(state as object),
      assets: [{ asset: '2', parE6: '150000000' }],
    })
    expect(other.module().exportGenesis!(other.context)).toMatchObject(
      JSON.parse(JSON.stringify({ ...(state as object), assets: [{ asset: '2' }] })),
    )
    const part = state as { withdrawals: object[] }
    const bad = { ...part, assets: [] }
    expect(refusal(() => other.module().initGenesis!(other.context, bad))).toBe('genesis/2')
  })
})
