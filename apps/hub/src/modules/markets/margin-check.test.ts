// Orders that reduce below the requirement: a leg of a hedge reduces too, and is what nobody may close alone.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { placeClosing } from './close-orders.ts'
import type { RiskOrder } from './market.ts'
import { E9, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob')]
const FUTURE = 'ETH-20270116'

let world: World
/** What margin asks beyond that of what is held. */
let askedE6: bigint
beforeEach(() => start())

/** Perpetuals and futures have marks. */
function start(): void {
  world = new World()
  world.fund(ALICE, 20_000n)
  world.fund(BOB, 1_000_000n)
  world.end()
  world.end()
  askedE6 = 0n
}

/** From here on ALICE's perpetuals and futures are one risk, of which margin asks a tenth. */
function hedged(): void {
  const own = world.initialMarginE6.bind(world)
  const asked = (sizeE9: bigint) => ((sizeE9 < 0n ? -sizeE9 : sizeE9) * 300n) / 1_000n
  world.initialMarginE6 = (holder: Holder, orders: readonly RiskOrder[]) => {
    if (addresses.encodeHolder(holder) !== addresses.encodeHolder(ALICE)) return own(holder, orders)
    const held = world.markets.positions(world.context, holder).reduce((sum, { sizeE9 }) => sum + sizeE9, 0n)
    let marginE6 = world.valueE6(holder) - asked(held) - askedE6
    for (const { sizeE9 } of orders) {
      const risen = asked(held + sizeE9) - asked(held)
      if (risen > 0n) marginE6 -= risen
    }
    return marginE6
  }
}

/** ALICE has these, and next to nothing above its requirement. */
function hold(perpetuals: number, futures: number): void {
  for (const [market, size] of [
    ['ETH-PERP', perpetuals],
    [FUTURE, futures],
  ] as const) {
    if (size === 0) continue
    world.place(ALICE, { market, size, price: 3_000 })
    world.place(BOB, { market, size: -size, price: 3_000 })
  }
  world.end()
  expect([world.size(ALICE), world.size(ALICE, FUTURE)]).toEqual([perpetuals, futures])
  hedged()
  askedE6 = world.initialMarginE6(ALICE, []) - 50_000_000n
}

const margin = () => world.initialMarginE6(ALICE, [])
const closed = () => world.told('closed').map(({ reason, order }) => `${reason} ${order}`)
const resting = () => world.markets.orders(world.context, ALICE).map(({ id }) => id)

describe('both legs of a hedge', () => {
  it.each([true, false])('reduce, of which one would fill: neither stays, reduce-only %s', (reduceOnly) => {
    hold(20, -20)
    world.place(BOB, { size: 20, price: 3_000 })
    world.end()
    const buys = world.place(ALICE, { market: FUTURE, size: 19, price: 2_975, reduceOnly })
    const sells = world.place(ALICE, { size: -19, price: 2_990, reduceOnly })
    world.end()
    expect(closed()).toEqual([`margin ${buys}`, `margin ${sells}`])
    expect([world.size(ALICE), world.size(ALICE, FUTURE)]).toEqual([20, -20])
    expect(margin()).toBeGreaterThanOrEqual(0n)
    expect(world.broken).toEqual([])
  })

  it('of which one is too large: what helps alone stays, whichever came first', () => {
    for (const isFirst of [true, false]) {
      start()
      hold(20, -10)
      askedE6 += 100_000_000n
      const before = margin()
      expect(before).toBeLessThan(0n)
      // Together they change nothing; the future's alone makes the risk larger.
      const sell = () => world.place(ALICE, { size: -5, price: 3_000, reduceOnly: true })
      const first = isFirst ? sell() : 0n
      const buys = world.place(ALICE, { market: FUTURE, size: 5, price: 3_000, reduceOnly: true })
      const sells = isFirst ? first : sell()
      world.end()
      expect(closed()).toEqual([`margin ${buys}`])
      expect(resting()).toEqual([sells])
      world.place(BOB, { size: 5, price: 3_000 })
      world.end()
      expect(world.size(ALICE)).toBe(15)
      expect(margin()).toBeGreaterThan(before)
    }
  })

  it('of a holder above its requirement with both counted stay', () => {
    hold(20, -20)
    askedE6 -= 12_000_000_000n
    const buys = world.place(ALICE, { market: FUTURE, size: 19, price: 2_975, reduceOnly: true })
    const sells = world.place(ALICE, { size: -19, price: 2_990, reduceOnly: true })
    world.end()
    expect([closed(), resting()]).toEqual([[], [buys, sells]])
  })
})

describe('orders that reduce', () => {
  it('are four at most below the requirement, the oldest, and all of them above it', () => {
    hold(20, 0)
    const ids = [1, 2, 3, 4, 5, 6].map(() => world.place(ALICE, { size: -1, price: 3_000, reduceOnly: true }))
    world.end()
    expect([closed(), resting()]).toEqual([[], ids])
    askedE6 += 100_000_000n
    const last = world.place(ALICE, { size: -1, price: 3_000, reduceOnly: true })
    world.end()
    expect(closed()).toEqual([...ids.slice(4), last].map((id) => `margin ${id}`))
    expect(resting()).toEqual(ids.slice(0, 4))
  })

  it('of the chain close a hedge as a whole, and the holder’s own go', () => {
    hold(20, -5)
    askedE6 += 100_000_000n
    const own = world.place(ALICE, { size: -1, price: 3_000, reduceOnly: true })
    const sizes = [
      { market: world.market('ETH-PERP').id, sizeE9: -20n * E9 },
      { market: world.market(FUTURE).id, sizeE9: 5n * E9 },
    ]
    expect(placeClosing(world.context, world.ports, ALICE, sizes)).toBe(2)
    world.place(BOB, { size: 20, price: 3_000 })
    world.place(BOB, { market: FUTURE, size: -5, price: 3_000 })
    world.end()
    expect(closed()).toEqual([`margin ${own}`])
    expect([world.size(ALICE), world.size(ALICE, FUTURE)]).toEqual([0, 0])
    expect(world.broken).toEqual([])
  })
})
