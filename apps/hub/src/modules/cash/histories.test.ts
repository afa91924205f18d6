// Invariants of cash over random histories: deposits, conversions, redemptions, trades, interest, frozen
// clients, refunds, what waits.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isProtocolError } from '@causeway/primitives'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { convert } from './convert.ts'
import { CASH_STORE, withdrawals } from './state.ts'
import { cancel, redeem, redirect, withdraw } from './withdraw.ts'

interface Step {
  readonly kind: (typeof KINDS)[number]
  readonly who: number
  readonly other: number
  readonly line: number
  readonly amount: bigint
  readonly price: number
  readonly seconds: bigint
}

const KINDS = [
  'deposit',
  'deposit',
  'convert',
  'convert',
  'redeem',
  'redeem',
  'withdraw',
  'withdraw',
  'trade',
  'trade',
  'trade',
  'house',
  'transfer',
  'land',
  'refund',
  'price',
  'freeze',
  'cancel',
  'redirect',
  'block',
  'block',
  'year',
] as const

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.integer({ min: 1, max: 4 }),
  other: fc.integer({ min: 1, max: 4 }),
  line: fc.integer({ min: 0, max: 2 }),
  amount: fc.oneof(fc.bigInt(1n, 1_000n), fc.bigInt(1n, 300n * E6)),
  price: fc.integer({ min: 985, max: 1_010 }),
  seconds: fc.bigInt(1n, 4_000n),
})

const actions: Record<Step['kind'], (world: CashWorld, step: Step) => void> = {
  deposit: (world, { who, line, amount, price }) => {
    const units = line === 2 ? amount * 1_000_000_000_000n + BigInt(price % 2) : amount
    world.deposit(holderOf(who), world.lines[line]!, units, price % 3 !== 0)
  },
  convert: (world, { who, line, amount }) => {
    const asset = world.ports.asset(world.context, line === 2 ? world.dai : world.usd)!
    const held = world.balance(holderOf(who), asset.id)
    const whole = line === 2 ? held - (held % 10n ** 12n) : held
    const part = whole > 0n ? whole : amount * 10n ** 12n
    convert(world.context, world.ports, holderOf(who), { asset, amount: part })
  },
  redeem: (world, { who, line, amount }) => {
    const to = { line: world.pathOf(world.lines[line]!), receiver: 'somebody' }
    redeem(world.context, world.ports, holderOf(who), { ...to, amountE6: amount })
  },
  withdraw: (world, { who, line, amount }) => {
    const to = { line: world.pathOf(world.lines[line]!), receiver: 'somebody' }
    withdraw(world.context, world.ports, holderOf(who), { ...to, amount })
  },
  trade: (world, { who, other, amount }) =>
    world.cash.move(world.context, holderOf(who), holderOf(other), amount, 'trade'),
  house: (world, { who, amount, price }) => {
    const signed = price % 2 === 0 ? amount : -amount
    world.cash.flow(world.context, holderOf(who), signed, 'trade')
    world.cash.flow(world.context, world.house, -signed, 'trade')
  },
  transfer: (world, { who, other, amount }) =>
    world.cash.pay(world.context, holderOf(who), holderOf(other), amount, 'transfer'),
  land: (world) => {
    const landed = world.sent.shift()
    if (landed !== undefined) world.land(landed, true)
  },
  refund: (world) => {
    const back = world.sent.shift()
    if (back !== undefined) world.land(back, false)
  },
  price: (world, { line, price }) =>
    world.prices.set(line === 2 ? world.dai : world.usd, {
      priceE9: BigInt(price) * 1_000_000n,
      state: price % 7 === 0 ? 'held' : 'fresh',
    }),
  freeze: (world, { line }) => {
    const client = `07-tendermint-${line}`
    if (!world.frozen.delete(client)) world.frozen.add(client)
  },
  cancel: (world) => {
    for (const { id, account, subaccount } of withdrawals(world.context.store(CASH_STORE)))
      return cancel(world.context, world.ports, { account, subaccount }, id)
  },
  redirect: (world, { line }) => {
    for (const { id, account, subaccount } of withdrawals(world.context.store(CASH_STORE))) {
      const to = { id, line: world.pathOf(world.lines[line]!), receiver: 'other' }
      redirect(world.context, world.ports, { account, subaccount }, to)
      return
    }
  },
  block: (world, { seconds }) => world.block(seconds),
  year: (world) => world.block(31_536_000n),
}

it('par is what all have together, less a micro-unit each at most; nothing is lost or made', () => {
  const done = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (steps) => {
      const world = new CashWorld()
      for (const line of world.lines) world.limit(line, 200n * E6)
      for (const each of steps) {
        try {
          world.context.nested(() => actions[each.kind](world, each))
          done.set(each.kind, (done.get(each.kind) ?? 0) + 1)
        } catch (error) {
          if (!isProtocolError(error)) throw error
        }
        // What holds at a block's end, and so must hold after it has begun anew.
        if (each.kind === 'block' || each.kind === 'year') {
          world.cash.endBlock(world.context)
          expect(world.broken()).toEqual([])
        }
      }
      world.cash.endBlock(world.context)
      expect(world.broken()).toEqual([])
    }),
    { numRuns: 200 },
  )
  // Every kind has happened, and not by accident.
  for (const kind of new Set(KINDS)) expect([kind, (done.get(kind) ?? 0) > 5]).toEqual([kind, true])
})

it('who deposits and redeems gets at most what he brought, whatever others do', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.bigInt(1n, 100n * E6), (steps, brought) => {
      const world = new CashWorld()
      const guest = holderOf(9)
      world.deposit(guest, world.lines[0], brought)
      const others = steps.filter(({ kind }) => !['cancel', 'redirect', 'year', 'block'].includes(kind))
      for (const each of others) {
        try {
          world.context.nested(() => actions[each.kind](world, each))
        } catch (error) {
          if (!isProtocolError(error)) throw error
        }
      }
      const cash = world.cash.balanceE6(world.context, guest)
      expect(cash <= brought && cash >= (brought * 985n) / 1_000n).toBe(true)
    }),
    { numRuns: 100 },
  )
})
