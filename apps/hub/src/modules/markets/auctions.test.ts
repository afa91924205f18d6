import {
  MsgAmendOrder,
  MsgCancelAll,
  MsgCancelAllAfter,
  MsgCancelOrder,
  MsgMassQuote,
  MsgResetProtection,
  MsgSetProtection,
} from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { E6, ETH, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob'), trader('carol')]

let world: World
beforeEach(() => {
  world = new World()
  for (const each of [ALICE, BOB, CAROL]) world.fund(each, 100_000n)
  // The first block's end makes marks.
  world.end()
})

describe('a perpetual’s auction', () => {
  it('fills what crosses at one price and moves positions, cash and fees', () => {
    world.place(ALICE, { size: 2, price: 3_010 })
    world.place(BOB, { size: -2, price: 2_990 })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([2, -2])
    const [auction] = world.told('auction')
    expect(auction).toMatchObject({ volume_e9: '2000000000', price_e9: '3000000000000', fills: '2' })
    // At the mark: nothing is made, each pays 0.05 % of 6,000.
    expect(world.cashOf(ALICE)).toBe(100_000n * E6 - 3n * E6)
    expect(world.cashOf(BOB)).toBe(100_000n * E6 - 3n * E6)
    expect(world.feesE6).toBe(6n * E6)
    expect(world.totalE6).toBe(300_000n * E6)
    expect(world.broken).toEqual([])
  })

  it('keeps what does not cross, tells the book, and lets a maker pay less', () => {
    const id = world.place(ALICE, { size: 1, price: 2_995 })
    world.end()
    expect(world.told('book')).toMatchObject([{ sequence: '1', changes: 'b2995000000000:1000000000' }])
    expect(world.markets.orders(world.context, ALICE)).toMatchObject([{ id, remainingE9: 1_000_000_000n }])
    world.place(BOB, { size: -0.4, price: 2_995, timeInForce: 2 })
    world.end()
    expect(world.told('fill').map(({ role, fee_e6: fee }) => [role, fee])).toEqual([
      ['maker', '239600'],
      ['taker', '599000'],
    ])
    expect(world.markets.orders(world.context, ALICE)).toMatchObject([{ remainingE9: 600_000_000n }])
    expect(world.told('book')).toMatchObject([{ sequence: '2', changes: 'b2995000000000:600000000' }])
    expect(world.broken).toEqual([])
  })

  it('leaves nothing of what is for at once', () => {
    world.place(ALICE, { size: 1, price: 3_000, timeInForce: 2 })
    world.place(BOB, { size: 1, price: 3_000, timeInForce: 3 })
    world.place(CAROL, { size: 1, price: 3_050, type: 2, timeInForce: 2 })
    world.end()
    expect(world.told('closed').map(({ reason }) => reason)).toEqual(['immediate', 'fillOrKill', 'immediate'])
    for (const each of [ALICE, BOB, CAROL]) expect(world.markets.orders(world.context, each)).toEqual([])
  })
})

const reasons = () => world.told('closed').map(({ reason }) => reason)

describe('orders of every kind', () => {
  it('post-only is refused if it crosses an earlier block’s order, and not if it does not', () => {
    world.place(ALICE, { size: 1, price: 3_000 })
    world.end()
    world.place(BOB, { size: -1, price: 3_000, postOnly: true })
    world.place(CAROL, { size: -1, price: 3_001, postOnly: true })
    world.end()
    expect(reasons()).toEqual(['postOnly'])
    expect(world.markets.orders(world.context, CAROL)).toHaveLength(1)
  })

  it('the newer order of an owner goes, whichever subaccounts they are of', () => {
    const other = trader('alice', 3)
    world.fund(other, 10_000n)
    world.place(ALICE, { size: 1, price: 3_000 })
    world.end()
    world.place(other, { size: -1, price: 3_000 })
    world.end()
    expect(reasons()).toEqual(['selfTrade'])
    expect([world.size(ALICE), world.size(other)]).toEqual([0, 0])
  })

  it('fill or kill is whole or nothing', () => {
    world.place(ALICE, { size: 1, price: 3_000 })
    world.place(BOB, { size: -2, price: 3_000, timeInForce: 3 })
    world.place(CAROL, { size: -1, price: 2_999, timeInForce: 3 })
    world.end()
    expect(reasons()).toEqual(['fillOrKill'])
    expect([world.size(ALICE), world.size(BOB), world.size(CAROL)]).toEqual([1, 0, -1])
  })

  it('reduce-only fills no more than the position, and ends when there is none', () => {
    world.place(ALICE, { size: 1, price: 3_000 })
    world.place(BOB, { size: -1, price: 3_000 })
    world.end()
    world.place(ALICE, { size: -5, price: 3_000, reduceOnly: true })
    world.place(CAROL, { size: 5, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(CAROL)]).toEqual([0, 1])
    expect(reasons()).toEqual(['reduceOnly'])
    expect(world.broken).toEqual([])
  })

  it('good till a time ends then', () => {
    world.place(ALICE, { size: 1, price: 2_900, timeInForce: 4, expireSeconds: world.seconds + 2n })
    world.end()
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(1)
    world.end()
    world.end()
    expect(reasons()).toEqual(['expired'])
  })

  it('stops wait for an end-of-block mark and enter the next auction', () => {
    const stop = { triggerE9: 2_950_000_000_000n, triggerAbove: false }
    world.place(ALICE, { size: -1, price: 2_900, type: 2, timeInForce: 2, ...stop })
    world.place(BOB, { size: 1, price: 2_940 })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([0, 0])
    world.prices.indexE9 = 2_949_000_000_000n
    world.end()
    // The mark fell at the end of this block: the stop enters the next.
    expect(world.told('fill')).toEqual([])
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([-1, 1])
    expect(world.markets.orders(world.context, ALICE)).toEqual([])
  })

  it('a triggered market order goes 5 % from the mark at most, whatever it says', () => {
    const stop = { triggerE9: 2_950_000_000_000n, triggerAbove: false }
    world.place(ALICE, { size: -1, price: 100, type: 2, timeInForce: 2, ...stop })
    world.prices.indexE9 = 2_900_000_000_000n
    world.end()
    world.place(BOB, { size: 1, price: 2_700 })
    world.end()
    expect(reasons()).toEqual(['immediate'])
    expect(world.size(ALICE)).toBe(0)
  })

  it('amended down keeps its place, anything else loses it', () => {
    const first = world.place(ALICE, { size: 2, price: 3_000 })
    world.end()
    world.place(BOB, { size: 1, price: 3_000 })
    world.end()
    const amend = (orderId: bigint, remainingE9: bigint) => {
      const base = { signer: addresses.encode(ALICE.account), subaccount: 0, limitE9: 3_000_000_000_000n }
      world.run('MsgAmendOrder', ALICE, { ...base, orderId, remainingE9 }, MsgAmendOrder)
    }
    amend(first, 1_000_000_000n)
    world.end()
    world.place(CAROL, { size: -0.5, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([0.5, 0])
    amend(first, 900_000_000n)
    world.end()
    world.place(CAROL, { size: -0.5, price: 3_000 })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([0.5, 0.5])
    expect(world.markets.orders(world.context, ALICE)).toMatchObject([
      { id: first, sizeE9: 1_400_000_000n, remainingE9: 900_000_000n },
    ])
  })
})

describe('cancelling', () => {
  const base = { signer: addresses.encode(ALICE.account), subaccount: 0 }

  it('takes back an order of this block or of earlier ones, and nobody else’s', () => {
    const resting = world.place(ALICE, { size: 1, price: 2_900 })
    world.end()
    const fresh = world.place(ALICE, { size: 1, price: 3_000 })
    const others = world.place(BOB, { size: -1, price: 3_000 })
    for (const orderId of [resting, fresh])
      world.run('MsgCancelOrder', ALICE, { ...base, orderId }, MsgCancelOrder)
    for (const orderId of [resting, others]) {
      const again = () => world.run('MsgCancelOrder', ALICE, { ...base, orderId }, MsgCancelOrder)
      expect(refusal(again)).toBe('markets/9')
    }
    world.end()
    expect(reasons()).toEqual(['cancelled', 'cancelled'])
    expect(world.told('fill')).toEqual([])
    expect(world.told('book')).toMatchObject([{ changes: 'b2900000000000:0,a3000000000000:1000000000' }])
  })

  it('all of a market ends what came before it in the block, not what came after', () => {
    world.place(ALICE, { size: 1, price: 2_900 })
    world.end()
    world.place(ALICE, { size: 1, price: 2_910 })
    world.run('MsgCancelAll', ALICE, { ...base, market: 0n }, MsgCancelAll)
    const kept = world.place(ALICE, { size: 1, price: 2_920 })
    world.end()
    expect(reasons()).toEqual(['cancelled', 'cancelled'])
    expect(world.markets.orders(world.context, ALICE)).toMatchObject([{ id: kept }])
  })

  it('happens by itself unless the switch is put off', () => {
    world.place(ALICE, { size: 1, price: 2_900 })
    const after = (seconds: bigint) =>
      world.run('MsgCancelAllAfter', ALICE, { ...base, seconds }, MsgCancelAllAfter)
    after(3n)
    world.end(2n)
    after(3n)
    world.end(2n)
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(1)
    world.end(1n)
    world.end()
    expect(reasons()).toEqual(['notRenewed'])
    expect(world.markets.orders(world.context, ALICE)).toEqual([])
    expect(refusal(() => after(86_401n))).toBe('markets/15')
  })
})

describe('mass quotes', () => {
  const base = { signer: addresses.encode(ALICE.account), subaccount: 0, underlying: ETH, nonce: 1n }
  const both = (bid: number, ask: number, sizeE9 = 1_000_000_000n) => {
    const [bidE9, askE9] = [bid, ask].map((price) => BigInt(price) * 1_000_000_000n)
    const { id } = world.market('ETH-PERP')
    return [{ market: id, bidE9: bidE9!, bidSizeE9: sizeE9, askE9: askE9!, askSizeE9: sizeE9 }]
  }
  const quote = (quotes: ReturnType<typeof both>) =>
    world.run('MsgMassQuote', ALICE, { ...base, quotes }, MsgMassQuote)

  it('replace the last ones at once, in one block or in the next, and leave orders alone', () => {
    const order = world.place(ALICE, { size: 1, price: 2_800 })
    quote(both(2_990, 3_010))
    quote(both(2_991, 3_009))
    world.end()
    expect(reasons()).toEqual(['replaced', 'replaced'])
    quote(both(2_992, 3_008))
    world.end()
    const left = world.markets.orders(world.context, ALICE)
    expect(left.map(({ limitE9 }) => limitE9 / 1_000_000_000n)).toEqual([2_800n, 2_992n, 3_008n])
    expect(left[0]!.id).toBe(order)
    quote([])
    world.end()
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(1)
  })

  it('are all refused when one is', () => {
    quote(both(2_990, 3_010))
    world.end()
    expect(refusal(() => quote([...both(2_991, 3_009), ...both(2_991, 3_009)]))).toBe('markets/11')
    expect(refusal(() => quote(both(2_991, 3_009, 1n)))).toBe('markets/4')
    world.end()
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(2)
  })

  it('are withdrawn and refused when more is filled than their protection allows, until it is reset', () => {
    const limits = { windowSeconds: 10n, sizeMaxE9: 1_500_000_000n, deltaMaxE9: 0n, vegaMaxE6: 0n }
    world.run('MsgSetProtection', ALICE, { ...base, ...limits }, MsgSetProtection)
    quote(both(2_990, 3_010))
    world.end()
    world.place(BOB, { size: 1, price: 3_010, timeInForce: 2 })
    world.end()
    expect(world.told('frozen')).toEqual([])
    world.place(BOB, { size: -0.5, price: 2_990, timeInForce: 2 })
    world.end()
    expect(world.told('frozen')).toHaveLength(1)
    expect(reasons()).toEqual(['protection'])
    expect(refusal(() => quote(both(2_990, 3_010)))).toBe('markets/13')
    world.run('MsgResetProtection', ALICE, base, MsgResetProtection)
    quote(both(2_990, 3_010))
  })
})

describe('what is refused at once', () => {
  it.each([
    ['another lot', { size: 0.15, price: 3_000 }, 'markets/4'],
    ['another tick', { size: 1, price: 3_000.005 }, 'markets/5'],
    ['a market order that rests', { size: 1, price: 3_000, type: 2 }, 'markets/6'],
    ['a market order beyond 5 %', { size: 1, price: 3_151, type: 2, timeInForce: 2 }, 'markets/7'],
    ['post-only for at once', { size: 1, price: 3_000, postOnly: true, timeInForce: 2 }, 'markets/6'],
    ['a time that is over', { size: 1, price: 3_000, timeInForce: 4, expireSeconds: 5n }, 'markets/10'],
    ['no time in force', { size: 1, price: 3_000, timeInForce: 9 }, 'markets/6'],
  ])('%s', (_, order, code) => {
    expect(world.refusal(ALICE, order)).toBe(code)
  })

  it('all but reducing while the index is not fresh', () => {
    world.place(ALICE, { size: 1, price: 3_000 })
    world.place(BOB, { size: -1, price: 3_000 })
    world.end()
    world.place(CAROL, { size: 1, price: 2_990 })
    world.end()
    world.prices.state = 'held'
    expect(world.refusal(CAROL, { size: 1, price: 3_000 })).toBe('markets/3')
    // Nobody opens by what rested before; two who reduce still meet.
    world.place(ALICE, { size: -1, price: 2_990, reduceOnly: true })
    world.end()
    expect([world.size(ALICE), world.size(CAROL)]).toEqual([1, 0])
    world.place(BOB, { size: 1, price: 2_990, reduceOnly: true })
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([0, 0])
    expect(world.broken).toEqual([])
  })
})
