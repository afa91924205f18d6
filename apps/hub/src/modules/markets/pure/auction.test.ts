import { describe, expect, it } from 'vitest'
import { TERMS, order, subaccountOf } from './auction.fixture.ts'
import { runAuction } from './auction.ts'
import type { AuctionOrder, AuctionTerms } from './types.ts'

/** Price in ticks and each order's lots, in the order of the input. */
function auction(orders: readonly AuctionOrder[], terms: Partial<AuctionTerms> = {}) {
  const used = { ...TERMS, ...terms }
  const result = runAuction(orders, used)
  const lots = new Map(result.fills.map((fill) => [fill.order, fill.lots]))
  return {
    ticks: result.priceE9 === undefined ? undefined : Number(result.priceE9 / used.tickE9),
    lots: orders.map((one) => lots.get(one) ?? 0),
    result,
  }
}

const earlier = (blocks: number) => ({ entryHeight: TERMS.height - BigInt(blocks) })

describe('the price', () => {
  it('is none for an empty book, one side, or a spread', () => {
    for (const orders of [[], [order('buy', 1, 100)], [order('buy', 1, 99), order('sell', 1, 100)]])
      expect(auction(orders)).toMatchObject({ ticks: undefined, result: { volumeE9: 0n, fills: [] } })
  })

  it('is of most volume', () => {
    const orders = [order('buy', 5, 104), order('buy', 5, 101), order('sell', 4, 96), order('sell', 6, 100)]
    // At 96–99: 4; at 100 and 101: 10; at 102–104: 5.
    expect(auction(orders).ticks).toBe(100)
    expect(auction(orders).result).toMatchObject({ priceE9: 1_000_000_000n, volumeE9: 1_000_000_000n })
  })

  it('of equal volume, is where least is left over', () => {
    // 5 trade at 98 to 102: at 98 to 100 demand is 8, above 100 it is 6 against a supply of 5.
    const orders = [order('buy', 6, 102), order('buy', 2, 100), order('sell', 5, 98)]
    expect(auction(orders, { markE9: 980_000_000n }).ticks).toBe(101)
  })

  it.each([
    [990_000_000n, 99],
    [994_999_999n, 99],
    [995_000_000n, 99],
    [995_000_001n, 100],
    [1_000_000_000n, 100],
    [900_000_000n, 98],
    [1_100_000_000n, 102],
  ])('of equal volume and rest, is nearest the mark %s, of two the lower: %s ticks', (markE9, ticks) => {
    const orders = [order('buy', 5, 102), order('sell', 5, 98)]
    expect(auction(orders, { markE9, bandE9: 200_000_000n }).ticks).toBe(ticks)
  })

  it('stays in the band, though more would trade outside', () => {
    const orders = [order('buy', 9, 120), order('sell', 1, 105), order('sell', 8, 115)]
    expect(auction(orders)).toMatchObject({ ticks: 105, lots: [1, 1, 0] })
    expect(auction(orders, { bandE9: 200_000_000n })).toMatchObject({ ticks: 115, lots: [9, 1, 8] })
    expect(auction(orders, { bandE9: 10_000_000n }).ticks).toBeUndefined()
  })

  it('may have a band of more than the mark: a cheap option', () => {
    const orders = [order('buy', 1, 250), order('sell', 1, 1)]
    const wide = { markE9: 1_000_000_000n, bandE9: 3_000_000_000n }
    expect(auction(orders, wide).ticks).toBe(100)
    expect(auction([order('buy', 1, 450), order('sell', 1, 400)], wide).ticks).toBe(400)
    expect(auction([order('buy', 1, 450), order('sell', 1, 401)], wide).ticks).toBeUndefined()
  })

  it('takes the band by its exact edge', () => {
    const orders = [order('buy', 1, 120), order('sell', 1, 110)]
    expect(auction(orders, { markE9: 1_000_000_000n }).ticks).toBe(110)
    expect(auction(orders, { markE9: 999_999_999n }).ticks).toBeUndefined()
  })
})

