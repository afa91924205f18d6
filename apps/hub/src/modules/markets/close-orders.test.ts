import { beforeEach, describe, expect, it } from 'vitest'
import { placeClosing } from './close-orders.ts'
import { requireOwnerCaps } from './owner-caps.ts'
import { MARKETS_STORE, newOrders, readMarket, writeMarket } from './state.ts'
import { E9, World, trader } from './world.fixture.ts'
import { refusal } from '../../testing/refusal.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob')]

let world: World
let market: bigint
beforeEach(() => {
  world = new World()
  for (const each of [ALICE, BOB]) world.fund(each, 1_000_000n)
  world.end()
  world.place(ALICE, { size: 5, price: 3_000 })
  world.place(BOB, { size: -5, price: 3_000 })
  world.end()
  expect(world.size(ALICE)).toBe(5)
  market = world.market('ETH-PERP').id
})

const close = (sizeE9: bigint, id = market) =>
  placeClosing(world.context, world.ports, ALICE, [{ market: id, sizeE9 }])
const placed = () => newOrders(world.context.store(MARKETS_STORE)).at(-1)

describe('closing orders', () => {
  it('only reduce, at once, within 1 % of the mark, and are nobody’s to cancel', () => {
    expect(close(-2n * E9)).toBe(1)
    expect(placed()).toMatchObject({
      isBuy: false,
      sizeE9: 2n * E9,
      timeInForce: 'ioc',
      isReduceOnly: true,
      isForced: true,
      nonce: 0n,
    })
    const { limitE9 } = placed()!
    expect(limitE9).toBeGreaterThanOrEqual(2_970n * E9)
    expect(limitE9).toBeLessThan(3_000n * E9)
  })

  it('are whole lots, upwards, of the position at most', () => {
    const { lotE9 } = world.market('ETH-PERP')
    close(-1n)
    expect(placed()!.sizeE9).toBe(lotE9)
    close(-50n * E9)
    expect(placed()!.sizeE9).toBe(5n * E9)
  })

  it('are none for what is not held, nor on the side that adds, nor where nothing trades', () => {
    expect(close(2n * E9)).toBe(0)
    expect(close(-2n * E9, 999n)).toBe(0)
    expect(placeClosing(world.context, world.ports, trader('carol'), [{ market, sizeE9: -E9 }])).toBe(0)
    const store = world.context.store(MARKETS_STORE)
    writeMarket(store, { ...readMarket(store, market)!, status: 'paused' })
    expect(close(-2n * E9)).toBe(0)
  })

  it('of a short buy, up to 1 % above', () => {
    expect(placeClosing(world.context, world.ports, BOB, [{ market, sizeE9: E9 }])).toBe(1)
    expect(placed()).toMatchObject({ isBuy: true, sizeE9: E9 })
    expect(placed()!.limitE9).toBeLessThanOrEqual(3_030n * E9)
  })
})

describe('caps of an owner', () => {
  it('count all subaccounts, by side', () => {
    const store = world.context.store(MARKETS_STORE)
    const judge = (sizeE9 = E9) => refusal(() => requireOwnerCaps(world.context, ALICE, [{ market, sizeE9 }]))
    expect(judge()).toBe('nothing')
    writeMarket(store, { ...readMarket(store, market)!, ownerCapE9: 5n * E9 })
    expect(judge()).toBe('nothing')
    writeMarket(store, { ...readMarket(store, market)!, ownerCapE9: 5n * E9 - 1n })
    expect(judge()).toBe('markets/27')
    // What was there before may stay, and shrink.
    expect([judge(0n), judge(-E9)]).toEqual(['nothing', 'nothing'])
  })
})
