// The account that quotes by the chain's own rule: its orders are anybody's, but no mark hears them, and it
// is told what they have brought.
import { beforeEach, describe, expect, it } from 'vitest'
import type { MakerFlow } from './ports.ts'
import { E6, E9, World, trader } from './world.fixture.ts'

const [ALICE, BOB, MAKER] = ['alice', 'bob', 'protocol maker'].map((name) => trader(name)) as [
  ReturnType<typeof trader>,
  ReturnType<typeof trader>,
  ReturnType<typeof trader>,
]
const CALL = 'ETH-20270116-3000-C'

let world: World
let flows: { market: bigint; flow: MakerFlow }[]
beforeEach(() => {
  world = new World()
  flows = []
  for (const each of [ALICE, BOB, MAKER]) world.fund(each, 1_000_000n)
  const flowed = (_: unknown, market: bigint, flow: MakerFlow) => void flows.push({ market, flow })
  Object.assign(world.ports, { protocolMaker: { holder: MAKER, flowed } })
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
})

function quote(size: number, price: number, symbol = 'ETH-PERP'): bigint | undefined {
  const sizeE9 = BigInt(Math.round(Math.abs(size) * 1e9))
  const limitE9 = BigInt(Math.round(price * 1e9))
  const market = world.market(symbol).id
  return world.markets.placeQuote(world.context, MAKER, { market, isBuy: size > 0, sizeE9, limitE9 })
}

const blocks = (count: number) => {
  for (let i = 0; i < count; i++) world.end()
}
const order = (id: bigint) => world.markets.order(world.context, MAKER, id)
const mark = () => world.markets.figures(world.context, world.market('ETH-PERP').id).markE9

describe('a house quote', () => {
  it('rests, fills as anybody’s, and ends when it is told to', () => {
    const [bid, ask] = [quote(2, 2_990), quote(-2, 3_010)]
    world.end()
    expect([order(bid!)?.remainingE9, order(ask!)?.remainingE9]).toEqual([2n * E9, 2n * E9])
    world.place(ALICE, { size: 1, price: 3_020 })
    world.end()
    expect(world.size(MAKER)).toBe(-1)
    expect(order(ask!)?.remainingE9).toBe(E9)
    world.markets.endQuote(world.context, MAKER, ask!)
    world.markets.endQuote(world.context, MAKER, 999n)
    expect(order(ask!)).toBeUndefined()
    world.end()
    world.place(ALICE, { size: 1, price: 3_020 })
    world.end()
    expect(world.size(MAKER)).toBe(-1)
    expect(world.broken).toEqual([])
  })

  it('is none off the grid, in a market that is not there, or while only reducing is allowed', () => {
    expect(quote(0.05, 2_990)).toBeUndefined()
    expect(quote(1, 2_990.001)).toBeUndefined()
    const terms = { market: 999n, isBuy: true, sizeE9: E9, limitE9: E9 }
    expect(world.markets.placeQuote(world.context, MAKER, terms)).toBeUndefined()
    world.prices.state = 'stale'
    expect(quote(1, 2_990)).toBeUndefined()
  })

  it('holds margin as anybody’s: what it can’t bear is closed', () => {
    const id = quote(100_000, 2_990)
    world.end()
    expect(order(id!)).toBeUndefined()
    expect(world.told('closed').at(-1)).toMatchObject({ reason: 'margin' })
  })

  it('counts for `ordersMax`, which says how many', () => {
    expect(world.markets.ordersMax(world.context)).toBe(250n)
  })
})

describe('marks', () => {
  it('don’t hear it, and hear the same from another', () => {
    quote(10, 3_004)
    quote(-10, 3_006)
    blocks(5)
    expect(mark()).toBe(3_000n * E9)
    world.place(BOB, { size: 10, price: 3_004 })
    world.place(BOB, { size: -10, price: 3_006 })
    blocks(5)
    expect(mark()).toBeGreaterThan(3_000n * E9)
  })

  it('of options count two owners, not three, where it is the third', () => {
    const carol = trader('carol')
    world.fund(carol, 1_000_000n)
    for (const [i, holder] of [ALICE, BOB].entries()) {
      world.place(holder, { market: CALL, size: 4, price: 99 - i })
      world.place(holder, { market: CALL, size: -4, price: 105 + i })
    }
    quote(4, 98, CALL)
    quote(-4, 106, CALL)
    blocks(130)
    const volatilities = () => world.markets.markVolatilities(world.context)
    expect(volatilities().size).toBe(0)
    world.place(carol, { market: CALL, size: 4, price: 97 })
    world.place(carol, { market: CALL, size: -4, price: 107 })
    blocks(130)
    expect(volatilities().size).toBe(1)
  })
})

describe('what it makes', () => {
  const sum = (of: (flow: MakerFlow) => bigint) => flows.reduce((all, { flow }) => all + of(flow), 0n)

  it('is told by market: sizes, cash, fees and funding, which are all that its worth has changed by', () => {
    const before = world.valueE6(MAKER)
    quote(-2, 3_000)
    world.end()
    world.place(ALICE, { size: 2, price: 3_010 })
    world.end()
    expect(flows.map(({ flow }) => flow.sizeE9).filter((size) => size !== 0n)).toEqual([-2n * E9])
    expect(sum(({ tradedE6 }) => tradedE6)).toBe(6_000n * E6)
    // 0.02 % of 6,000: it has rested
    expect(sum(({ feeE6 }) => feeE6)).toBe(1_200_000n)
    world.prices.indexE9 = 3_010n * E9
    world.seconds += 7_200n
    blocks(3)
    const made = sum(({ tradedE6, feeE6, fundingE6 }) => tradedE6 - feeE6 + fundingE6)
    const held = -(2n * mark()) / 1_000n
    const position = world.markets.positions(world.context, MAKER)[0]!
    const due = world.markets.fundingE6(world.context, position)
    expect(world.valueE6(MAKER) - before - (made + held + due)).toBeLessThanOrEqual(1n)
  })

  it('of an option that expires ends with what it pays', () => {
    quote(1, 110, CALL)
    world.end()
    world.place(ALICE, { market: CALL, size: -1, price: 105 })
    world.end()
    expect(world.size(MAKER, CALL)).toBe(1)
    const { expirySeconds } = world.market(CALL)
    world.seconds = expirySeconds - 1_800n
    while (world.seconds < expirySeconds + 60n) {
      world.seconds += 20n
      world.end()
    }
    const over = flows.filter(({ flow }) => flow.isOver)
    expect(over).toHaveLength(1)
    expect(over[0]!.flow.sizeE9).toBe(0n)
  })

  it('of others is told to nobody', () => {
    world.place(ALICE, { size: 1, price: 3_000 })
    world.place(BOB, { size: -1, price: 3_000 })
    world.end()
    expect(world.size(ALICE)).toBe(1)
    expect(flows).toEqual([])
  })
})
