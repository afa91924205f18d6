// What the invariants of markets find in a store that nothing but a bug could make.
import { describe, expect, it } from 'vitest'
import type { Order } from './market.ts'
import { MARKETS_STORE, readFigures, writeFigures, writeOrder, writePositions } from './state.ts'
import { E9, World, trader } from './world.fixture.ts'

const ALICE = trader('alice')
const BOB = trader('bob')

function order(world: World, id: bigint, change: Partial<Order> = {}): void {
  const made: Order = {
    ...{ id, entryHeight: 1n, holder: ALICE, nonce: 0n, market: world.market('ETH-PERP').id, isBuy: true },
    ...{ sizeE9: E9, remainingE9: E9, limitE9: 3_000n * E9, type: 'limit', timeInForce: 'gtc' },
    ...{ expireSeconds: 0n, isPostOnly: false, isReduceOnly: false, trigger: undefined, isQuote: false },
    ...change,
  }
  writeOrder(world.context.store(MARKETS_STORE), made)
}

/** A market whose auctions have a mark. */
function marked(): World {
  const world = new World()
  const store = world.context.store(MARKETS_STORE)
  const { id } = world.market('ETH-PERP')
  const band = { auctionMarkE9: 3_000n * E9, auctionBandE9: E9 / 50n }
  writeFigures(store, id, { ...readFigures(store, id), ...band })
  return world
}

const broken = (world: World) => world.module.invariants!(world.context)

describe('invariants of markets', () => {
  it('hold of orders that rest apart, wait, or cross beyond the band', () => {
    const world = marked()
    order(world, 1n, { limitE9: 2_990n * E9 })
    order(world, 2n, { limitE9: 2_995n * E9, holder: BOB })
    order(world, 3n, { isBuy: false, limitE9: 3_001n * E9 })
    // Would cross, but for its trigger
    order(world, 4n, {
      isBuy: false,
      limitE9: 2_000n * E9,
      trigger: { priceE9: 2_000n * E9, isAbove: false },
    })
    expect(broken(world)).toEqual([])
    order(world, 5n, { limitE9: 3_200n * E9 })
    expect(broken(world)).toEqual([])
  })

  it('find a crossed book, whoever stands in between', () => {
    const world = marked()
    order(world, 1n, { limitE9: 2_900n * E9 })
    order(world, 2n, { limitE9: 3_001n * E9, holder: BOB })
    order(world, 3n, { isBuy: false, limitE9: 3_040n * E9 })
    expect(broken(world)).toEqual([])
    order(world, 4n, { isBuy: false, limitE9: 3_001n * E9 })
    expect(broken(world)).toEqual(['markets: ETH-PERP: its book is crossed'])
  })

  it('find orders of no market, twice there, or of no size that can rest', () => {
    const world = marked()
    order(world, 1n, { market: 77n })
    order(world, 2n)
    order(world, 2n, { holder: BOB })
    order(world, 3n, { remainingE9: 1n })
    expect([...broken(world)].sort()).toEqual([
      'markets: 1 of order 3 rest',
      'markets: order 1 is of 77, which is no market',
      'markets: order 2 is there twice',
    ])
  })

  it('find sizes and quotes that sum to something, and open interest that nobody has', () => {
    const world = marked()
    const { id: market } = world.market('ETH-PERP')
    const position = { market, sizeE9: E9, quoteE6: -3n, fundingIndexE18: 0n }
    writePositions(world.context.store(MARKETS_STORE), ALICE, [position])
    expect(broken(world)).toEqual([
      `markets: ETH-PERP: sizes sum to ${E9}`,
      'markets: ETH-PERP: quotes sum to -3',
      `markets: ETH-PERP: ${E9} are long, open interest is 0`,
    ])
    writePositions(world.context.store(MARKETS_STORE), BOB, [{ ...position, market: 77n }])
    expect(broken(world)).toContain('markets: positions in 77, which is no market')
  })
})
