// Debtors, judged in turn, by small tables of what covers them; `overdrawn.test.ts` has the hub whole.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { CashWorld, E6, holderOf } from './cash-world.fixture.ts'
import { debtors, isOverdrawn, readOverdraft, takeTurn, writeOverdraft } from './debtors.ts'
import { salesModule } from './module.ts'
import type { SoldCollateral } from './sell-down.ts'
import { CASH_STORE } from './state.ts'

const [ALICE, BOB, CAROL] = [holderOf(1), holderOf(2), holderOf(3)]
const WBTC = 77n

let world: CashWorld
let covers: Map<string, SoldCollateral[]>
let sold: { holder: number; asset: bigint; amount: bigint }[]
/** Of what is offered how much can be: nothing where no market stands. */
let offer: (amount: bigint) => bigint
beforeEach(() => {
  world = new CashWorld()
  covers = new Map()
  sold = []
  offer = (amount) => amount
  world.deposit(BOB, world.lines[0], 500_000n * E6)
})

const keyOf = ({ account, subaccount }: Holder) => `${account[0]}/${subaccount}`
const store = () => world.context.store(CASH_STORE)

/** 8 decimals, so much of value at a weight of 80 %. */
const bitcoin = (valueE6: bigint, priceState = 'fresh'): SoldCollateral => ({
  ...{ asset: WBTC, decimals: 8, amount: valueE6 * 100n, valueE6, priceState },
  debtCoverE6: (valueE6 * 8n) / 10n,
})

function owe(holder: Holder, amount: bigint, ...held: SoldCollateral[]): void {
  world.cash.flow(world.context, holder, -amount * E6, 'trade')
  world.cash.flow(world.context, CAROL, amount * E6, 'trade')
  covers.set(keyOf(holder), held)
}

function run(): string[] {
  const before = world.context.events.length
  salesModule(world.ports, {
    collateral: (_, holder) => covers.get(keyOf(holder)) ?? [],
    sell(_, holder, { asset, amount }) {
      sold.push({ holder: holder.account[0]!, asset, amount })
      return offer(amount)
    },
  }).beginBlock!(world.context, undefined)
  return statuses(before)
}

const statuses = (since = 0) =>
  world.context.events
    .slice(since)
    .filter(({ type }) => type === 'causeway.cash.v1.overdrawn')
    .map(({ attributes }) =>
      attributes
        .map(({ value }) => value)
        .slice(2)
        .join(' '),
    )

describe('a debt', () => {
  it('within half of its cover is left alone, whatever the price was', () => {
    owe(ALICE, 4_000n, bitcoin(10_000n * E6))
    expect([run(), sold]).toEqual([[], []])
    expect(isOverdrawn(store(), ALICE)).toBe(false)
    expect(world.cash.isOverdrawn(world.context, ALICE)).toBe(false)
  })

  it('beyond it is sold down to a hundredth below, once in the events', () => {
    owe(ALICE, 5_000n, bitcoin(10_000n * E6))
    expect(run()).toEqual([`selling ${5_000n * E6} ${4_000n * E6}`])
    // (10,000 − 7,920) ÷ (2 − 0.792) = 1,721.85 of 10,000
    expect(sold.map(({ amount }) => amount / 10n ** 8n)).toEqual([1_721n])
    expect(world.cash.isOverdrawn(world.context, ALICE)).toBe(true)
    expect(run()).toEqual([])
    covers.set(keyOf(ALICE), [bitcoin(20_000n * E6)])
    expect(run()).toEqual([`none ${5_000n * E6} ${8_000n * E6}`])
    expect(readOverdraft(store(), ALICE)).toBe('none')
  })

  it('takes all that there is, the largest holding first, and no more', () => {
    const small = { ...bitcoin(1_000n * E6), asset: 78n }
    owe(ALICE, 50_000n, small, bitcoin(2_000n * E6), { ...bitcoin(2_000n * E6), asset: 76n })
    run()
    expect(sold.map(({ asset }) => asset)).toEqual([76n, WBTC, 78n])
    expect(sold.map(({ amount }) => amount)).toEqual([2_000n, 2_000n, 1_000n].map((each) => each * E6 * 100n))
  })

  it('is told when nothing can be sold, and when something can again', () => {
    offer = () => 0n
    owe(ALICE, 5_000n, bitcoin(10_000n * E6))
    expect(run()).toEqual([`stuck ${5_000n * E6} ${4_000n * E6}`])
    expect(world.cash.isOverdrawn(world.context, ALICE)).toBe(true)
    offer = (amount) => amount
    expect(run()).toEqual([`selling ${5_000n * E6} ${4_000n * E6}`])
    // Without any cover there is nothing to sell.
    covers.set(keyOf(ALICE), [])
    expect(run()).toEqual([`stuck ${5_000n * E6} 0`])
  })

  it('of less than ten cash is left alone', () => {
    owe(ALICE, 9n)
    expect(run()).toEqual([])
    owe(ALICE, 1n)
    expect(run()).toEqual([`stuck ${10n * E6} 0`])
  })

  it('is not judged by a price that isn’t fresh: it stays what it was', () => {
    owe(ALICE, 5_000n, bitcoin(10_000n * E6, 'stale'))
    expect([run(), sold]).toEqual([[], []])
    covers.set(keyOf(ALICE), [bitcoin(10_000n * E6)])
    run()
    covers.set(keyOf(ALICE), [bitcoin(90_000n * E6, 'held')])
    expect([run(), readOverdraft(store(), ALICE)]).toEqual([[], 'selling'])
  })

  it('ends, and is told to, in whatever pays it', () => {
    owe(ALICE, 5_000n, bitcoin(10_000n * E6))
    run()
    const before = world.context.events.length
    world.cash.pay(world.context, BOB, ALICE, 5_001n * E6, 'transfer')
    expect(statuses(before)).toEqual(['none 0 0'])
    expect([readOverdraft(store(), ALICE), run()]).toEqual([undefined, []])
    expect(world.broken()).toEqual([])
  })
})

