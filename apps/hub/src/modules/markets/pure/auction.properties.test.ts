import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runAuction } from './auction.ts'
import { TERMS, alikeOrders, anyOrders, anyTerms, naiveAuction, subaccountOf } from './auction.fixture.ts'
import type { AuctionOrder, AuctionResult, AuctionTerms } from './types.ts'
import { bestTicks, crosses } from './withdrawn-orders.ts'

const ascending = (orders: readonly AuctionOrder[]) =>
  orders.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1))

const lotsById = (result: AuctionResult<AuctionOrder>) =>
  new Map(result.fills.map(({ order, lots }) => [order.id, BigInt(lots)]))

const byId = <Value>(map: ReadonlyMap<bigint, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))

/** A result without the order of its lists, orders named by who sent them. */
function outcome(result: AuctionResult<AuctionOrder>) {
  const name = ({ subaccount, nonce }: AuctionOrder) => `${subaccount.join('.')} ${nonce}`
  return {
    priceE9: result.priceE9,
    volumeE9: result.volumeE9,
    fills: result.fills.map(({ order, lots, isMaker }) => `${name(order)}: ${lots} ${isMaker}`).sort(),
    refused: result.refusedPostOnly.map(name).sort(),
    selfTrades: result.selfTrades.map(name).sort(),
    dropped: result.droppedFillOrKill.map(name).sort(),
  }
}

const runs = { numRuns: 1500 }

describe('against the naive auction', () => {
  it.each([
    ['plain orders', anyOrders({ plain: true })],
    ['orders of every kind, owners that meet themselves', anyOrders()],
    ['more orders of every kind', anyOrders({ maxLength: 60 })],
    ['orders that are much alike', alikeOrders(0)],
    ['orders that are much alike, some fill-or-kill', alikeOrders(3)],
    ['orders that are much alike, most fill-or-kill', alikeOrders(9)],
  ])('%s: the same price, the same lots, the same withdrawn', (_, books) => {
    fc.assert(
      fc.property(books, anyTerms, (orders, terms) => {
        const result = runAuction(orders, terms)
        const naive = naiveAuction(orders, terms)
        expect(result.priceE9).toBe(naive.ticks === undefined ? undefined : naive.ticks * terms.tickE9)
        expect(byId(lotsById(result))).toEqual(byId(naive.lots))
        expect(ascending(result.refusedPostOnly)).toEqual(naive.refusedPostOnly)
        expect(ascending(result.selfTrades)).toEqual(naive.selfTrades)
        expect(ascending(result.droppedFillOrKill)).toEqual(naive.droppedFillOrKill)
      }),
      runs,
    )
  })
})

describe('what always holds', () => {
  const property = (
    check: (orders: AuctionOrder[], terms: AuctionTerms, result: AuctionResult<AuctionOrder>) => void,
  ) =>
    fc.assert(
      fc.property(anyOrders({ maxLength: 40 }), anyTerms, (orders, terms) =>
        check(orders, terms, runAuction(orders, terms)),
      ),
      runs,
    )

  it('as much is bought as sold', () => {
    property((_, terms, { fills, volumeE9 }) => {
      const sum = (side: boolean) =>
        fills.filter(({ order }) => order.isBuy === side).reduce((total, { sizeE9 }) => total + sizeE9, 0n)
      expect(sum(true)).toBe(volumeE9)
      expect(sum(false)).toBe(volumeE9)
      for (const { lots, sizeE9 } of fills) expect(sizeE9).toBe(BigInt(lots) * terms.lotE9)
    })
  })

  it('nobody trades beyond the limit or the size, and nothing clears outside the band', () => {
    property((_, { tickE9, markE9, bandE9 }, { fills, priceE9 }) => {
      for (const { order, lots } of fills) {
        const limitE9 = BigInt(order.limitTicks) * tickE9
        expect(order.isBuy ? limitE9 >= priceE9! : limitE9 <= priceE9!).toBe(true)
        expect(lots).toBeLessThanOrEqual(order.lots)
        expect(lots).toBeGreaterThan(0)
      }
      if (priceE9 === undefined) {
        expect(fills).toEqual([])
        return
      }
      const distance = priceE9 < markE9 ? markE9 - priceE9 : priceE9 - markE9
      expect(distance * 1_000_000_000n).toBeLessThanOrEqual(markE9 * bandE9)
    })
  })

  it('no owner is on both sides', () => {
    property((_, __, { fills }) => {
      const buyers = new Set(fills.filter(({ order }) => order.isBuy).map(({ order }) => order.owner))
      expect(fills.filter(({ order }) => !order.isBuy && buyers.has(order.owner))).toEqual([])
    })
  })

  it('fill-or-kill is whole or nothing, and every order is in one list at most', () => {
    property((orders, _, result) => {
      for (const { order, lots } of result.fills) if (order.isFillOrKill) expect(lots).toBe(order.lots)
      const lists = [
        ...result.fills.map(({ order }) => order),
        ...result.refusedPostOnly,
        ...result.selfTrades,
        ...result.droppedFillOrKill,
      ]
      expect(new Set(lists).size).toBe(lists.length)
      for (const order of orders.filter(({ isFillOrKill }) => isFillOrKill)) expect(lists).toContain(order)
    })
  })

  it('what rests afterwards is uncrossed within the band', () => {
    property((orders, { markE9, bandE9, tickE9 }, result) => {
      const gone = new Set([...result.refusedPostOnly, ...result.selfTrades, ...result.droppedFillOrKill])
      const filled = lotsById(result)
      const rest = orders.filter(
        (order) => !gone.has(order) && (filled.get(order.id) ?? 0n) < BigInt(order.lots),
      )
      const { bid, ask } = bestTicks(rest)
      for (let ticks = ask; ticks <= bid; ticks++) {
        const off = BigInt(ticks) * tickE9 - markE9
        expect((off < 0n ? -off : off) * 1_000_000_000n).toBeGreaterThan(markE9 * bandE9)
      }
    })
  })

  it('a maker entered in an earlier block', () => {
    property((_, { height }, { fills }) => {
      for (const { order, isMaker } of fills) expect(isMaker).toBe(order.entryHeight < height)
    })
  })
})

