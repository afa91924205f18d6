import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { bookOrder, holderText } from './book-order.ts'
import type { BookOrder } from './book-order.ts'
import { Books } from './books.ts'
import type { Market, Order, Position } from './market.ts'
import { MARKETS_STORE, holderBytes, writePositions } from './state.ts'
import { E9, World, trader } from './world.fixture.ts'

const OWNER = 'one owner'
const PERP = new World().market('ETH-PERP')
const MARKETS: readonly Market[] = [PERP, { ...PERP, id: PERP.id + 1_000n }]
const holders = [0, 1, 2].map((subaccount) => trader('alice', subaccount))

function order(id: bigint, holder: Holder, market: Market, change: Partial<Order> = {}): BookOrder {
  const made: Order = {
    id,
    entryHeight: 1n,
    holder,
    nonce: 0n,
    market: market.id,
    isBuy: true,
    sizeE9: E9,
    remainingE9: E9,
    limitE9: 3_000n * E9,
    type: 'limit',
    timeInForce: 'gtc',
    expireSeconds: 0n,
    isPostOnly: false,
    isReduceOnly: false,
    trigger: undefined,
    isQuote: false,
    ...change,
  }
  return bookOrder(made, market, { owner: OWNER, isStored: true })
}

const activeOf = (books: Books, market: Market) => [...books.activeOf(OWNER, market.id).keys()].sort()
const textOf = (holder: Holder) => holderText(holderBytes(holder))

const index = (count: number) => fc.integer({ min: 0, max: count - 1 })
const step = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    holder: index(3),
    market: index(2),
    isBuy: fc.boolean(),
    isReduceOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('fill' as const), which: fc.nat(), isWhole: fc.boolean() }),
  fc.record({
    kind: fc.constant('positions' as const),
    holder: index(3),
    markets: fc.subarray([0, 1]),
  }),
)

describe('who is active in a market', () => {
  it('are those with a position there or an order that can add to one, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const books = new Books()
        const items: BookOrder[] = []
        const positions = new Map<string, readonly bigint[]>()
        for (const [i, each] of steps.entries()) {
          if (each.kind === 'add') {
            const { holder, market, isBuy, isReduceOnly } = each
            const item = order(BigInt(i + 1), holders[holder]!, MARKETS[market]!, { isBuy, isReduceOnly })
            books.add(item, MARKETS[market]!)
            items.push(item)
          } else if (each.kind === 'positions') {
            const holder = holders[each.holder]!
            const after = each.markets.map((market) => MARKETS[market]!.id)
            books.notePositions(holder, OWNER, after)
            positions.set(textOf(holder), after)
          } else if (items.length > 0) {
            const at = each.which % items.length
            const item = items[at]!
            if (each.kind === 'remove') books.remove(item)
            else books.fill(item, each.isWhole ? item.lots : 1)
            if (each.kind === 'remove' || item.lots === 0) items.splice(at, 1)
          }
          for (const market of MARKETS) {
            const adding = items.filter((item) => item.market === market.id && !item.order.isReduceOnly)
            const held = [...positions].filter(([, ids]) => ids.includes(market.id)).map(([key]) => key)
            const expected = new Set([...adding.map(({ holderKey }) => holderKey), ...held])
            expect(activeOf(books, market)).toEqual([...expected].sort())
            expect(books.holdersOf(market.id).map(textOf)).toEqual(held.sort())
          }
        }
      }),
    )
  })

  it('forgets subaccounts that have nothing left, and shows none of other markets', () => {
    const books = new Books()
    const [here, there] = MARKETS
    for (let subaccount = 0; subaccount < 1_000; subaccount++) {
      const item = order(BigInt(subaccount + 1), trader('alice', subaccount), there!)
      books.add(item, there!)
      expect(books.activeOf(OWNER, here!.id).size).toBe(0)
      books.remove(item)
    }
    expect(books.activeOf(OWNER, there!.id).size).toBe(0)
  })
})

describe('positions in the store', () => {
  it('are of sizes that are read back as they were written', () => {
    const world = new World()
    const store = world.context.store(MARKETS_STORE)
    const write = (sizeE9: bigint) => {
      const position: Position = { market: PERP.id, sizeE9, quoteE6: 0n, fundingIndexE18: 0n }
      writePositions(store, trader('alice'), [position])
    }
    expect(() => write(-(1n << 63n))).not.toThrow()
    expect(() => write(1n << 63n)).toThrow('64 bits')
  })
})
