import { beforeEach, describe, expect, it } from 'vitest'
import { MARKETS_STORE, writeMarket } from './state.ts'
import { E9, World, trader } from './world.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob')]
/** 2027-01-15 08:00:00 UTC: when everything of that day expires. */
const EXPIRY = 1_800_000_000n
const FUTURE = 'ETH-20270115'
const ORDERS = 8

let world: World
beforeEach(() => {
  world = start()
})

function start(underlying: object = { option: undefined, spot: undefined }): World {
  const started = new World({
    startSeconds: EXPIRY - 4_004n,
    underlying,
    params: {
      ordersMax: '250',
      positionsMax: '200',
      gainLockSeconds: '0',
      automaticListing: '1',
      settledMax: '3',
    },
  })
  for (const each of [ALICE, BOB]) started.fund(each, 1_000_000n)
  started.prices.forwardE9 = 3_000n * E9
  started.end()
  started.end()
  return started
}

function closed(): number {
  return world.told('closed').filter(({ reason }) => reason === 'marketClosed').length
}

/** A position, resting orders of both sides, one that waits for its trigger; then the last block before. */
function prepare(): void {
  world.place(ALICE, { market: FUTURE, size: 1, price: 3_000 })
  world.place(BOB, { market: FUTURE, size: -1, price: 3_000 })
  world.end()
  for (let i = 1; i < ORDERS; i++)
    world.place(i % 2 === 0 ? ALICE : BOB, {
      market: FUTURE,
      size: i % 2 === 0 ? 1 : -1,
      price: 3_000 + (i % 2 === 0 ? -i : i),
    })
  world.place(ALICE, {
    market: FUTURE,
    size: 1,
    price: 3_000,
    timeInForce: 2,
    triggerE9: 3_300n * E9,
    triggerAbove: true,
  })
  world.end()
  while (world.seconds < EXPIRY - 30n) world.end(30n)
  while (world.seconds < EXPIRY - 1n) world.end()
}

describe('a market whose time is over', () => {
  it('loses its orders so many a block, then pays out, and is gone', () => {
    prepare()
    const id = world.market(FUTURE).id
    world.end()
    const counts: number[] = []
    const settled: number[] = []
    while (world.markets.market(world.context, id) !== undefined && counts.length < 10) {
      world.end()
      counts.push(closed())
      settled.push(world.told('settled').length)
      expect(world.broken).toEqual([])
    }
    expect(counts.filter((count) => count > 0)).toEqual([3, 3, 2])
    // With the last two orders there is room for one position, then for the other
    expect(settled.filter((count) => count > 0)).toEqual([1, 1])
    expect(settled.findIndex((count) => count > 0)).toBe(counts.findLastIndex((count) => count > 0))
    for (const each of [ALICE, BOB]) expect(world.markets.positions(world.context, each)).toEqual([])
  })

  it('stops with all others of its time, and they have their price, however many orders wait there', () => {
    world = start({ spot: undefined })
    prepare()
    const others = [...world.markets.markets(world.context)].filter(
      ({ kind, expirySeconds }) => kind === 'option' && expirySeconds === EXPIRY,
    )
    const later = { ...world.market('ETH-PERP'), kind: 'future', symbol: 'LATER', id: 1n << 60n } as const
    expect(others.length).toBeGreaterThan(10)
    writeMarket(world.context.store(MARKETS_STORE), { ...later, expirySeconds: EXPIRY })
    world.end()
    const told: number[] = []
    for (let i = 0; i < 2; i++) {
      world.end()
      told.push(world.told('settlement_price').length)
      const { status } = world.market('LATER')
      expect([status, closed(), world.told('settled').length]).toEqual(['settling', 3, 0])
    }
    expect(told.reduce((sum, count) => sum + count)).toBe(1)
  })

  it('fills nothing of what still waits there', () => {
    prepare()
    world.end()
    // What rests would cross at this index, what waits would be triggered
    world.prices.indexE9 = 3_400n * E9
    for (let i = 0; i < 4; i++) {
      world.end()
      expect(world.told('fill')).toEqual([])
    }
  })

  it('takes no new orders, and lets others be cancelled', () => {
    prepare()
    world.end()
    expect(world.refusal(ALICE, { market: FUTURE, size: 1, price: 3_000 })).toBe('markets/2')
    const waiting = world.markets.orders(world.context, BOB).length
    world.markets.cancelAll(world.context, BOB, 'cancelled')
    world.end()
    expect(waiting).toBeGreaterThan(0)
    expect(world.markets.orders(world.context, BOB)).toEqual([])
    expect(world.broken).toEqual([])
  })

  it('ends the same on a node that starts in the middle', () => {
    const hashes = (restarts: boolean) => {
      prepare()
      const found: string[] = []
      for (let i = 0; i < 6; i++) {
        found.push(Buffer.from(world.end()).toString('hex'))
        if (restarts) world.restart()
      }
      return found
    }
    const plain = hashes(false)
    world = start()
    expect(hashes(true)).toEqual(plain)
  })
})
