// The dead man's switch does what it promises, whoever else sets how many.
import { MsgCancelAllAfter } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { PREFIX, MARKETS_STORE } from './state.ts'
import { E9, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob')]

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [ALICE, BOB]) world.fund(each, 1_000_000n)
  world.end()
  world.end()
})

function after(holder: Holder, seconds: bigint): void {
  const { account, subaccount } = holder
  const message = { signer: addresses.encode(account), subaccount, seconds }
  world.run('MsgCancelAllAfter', holder, message, MsgCancelAllAfter)
}

const reasons = () => world.told('closed').map(({ reason }) => reason)
const ordersOf = (holder: Holder) => world.markets.orders(world.context, holder).length
const entries = ([first]: Uint8Array) =>
  [...world.context.store(MARKETS_STORE).iterate(Uint8Array.of(first!), Uint8Array.of(first! + 1))].length
/** How many switches are set, how many wait for who has orders, and for who has none. */
const queues = () => [PREFIX.cancelAfter, PREFIX.cancelTime, PREFIX.idleCancelTime].map(entries)

describe('a switch', () => {
  it('that was set before the first order holds once there are some', () => {
    after(ALICE, 10n)
    world.end()
    expect(queues()).toEqual([1, 0, 1])
    world.place(ALICE, { size: 1, price: 2_900 })
    world.end()
    expect(queues()).toEqual([1, 1, 0])
    world.pass(8n)
    expect(ordersOf(ALICE)).toBe(1)
    world.end()
    expect(reasons()).toEqual(['notRenewed'])
    expect([ordersOf(ALICE), ...queues()]).toEqual([0, 0, 0, 0])
  })

  it('stays when the last order has gone, for those that come', () => {
    after(ALICE, 10n)
    world.place(ALICE, { size: 1, price: 3_000 })
    world.end()
    world.place(BOB, { size: -1, price: 3_000 })
    world.end()
    expect([ordersOf(ALICE), ...queues()]).toEqual([0, 1, 0, 1])
    world.restart()
    world.place(ALICE, { size: 1, price: 2_900, triggerE9: 2_800n * E9 })
    world.end()
    expect(queues()).toEqual([1, 1, 0])
    world.pass(8n)
    expect([ordersOf(ALICE), ...queues()]).toEqual([0, 0, 0, 0])
  })

  it('is put off and ended in whichever queue it waits', () => {
    after(ALICE, 10n)
    after(ALICE, 20n)
    expect(queues()).toEqual([1, 0, 1])
    world.place(ALICE, { size: 1, price: 2_900 })
    world.end()
    after(ALICE, 30n)
    expect(queues()).toEqual([1, 1, 0])
    world.pass(25n)
    expect(ordersOf(ALICE)).toBe(1)
    after(ALICE, 0n)
    expect(queues()).toEqual([0, 0, 0])
  })

  it('is not held up by any number of those who have no orders', () => {
    const due = world.seconds + 20n
    for (let subaccount = 0; subaccount < 2_500; subaccount++) after(trader('thief', subaccount), 20n)
    world.place(ALICE, { size: 1, price: 2_990 })
    world.end()
    after(ALICE, due - world.seconds + 1n)
    world.pass(due - world.seconds + 1n)
    expect([world.seconds - due, ordersOf(ALICE)]).toEqual([1n, 1])
    world.end()
    expect(reasons()).toEqual(['notRenewed'])
    expect(ordersOf(ALICE)).toBe(0)
    // The others go as well, 1,000 a block.
    expect(queues()).toEqual([500, 0, 500])
    world.end()
    expect(queues()).toEqual([0, 0, 0])
  })

  it('whose time has come without orders is over, though it still waits to be dropped', () => {
    const idle = trader('idle', 60_000)
    world.fund(idle, 1_000_000n)
    for (let i = 0; i < 2_000; i++) after({ account: new Uint8Array(20), subaccount: i }, 5n)
    after(idle, 5n)
    world.pass(6n)
    expect(queues()).toEqual([1_001, 0, 1_001])
    world.place(idle, { size: 1, price: 2_900 })
    world.end()
    expect([ordersOf(idle), ...queues()]).toEqual([1, 0, 0, 0])
  })
})

describe('where more than 1,000 with orders have their time at once', () => {
  const LAST: Holder = { account: new Uint8Array(20).fill(0xff), subaccount: 0 }
  const crowd = (count: number) => {
    for (let subaccount = 0; subaccount < count; subaccount++) {
      const holder = { account: new Uint8Array(20), subaccount }
      world.fund(holder, 100n)
      world.place(holder, { size: 0.1, price: 2_800 })
      after(holder, 10n)
    }
  }

  it('a switch that waits for its turn outlasts a trigger, which takes an order out and puts it in', () => {
    world.fund(LAST, 100_000n)
    crowd(1_000)
    world.place(LAST, { size: 1, price: 2_900, triggerE9: 2_950n * E9, triggerAbove: false })
    after(LAST, 10n)
    world.pass(9n)
    world.prices.indexE9 = 2_940n * E9
    world.end()
    world.end()
    expect(reasons()).toHaveLength(1_000)
    expect([ordersOf(LAST), world.told('order').length]).toEqual([1, 1])
    world.end()
    expect([ordersOf(LAST), ...queues()]).toEqual([0, 0, 0, 0])
    expect(reasons()).toEqual(['notRenewed'])
  })

  it('nobody is filled after its time, though its turn comes later', () => {
    world.fund(LAST, 100_000n)
    crowd(1_000)
    world.place(LAST, { size: 1, price: 2_990 })
    after(LAST, 10n)
    world.place(BOB, { size: 1, price: 2_980 })
    world.pass(10n)
    expect(ordersOf(LAST)).toBe(1)
    world.place(ALICE, { size: -1, price: 2_980 })
    world.end()
    expect(world.told('closed')).toHaveLength(1_001)
    expect(new Set(reasons())).toEqual(new Set(['notRenewed']))
    expect([world.size(LAST), world.size(ALICE), world.size(BOB)]).toEqual([0, -1, 1])
    expect(ordersOf(LAST)).toBe(0)
    world.end()
    expect(queues()).toEqual([0, 0, 0])
    expect(world.broken).toEqual([])
  })
})
