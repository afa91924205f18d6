// Positions that change hands outside the auctions, on a whole hub: nothing is made or lost, at any price.
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { E6, E9, ETH } from '../../testing/trading-hub.fixture.ts'
import { insuredHub } from '../insurance/insured-hub.fixture.ts'
import type { InsuredHub } from '../insurance/insured-hub.fixture.ts'

const NAMES = ['long', 'short', 'other'] as const

/** `long` is long 2 ETH at 3,000 against `short`; the price has risen to 3,050. */
function traded() {
  const world = insuredHub(NAMES)
  const market = world.perpetual()
  expect(world.order('short', { market, isBuy: false })).toBe('0')
  expect(world.order('long', { market, isBuy: true })).toBe('0')
  world.prices.set(ETH, 3_050n * E9)
  world.blocks(2)
  return { world, market }
}

type Step = readonly [from: Holder, to: Holder, sizeE9: bigint, amountE6: bigint]

function move(world: InsuredHub, market: bigint, ...steps: readonly Step[]): void {
  const moves = steps.map(([from, to, sizeE9, amountE6]) => ({ market, from, to, sizeE9, amountE6 }))
  world.atEnd((context) => world.trading.markets.markets.move(context, moves, 'deleverage'))
}

const sizes = (world: InsuredHub) => NAMES.map((name) => BigInt(world.folio(name).positions[0]?.sizeE9 ?? 0n))
const openInterest = (world: InsuredHub, market: bigint) =>
  world.trading.markets.markets.figures(world.hub.chain.readLatest(), market).openInterestE9

describe('a move', () => {
  it('hands over a part, for an amount that no tick has', () => {
    const { world, market } = traded()
    const [long, other] = [world.holder('long'), world.holder('other')]
    const before = ['long', 'other'].map((name) => BigInt(world.folio(name).equityE6))
    const amountE6 = 1_525_000_001n
    move(world, market, [long, other, E9 / 2n, amountE6])
    expect(sizes(world)).toEqual([1_500_000_000n, -2_000_000_000n, 500_000_000n])
    // Worth 1,525 at the mark: the odd unit has changed hands, and settling has rounded none off
    const after = ['long', 'other'].map((name) => BigInt(world.folio(name).equityE6))
    expect(after.map((value, i) => value - before[i]!)).toEqual([1n, -1n])
    expect(openInterest(world, market)).toBe(2n * E9)
    world.blocks(2)
    expect(world.broken()).toEqual([])
  })

  it('to who has the opposite closes both, at whatever price', () => {
    const { world, market } = traded()
    const [long, short] = [world.holder('long'), world.holder('short')]
    const before = ['long', 'short'].map((name) => BigInt(world.folio(name).equityE6))
    move(world, market, [short, long, -2n * E9, -6_000n * E6])
    expect([sizes(world), openInterest(world, market)]).toEqual([[0n, 0n, 0n], 0n])
    // 100 less than the mark says: the long has given away its gain
    expect(BigInt(world.folio('long').equityE6) - before[0]!).toBe(-100n * E6)
    expect(BigInt(world.folio('short').equityE6) - before[1]!).toBe(100n * E6)
    expect(world.events('causeway.markets.v1.fill')).toMatchObject([
      { side: 'buy', price_e9: `${3_000n * E9}`, size_e9: `${2n * E9}`, role: 'deleverage', order: '0' },
      { side: 'sell', price_e9: `${3_000n * E9}`, size_e9: `${2n * E9}`, fee_e6: '0' },
    ])
    expect(world.broken()).toEqual([])
  })

  it('of several at once goes through holders who pass on what they got', () => {
    const { world, market } = traded()
    const [long, short, other] = NAMES.map((name) => world.holder(name)) as [Holder, Holder, Holder]
    const sum = () => NAMES.reduce((all, name) => all + BigInt(world.folio(name).equityE6), 0n)
    const before = sum()
    move(
      world,
      market,
      [long, other, 2n * E9, 6_100n * E6 + 7n],
      [other, short, E9, 3_049n * E6 + 1n],
      [other, short, E9, 3_051n * E6 - 1n],
    )
    expect(sizes(world)).toEqual([0n, 0n, 0n])
    const lost = before - sum()
    expect(lost >= 0n && lost <= 3n).toBe(true)
    world.blocks(2)
    expect(world.broken()).toEqual([])
  })

  it('is followed by books: the next block’s margins and caps know of it', () => {
    const { world, market } = traded()
    const [long, other] = [world.holder('long'), world.holder('other')]
    move(world, market, [long, other, 2n * E9, 6_100n * E6])
    // A reduce-only order of who has it now fills; one of who had it is over at once
    expect(world.order('other', { market, isBuy: false, reduceOnly: true, limitE9: 3_050n * E9 })).toBe('0')
    expect(world.order('short', { market, isBuy: true, reduceOnly: true, limitE9: 3_050n * E9 })).toBe('0')
    expect(sizes(world)).toEqual([0n, 0n, 0n])
    expect(world.broken()).toEqual([])
  })

  it('of more than there is, or of parts of lots, is a bug', () => {
    const { world, market } = traded()
    const [long, other] = [world.holder('long'), world.holder('other')]
    const tried = (sizeE9: bigint) =>
      world.atEnd((context) => {
        try {
          const one = { market, from: long, to: other, sizeE9, amountE6: 0n }
          context.nested(() => world.trading.markets.markets.move(context, [one], 'deleverage'))
        } catch (error) {
          return (error as Error).message
        }
        return 'moved'
      })
    expect(tried(3n * E9)).toContain('more than it has')
    expect(tried(-E9)).toContain('more than it has')
    expect(tried(0n)).toContain('more than it has')
    expect(tried(E9 / 1_000n)).toContain('whole lots')
    expect(sizes(world)).toEqual([2n * E9, -2n * E9, 0n])
    expect(world.broken()).toEqual([])
  })
})
