// Orders that the chain places to sell collateral, and holders who would rather keep it.
import { MsgAmendOrder, MsgCancelAll, MsgCancelOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { DEFAULT_PARAMS, writeParams } from './params.ts'
import { setStatus } from './status.ts'
import { MARKETS_STORE, newOrders } from './state.ts'
import { E6, E9, ETH, World, addresses, trader } from './world.fixture.ts'

const [OWNER, BUYER] = [trader('owner'), trader('buyer')]
const WEI = 10n ** 18n
const SPOT = 'ETH-SPOT'

let world: World
beforeEach(() => {
  world = new World()
  world.fund(BUYER, 1_000_000n)
  give(OWNER, 10n * WEI)
  world.end()
})

const assetKey = (holder: Holder) => `${addresses.encodeHolder(holder)} ${ETH}`
const give = (holder: Holder, amount: bigint) => world.assets.set(assetKey(holder), amount)
const ethOf = (holder: Holder) => world.assets.get(assetKey(holder)) ?? 0n
const sell = (amount: bigint, asset = ETH) =>
  world.markets.sellCollateral(world.context, OWNER, { asset, amount })
const bid = (price: number, size = 5, holder = BUYER) => world.place(holder, { market: SPOT, size, price })
const placed = () => newOrders(world.context.store(MARKETS_STORE)).find(({ isForced }) => isForced === true)
const own = (orderId: bigint) => ({ signer: addresses.encode(OWNER.account), subaccount: 0, orderId })

describe('collateral', () => {
  it('is sold at the market: whole lots upwards, at once, what the bids pay', () => {
    bid(2_980)
    expect(sell((11n * WEI) / 10n - 1n)).toBe((11n * WEI) / 10n)
    world.end()
    expect(ethOf(OWNER)).toBe((89n * WEI) / 10n)
    const fee = (11n * 2_980n * E6) / 20_000n
    expect(world.cashOf(OWNER)).toBe((11n * 2_980n * E6) / 10n - fee)
    expect(world.told('order').some(({ flags }) => flags === 'reduceOnly')).toBe(true)
    world.end()
    expect(ethOf(OWNER)).toBe((89n * WEI) / 10n)
    expect(world.broken).toEqual([])
  })

  it('is not sold more than 5 % below the mark, on the grid', () => {
    world.prices.indexE9 = 3_000_100_000_000n
    world.end()
    expect(sell(WEI)).toBe(WEI)
    // 2,850.095: the next tick above.
    expect(placed()).toMatchObject({
      limitE9: 2_850_100_000_000n,
      type: 'market',
      timeInForce: 'ioc',
      isReduceOnly: true,
    })
    bid(2_850.09)
    world.end()
    expect(ethOf(OWNER)).toBe(10n * WEI)
    expect(world.told('closed').map(({ reason }) => reason)).toContain('immediate')
  })

  it('is no more than what is held, and no less than a lot', () => {
    expect(sell(100n * WEI)).toBe(10n * WEI)
    give(OWNER, WEI / 10n - 1n)
    expect(sell(1n)).toBe(0n)
    expect(sell(1n, 99n)).toBe(0n)
  })

  it('is not sold at an old price, nor where nothing trades', () => {
    world.prices.state = 'stale'
    expect(sell(WEI)).toBe(0n)
    world.prices.state = 'fresh'
    setStatus(world.context, world.market(SPOT).id, { status: 3, seconds: 60n })
    expect(sell(WEI)).toBe(0n)
    setStatus(world.context, world.market(SPOT).id, { status: 2, seconds: 60n })
    expect(sell(WEI)).toBe(0n)
    setStatus(world.context, world.market(SPOT).id, { status: 1, seconds: 0n })
    expect(sell(WEI)).toBe(WEI)
  })
})

describe('its owner', () => {
  it('neither cancels the order nor amends it', () => {
    bid(2_980)
    sell(WEI)
    const { id } = placed()!
    expect(refusal(() => world.run('MsgCancelOrder', OWNER, own(id), MsgCancelOrder))).toBe('markets/9')
    const smaller = { ...own(id), remainingE9: E9 / 10n, limitE9: 3_500n * E9 }
    expect(refusal(() => world.run('MsgAmendOrder', OWNER, smaller, MsgAmendOrder))).toBe('markets/9')
    const all = { signer: addresses.encode(OWNER.account), subaccount: 0, market: 0n }
    world.run('MsgCancelAll', OWNER, all, MsgCancelAll)
    world.end()
    expect(ethOf(OWNER)).toBe(9n * WEI)
  })

  it('doesn’t keep it out by orders up to the limit', () => {
    writeParams(world.context.store(MARKETS_STORE), { ...DEFAULT_PARAMS, ordersMax: 2n, positionsMax: 1n })
    world.fund(OWNER, 100_000n)
    for (const price of [2_500, 2_600]) world.place(OWNER, { market: 'ETH-PERP', size: 0.1, price })
    world.end()
    bid(2_980)
    sell(WEI)
    world.end()
    expect(ethOf(OWNER)).toBe(9n * WEI)
  })

  it('doesn’t stand in its way with a bid, its own or a linked wallet’s: that goes', () => {
    const linked = trader('linked')
    world.ports.owner = (_: unknown, account: Uint8Array) =>
      account.toString() === linked.account.toString() ? OWNER.account : account
    world.restart()
    world.fund(linked, 200_000n)
    const dodge = bid(3_000, 50, linked)
    world.end()
    bid(2_980)
    sell(WEI)
    world.end()
    expect(ethOf(OWNER)).toBe(9n * WEI)
    expect(world.told('closed')).toMatchObject([{ order: `${dodge}`, reason: 'selfTrade' }])
  })

  it('is sold even below its margin, where its own orders are cancelled', () => {
    world.fund(OWNER, -1_000n)
    bid(2_980)
    sell(WEI)
    const order = world.place(OWNER, { market: SPOT, size: -1, price: 2_980 })
    world.end()
    expect(ethOf(OWNER)).toBe(9n * WEI)
    expect(world.told('closed').map(({ order: id }) => id)).toEqual([`${order}`])
  })
})