describe('the side with more', () => {
  it('is filled by price first, though the better price came later', () => {
    const orders = [order('buy', 5, 100, earlier(9)), order('buy', 5, 101), order('sell', 6, 100)]
    expect(auction(orders)).toMatchObject({ ticks: 100, lots: [1, 5, 6] })
  })

  it('then by block of entry', () => {
    const orders = [order('sell', 5, 100), order('sell', 5, 100, earlier(1)), order('buy', 6, 100)]
    expect(auction(orders).lots).toEqual([1, 5, 6])
  })

  it('then pro rata, the rest to the largest remainders', () => {
    // 7 lots for 10 + 5 + 3 wanted: 3.89, 1.94, 1.17 → 3, 1, 1 and one more for 0.94 and 0.89.
    const orders = [order('buy', 10, 100), order('buy', 5, 100), order('buy', 3, 100), order('sell', 7, 100)]
    expect(auction(orders).lots).toEqual([4, 2, 1, 7])
  })

  it('then by the tie hash, which is the app hash’s to decide', () => {
    const orders = [0, 1, 2].map((n) => order('buy', 1, 100, { subaccount: subaccountOf(n), nonce: 5n }))
    const winners = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const { lots } = auction([...orders, order('sell', 1, 100)], {
        previousAppHash: new Uint8Array(32).fill(i),
      })
      winners.add(lots.join())
    }
    expect([...winners].sort()).toEqual(['0,0,1,1', '0,1,0,1', '1,0,0,1'])
  })

  it('gives orders of one message the lower id first', () => {
    const same = { subaccount: subaccountOf(1), nonce: 5n, owner: 'maker' }
    const orders = [order('buy', 1, 100, { ...same, id: 9n }), order('buy', 1, 100, { ...same, id: 8n })]
    expect(auction([...orders, order('sell', 1, 100)]).lots).toEqual([0, 1, 1])
  })

  it('is exact for the largest orders', () => {
    const lots = 2 ** 36
    const orders = [order('buy', lots, 100), order('buy', lots - 1, 100), order('sell', lots, 100)]
    // lots² ÷ (2·lots − 1) = 2³⁵ + ¼ and a bit, lots·(lots − 1) ÷ (2·lots − 1) = 2³⁵ − ¼ − a bit
    expect(auction(orders).lots).toEqual([2 ** 35, 2 ** 35, lots])
  })
})

describe('self-trades', () => {
  it('withdraw the newer order whole, however little it meets', () => {
    const mine = { owner: 'me' }
    const orders = [order('sell', 1, 100, { ...mine, ...earlier(3) }), order('buy', 50, 101, mine)]
    const { result, ticks } = auction(orders)
    expect([ticks, result.selfTrades]).toEqual([undefined, [orders[1]]])
  })

  it('leave what doesn’t meet, and what meets only a withdrawn order', () => {
    const mine = { owner: 'me' }
    const old = order('sell', 1, 100, { ...mine, ...earlier(3) })
    const newer = order('buy', 5, 101, { ...mine, ...earlier(2) })
    const low = order('buy', 5, 99, { ...mine, ...earlier(1) })
    const newest = order('sell', 5, 101, mine)
    const other = order('buy', 6, 101)
    const { result, lots } = auction([old, newer, low, newest, other])
    expect(result.selfTrades).toEqual([newer])
    expect(lots).toEqual([1, 0, 0, 5, 6])
  })

  it('of one block: the higher nonce is the newer', () => {
    const [late, soon] = [
      order('buy', 1, 100, { owner: 'me', nonce: 8n }),
      order('sell', 1, 100, { owner: 'me', nonce: 7n }),
    ]
    expect(auction([late, soon]).result.selfTrades).toEqual([late])
    const tied = [subaccountOf(2), subaccountOf(1)].map((subaccount, i) =>
      order(i === 0 ? 'buy' : 'sell', 1, 100, { owner: 'me', nonce: 7n, subaccount }),
    )
    expect(auction(tied).result.selfTrades).toEqual([tied[0]])
  })
})