describe('a token that converts', () => {
  const dai = (whole: bigint): SoldCollateral => ({
    ...{ asset: world.dai, decimals: 18, amount: whole * 10n ** 18n, priceState: 'fresh' },
    ...{ valueE6: whole * E6, debtCoverE6: (whole * 9n * E6) / 10n },
  })

  it('goes first, in whole micro-units, whatever else is larger', () => {
    world.deposit(ALICE, world.lines[2], 3_000n * 10n ** 18n, false)
    owe(ALICE, 10_000n, bitcoin(20_000n * E6), dai(3_000n))
    // Cover 18,700, of that 99 %: 1,487 ÷ (2 − 0.891)
    expect(run()).toEqual([`selling ${10_000n * E6} ${9_350n * E6}`])
    expect(sold).toEqual([])
    const left = world.balance(ALICE, world.dai)
    expect(left % 10n ** 12n).toBe(0n)
    expect(3_000n - left / 10n ** 18n).toBe(1_341n)
    expect(world.cash.balanceE6(world.context, ALICE) / E6).toBe(-8_659n)
    expect(world.broken()).toEqual([])
  })

  it('may end the debt, and its record', () => {
    world.deposit(ALICE, world.lines[2], 3_000n * 10n ** 18n, false)
    owe(ALICE, 2_000n, dai(3_000n))
    run()
    expect(world.cash.balanceE6(world.context, ALICE)).toBeLessThan(0n)
    owe(ALICE, 0n + 1_000n, { ...dai(3_000n), debtCoverE6: 0n, amount: world.balance(ALICE, world.dai) })
    run()
    expect(world.broken()).toEqual([])
  })

  it('goes to auction where conversion has stopped', () => {
    world.deposit(ALICE, world.lines[2], 3_000n * 10n ** 18n, false)
    world.frozen.add('07-tendermint-2')
    owe(ALICE, 2_000n, dai(3_000n))
    run()
    expect(sold.map(({ asset }) => asset)).toEqual([world.dai])
    expect(world.balance(ALICE, world.dai)).toBe(3_000n * 10n ** 18n)
  })
})

describe('debtors', () => {
  it('are those who owe, and nobody else', () => {
    owe(ALICE, 1n)
    owe(holderOf(1, 7), 2n)
    world.cash.flow(world.context, world.house, -5n * E6, 'trade')
    world.cash.flow(world.context, CAROL, 5n * E6, 'trade')
    expect([...world.cash.debtors(world.context)]).toEqual([ALICE, holderOf(1, 7)])
    world.cash.pay(world.context, BOB, ALICE, E6, 'transfer')
    world.cash.pay(world.context, BOB, ALICE, 1n, 'transfer')
    expect([...debtors(store())]).toEqual([holderOf(1, 7)])
    expect(world.broken()).toEqual([])
    writeOverdraft(store(), ALICE, 'none')
    expect(world.broken()).toEqual(['cash: 1 owe, 2 are noted to'])
  })

  it('are looked at 64 a block, in turn', () => {
    for (let i = 0; i < 150; i++) owe(holderOf(10, i), 20n)
    const turns = [0, 1, 2, 3].map(() => run().length)
    expect(turns).toEqual([64, 64, 22, 0])
    expect(
      takeTurn(store(), 64)
        .map(({ subaccount }) => subaccount)
        .slice(0, 2),
    ).toEqual([64, 65])
    expect(takeTurn(store(), 64)[0]!.subaccount).toBe(128)
    expect(takeTurn(store(), 64)[0]!.subaccount).toBe(0)
  })

  it('are known after a genesis that was exported', () => {
    owe(ALICE, 5_000n)
    const { accounts, assets, ...rest } = world.module().exportGenesis!(world.context) as {
      accounts: { holder: string; shares: string }[]
      assets: object[]
    }
    // The fixture's pool holds nothing of the assets: only what is owed among accounts can be imported.
    const owed = accounts.filter(({ shares }) => shares.startsWith('-'))
    const lent = owed.map(({ shares }) => ({
      holder: world.addresses.encodeHolder(CAROL),
      shares: shares.slice(1),
    }))
    const imported = new CashWorld({ ...rest, accounts: [...owed, ...lent] })
    expect(assets.length).toBe(2)
    expect([...imported.cash.debtors(imported.context)]).toEqual([ALICE])
    expect(imported.broken()).toEqual([])
  })
})