describe('no profitable reordering within a block', () => {
  it('arriving in another order changes nobody’s fill', () => {
    const shuffled = anyOrders({ maxLength: 40 }).chain((orders) =>
      fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
    )
    fc.assert(
      fc.property(shuffled, anyTerms, ([orders, other], terms) => {
        // Ids follow arrival, so another arrival gives other ids.
        const renumbered = other.map((order, i) => ({ ...order, id: BigInt(i + 1) }))
        expect(outcome(runAuction(renumbered, terms))).toEqual(outcome(runAuction(orders, terms)))
      }),
      runs,
    )
  })

  it('an order in k parts moves the price not at all and gets at most k lots more or less', () => {
    const split = anyOrders({ plain: true, maxLength: 30 })
      .filter((orders) => orders.some(({ lots }) => lots > 1))
      .chain((orders) => {
        const places = [...orders.keys()].filter((i) => orders[i]!.lots > 1)
        return fc.constantFrom(...places).chain((place) =>
          fc.tuple(
            fc.constant(orders),
            fc.constant(place),
            fc.uniqueArray(fc.integer({ min: 1, max: orders[place]!.lots - 1 }), {
              minLength: 1,
              maxLength: 8,
            }),
          ),
        )
      })
    fc.assert(
      fc.property(split, anyTerms, ([orders, place, cuts], terms) => {
        const whole = orders[place]!
        const bounds = [0, ...cuts.sort((a, b) => a - b), whole.lots]
        const parts = bounds.slice(1).map((end, i) => ({
          ...whole,
          id: BigInt(1000 + i),
          nonce: BigInt(1000 + i),
          subaccount: subaccountOf(1000 + i),
          lots: end - bounds[i]!,
        }))
        const before = runAuction(orders, terms)
        const after = runAuction([...orders.filter((order) => order !== whole), ...parts], terms)
        expect([after.priceE9, after.volumeE9]).toEqual([before.priceE9, before.volumeE9])
        const one = lotsById(before).get(whole.id) ?? 0n
        const fills = lotsById(after)
        const together = parts.reduce((sum, { id }) => sum + (fills.get(id) ?? 0n), 0n)
        expect(together - one).toBeLessThanOrEqual(BigInt(parts.length))
        expect(one - together).toBeLessThanOrEqual(BigInt(parts.length))
      }),
      runs,
    )
  })

  it('more lots of an order never lower the volume, where nobody fills or kills', () => {
    const grown = anyOrders({ plain: true, maxLength: 30 })
      .filter(({ length }) => length > 0)
      .chain((orders) => fc.tuple(fc.constant(orders), fc.nat({ max: orders.length - 1 })))
    fc.assert(
      fc.property(grown, ([orders, place]) => {
        const before = runAuction(orders, TERMS)
        const larger = orders.map((order, i) => (i === place ? { ...order, lots: order.lots + 7 } : order))
        const after = runAuction(larger, TERMS)
        expect(after.volumeE9).toBeGreaterThanOrEqual(before.volumeE9)
      }),
      runs,
    )
  })

  it('orders that cross nothing may be left out', () => {
    fc.assert(
      fc.property(anyOrders({ maxLength: 40 }), anyTerms, (orders, terms) => {
        const best = bestTicks(orders)
        const needed = orders.filter((order) => order.entryHeight === terms.height || crosses(order, best))
        expect(outcome(runAuction(needed, terms))).toEqual(outcome(runAuction(orders, terms)))
      }),
      runs,
    )
  })
})