describe('post-only', () => {
  const maker = { isPostOnly: true }

  it('is refused if it crosses an earlier block, at the same price too', () => {
    const orders = [
      order('sell', 1, 100, earlier(1)),
      order('buy', 1, 100, maker),
      order('buy', 1, 99, maker),
    ]
    expect(auction(orders).result.refusedPostOnly).toEqual([orders[1]])
  })

  it('trades with orders of its own block', () => {
    const orders = [order('sell', 1, 100), order('buy', 1, 100, maker)]
    expect(auction(orders)).toMatchObject({ lots: [1, 1], result: { refusedPostOnly: [] } })
    expect(auction(orders).result.fills.every(({ isMaker }) => !isMaker)).toBe(true)
  })

  it('is not judged again once it rests', () => {
    const orders = [order('sell', 1, 100, { ...maker, ...earlier(1) }), order('buy', 1, 100)]
    expect(auction(orders)).toMatchObject({ lots: [1, 1] })
    expect(auction(orders).result.fills.map(({ isMaker }) => isMaker)).toEqual([true, false])
  })

  it('takes no part, not even in self-trades, once refused', () => {
    const own = order('buy', 1, 101, { ...maker, owner: 'me', nonce: 1n })
    const sell = order('sell', 1, 100, { owner: 'me', nonce: 2n })
    const orders = [order('sell', 1, 101, earlier(1)), own, sell, order('buy', 1, 100)]
    expect(auction(orders)).toMatchObject({ lots: [0, 0, 1, 1], result: { selfTrades: [] } })
  })
})

describe('fill or kill', () => {
  const kill = { isFillOrKill: true }

  it('is dropped where only a part would fill, and its volume with it', () => {
    const orders = [order('buy', 10, 102, kill), order('buy', 3, 100), order('sell', 4, 100)]
    const { lots, result } = auction(orders)
    expect(lots).toEqual([0, 3, 3])
    expect(result.droppedFillOrKill).toEqual([orders[0]])
  })

  it('drops the least aggressive first, so that the better one may fill', () => {
    const orders = [order('buy', 4, 101, kill), order('buy', 4, 102, kill), order('sell', 4, 100)]
    expect(auction(orders).lots).toEqual([0, 4, 4])
  })

  it('drops one of equals by tie hash: the other fills whole', () => {
    const orders = [order('buy', 4, 101, kill), order('buy', 4, 101, kill), order('sell', 4, 100)]
    expect(auction(orders).lots.slice(0, 2).sort()).toEqual([0, 4])
  })

  it('drops all that are unfilled after eight rounds', () => {
    // Each of 5 lots against 4: none can fill, and the ninth round empties the rest.
    const orders = Array.from({ length: 40 }, () => order('buy', 5, 101, kill))
    const { lots, result } = auction([...orders, order('sell', 4, 100), order('buy', 1, 100)])
    expect(result.droppedFillOrKill).toHaveLength(40)
    expect(lots.slice(40)).toEqual([1, 1])
  })

  it('ends after 18 solutions with whole fills, however the orders depend on each other', () => {
    // A staircase: each buyer is short of one lot that the next seller, who then misses one, would bring.
    const orders = Array.from({ length: 60 }, (_, i) =>
      order(i % 2 === 0 ? 'buy' : 'sell', 100 - i, i % 2 === 0 ? 110 - (i >> 2) : 90 + (i >> 2), kill),
    )
    const { result } = auction([order('sell', 2, 95), ...orders, order('buy', 1, 105)])
    for (const { order: filled, lots } of result.fills)
      if (filled.isFillOrKill) expect(lots).toBe(filled.lots)
    expect(result.volumeE9).toBeGreaterThan(0n)
  })

  it('is dropped where nothing clears', () => {
    const orders = [order('buy', 1, 99, kill), order('sell', 1, 100)]
    expect(auction(orders).result.droppedFillOrKill).toEqual([orders[0]])
  })
})

describe('what only a bug brings here', () => {
  it.each([
    ['no lots', { lots: 0 }],
    ['part of a lot', { lots: 1.5 }],
    ['too many lots', { lots: 2 ** 36 + 1 }],
    ['a price between ticks', { limitTicks: 99.5 }],
    ['a price below zero', { limitTicks: -1 }],
    ['an order from the future', { entryHeight: TERMS.height + 1n }],
  ])('%s', (_, wrong) => {
    expect(() => auction([order('buy', 1, 100, wrong)])).toThrow(/order|limit/)
  })

  it('a market without a mark', () => {
    const orders = [order('buy', 1, 100), order('sell', 1, 100)]
    expect(() => auction(orders, { markE9: 0n })).toThrow('mark')
  })
})
