import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { bookOrder, holderText } from './book-order.ts'
import type { BookOrder } from './book-order.ts'
import { Books } from './books.ts'
import type { Market, Order } from './market.ts'
import { toLots } from './pure/grid.ts'
import { holderBytes } from './state.ts'
import { E9, World, trader } from './world.fixture.ts'

const PERP = new World().market('ETH-PERP')
const MARKETS: readonly Market[] = [PERP, { ...PERP, id: PERP.id + 1_000n }]
const HOLDERS = ['alice', 'bob', 'carol', 'dave'].map((name) => trader(name))

interface Added {
  readonly kind: 'add'
  readonly holder: number
  readonly market: number
  readonly isBuy: boolean
  readonly isReduceOnly: boolean
  readonly waits: boolean
  readonly size: number
  readonly price: number
}

function itemOf(id: bigint, added: Added): BookOrder {
  const { holder, market, isBuy, isReduceOnly, waits, size, price } = added
  const sizeE9 = BigInt(size) * E9
  const order: Order = {
    ...{ id, entryHeight: 1n, holder: HOLDERS[holder]!, nonce: 0n, market: MARKETS[market]!.id, isBuy },
    ...{ sizeE9, remainingE9: sizeE9, limitE9: BigInt(3_000 + price) * E9, type: 'limit' as const },
    ...{ timeInForce: 'gtc' as const, expireSeconds: 0n, isPostOnly: false, isReduceOnly, isQuote: false },
    trigger: waits ? { priceE9: 2_900n * E9, isAbove: false } : undefined,
  }
  return bookOrder(order, MARKETS[market]!, { owner: `owner ${holder}`, isStored: true })
}

const index = (count: number) => fc.integer({ min: 0, max: count - 1 })
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      ...{ holder: index(4), market: index(2), isBuy: fc.boolean(), isReduceOnly: fc.boolean() },
      ...{ waits: fc.integer({ min: 0, max: 3 }).map((n) => n === 0), size: fc.integer({ min: 1, max: 3 }) },
      price: fc.integer({ min: -5, max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('fill' as const), which: fc.nat(), isWhole: fc.boolean() }),
  },
)

const textOf = (holder: Holder) => holderText(holderBytes(holder))
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

/** What sums should say of orders of one side; without their limits where there are none. */
function expected(items: readonly BookOrder[]) {
  return {
    orders: items.length,
    lots: sum(items.map(({ lots }) => lots)),
    opening: sum(items.map(({ lots, order }) => (order.isReduceOnly ? 0 : lots))),
  }
}

describe('sums of open orders', () => {
  it('are those of the orders that are there; limits are never outside, and exact once tightened', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const books = new Books()
        const items: BookOrder[] = []
        for (const [i, each] of steps.entries()) {
          if (each.kind === 'add') {
            const item = itemOf(BigInt(i + 1), each)
            books.add(item, MARKETS[each.market]!)
            items.push(item)
          } else {
            const which = items.filter(({ order }) => each.kind === 'remove' || order.trigger === undefined)
            const item = which[each.which % which.length]
            if (item === undefined) continue
            if (each.kind === 'remove') books.remove(item)
            else books.fill(item, each.isWhole ? item.lots : 1)
            if (each.kind === 'remove' || item.lots === 0) items.splice(items.indexOf(item), 1)
          }
          const isTight = i % 5 === 0
          if (isTight) for (const holder of HOLDERS) books.tighten(textOf(holder))
          for (const holder of HOLDERS) checkHolder(books, textOf(holder), items, isTight)
          for (const market of MARKETS) checkQuoted(books, market, items)
        }
      }),
    )
  })
})

function checkHolder(books: Books, key: string, items: readonly BookOrder[], isTight: boolean): void {
  const open = items.filter(({ holderKey, order }) => holderKey === key && order.trigger === undefined)
  expect([...books.openOf(key).keys()].sort()).toEqual([...new Set(open.map(({ market }) => market))].sort())
  for (const [market, sides] of books.openOf(key)) {
    for (const [side, isBuy] of [
      [sides.buys, true],
      [sides.sells, false],
    ] as const) {
      const own = open.filter((item) => item.market === market && item.isBuy === isBuy)
      expect(side).toMatchObject(expected(own))
      expect(books.openingLots(key, market, isBuy)).toBe(side.opening)
      const limits = own.map(({ order: { limitE9 } }) => limitE9).sort((a, b) => (a < b ? -1 : 1))
      if (limits.length === 0) continue
      expect(side.lowestE9 <= limits[0]!).toBe(true)
      expect(side.highestE9 >= limits.at(-1)!).toBe(true)
      if (isTight) expect([side.lowestE9, side.highestE9]).toEqual([limits[0], limits.at(-1)])
    }
  }
}

/** How many owners have as much on both sides. */
function checkQuoted(books: Books, market: Market, items: readonly BookOrder[]): void {
  const book = books.book(market)
  for (const lotsMin of [1, toLots(2n * E9, market), toLots(5n * E9, market)]) {
    const owners = HOLDERS.filter((holder) =>
      [true, false].every((isBuy) => {
        const own = items.filter(
          (item) => item.holderKey === textOf(holder) && item.market === market.id && item.isBuy === isBuy,
        )
        const counting = own.filter(({ order }) => !order.isReduceOnly && order.trigger === undefined)
        return sum(counting.map(({ lots }) => lots)) >= lotsMin
      }),
    ).length
    for (const count of [1, 2, 3]) expect(book.isQuotedBy(count, lotsMin)).toBe(owners >= count)
  }
}
