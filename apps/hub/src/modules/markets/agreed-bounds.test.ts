// What two wallets may agree on is bounded before anything of it is written: sizes, worth, and with what
// stands already what one owner may have.
import { MsgExecuteRfq, MsgGrantVenue } from '@causeway/protocol/causeway/markets/v1/tx'
import type { RfqLeg } from '@causeway/protocol/causeway/markets/v1/tx'
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../identifiers.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { readParams, writeParams } from './params.ts'
import { quoteText } from './quote-text.ts'
import { MARKETS_STORE, readMarket, readPositions, writeMarket, writePositions } from './state.ts'
import { E6, E9, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB, CAROL] = [trader('alice'), trader('bob'), trader('carol')]
const LARGEST = 2n ** 62n - 1n
const CLIENT = 'ethereum-0'
const VENUE = new Uint8Array(20).fill(9)

/** A world with a perpetual of this lot, whose tick makes whole micro-cash of it, and its caps. */
function worldOf(lotE9: bigint, priceE9: bigint, capE9 = LARGEST, cash = 10n ** 13n): World {
  const tickE9 = 10n ** 12n / lotE9
  const perpetual = { tickE9: `${tickE9 > 0n ? tickE9 : 1n}`, lotE9: `${lotE9}` }
  const caps = { ownerCapE9: `${capE9}`, openInterestCapE9: `${LARGEST}` }
  const world = new World({ underlying: { perpetual, future: undefined, option: undefined, ...caps } })
  world.prices.indexE9 = priceE9
  for (const each of [ALICE, BOB, CAROL]) world.fund(each, cash)
  world.end()
  world.end()
  return world
}

let nonce = 0n

/** What taking a quote of one leg is refused with; ALICE buys above 0, of BOB. */
function agree(world: World, sizeE9: bigint, priceE9: bigint, [taker, maker] = [ALICE, BOB]): string {
  const isBuy = sizeE9 > 0n
  const leg: RfqLeg = {
    market: world.market('ETH-PERP').id,
    isBuy,
    sizeE9: isBuy ? sizeE9 : -sizeE9,
    priceE9,
  }
  const quote = {
    ...{ maker: addresses.encode(maker.account), makerSubaccount: 0, taker: '', legs: [leg] },
    ...{ nonce: (nonce += 1n), expireSeconds: world.seconds + 60n },
  }
  world.signed.add(`${quote.maker} ${quoteText('causeway-1', quote)}`)
  const message = MsgExecuteRfq.fromPartial({
    ...{ signer: addresses.encode(taker.account), subaccount: taker.subaccount },
    ...{ quote, makerSignature: Uint8Array.of(1) },
  })
  return refusal(() => world.run('MsgExecuteRfq', taker, message, MsgExecuteRfq))
}

function clear(world: World, sizeE9: bigint, priceE9: bigint): readonly string[] {
  const market = world.market('ETH-PERP').id
  for (const holder of [ALICE, BOB]) {
    const message: MsgGrantVenue = {
      ...{ signer: addresses.encode(holder.account), subaccount: 0, client: CLIENT, sender: VENUE },
      ...{ markets: [market], notionalMaxE6PerDay: 2n ** 63n, openNotionalMaxE6: 2n ** 63n },
      ...{ distanceMaxBps: 100, expirySeconds: world.seconds + 86_400n },
    }
    world.run('MsgGrantVenue', holder, message, MsgGrantVenue)
  }
  const tradeId = new Uint8Array(32).fill(1)
  tradeId.set(VENUE)
  const parties = { buyer: ALICE.account, seller: BOB.account, buyerSubaccount: 0, sellerSubaccount: 0 }
  return world.markets.clear(world.context, CLIENT, [{ tradeId, ...parties, market, sizeE9, priceE9 }])
}

/** Writes positions as if they had been traded. */
function give(world: World, sizes: readonly (readonly [Holder, bigint])[]): void {
  const market = world.market('ETH-PERP').id
  for (const [holder, sizeE9] of sizes)
    writePositions(world.context.store(MARKETS_STORE), holder, [
      { market, sizeE9, quoteE6: 0n, fundingIndexE18: 0n },
    ])
}

describe('a trade that two have agreed on', () => {
  it.each([
    ['a lot of 1', E9, (2n ** 63n / E9) * E9 - E9],
    ['a lot of 0.1', E9 / 10n, (2n ** 36n * E9) / 10n],
  ])('is refused beyond what an order may be, and the chain goes on: %s', (_, lotE9, sizeE9) => {
    const world = worldOf(lotE9, 3_000n * E9)
    expect(agree(world, E9, 3_000n * E9)).toBe('nothing')
    expect(agree(world, sizeE9, 3_000n * E9)).toBe(sizeE9 > LARGEST ? 'markets/4' : 'markets/6')
    world.end()
    expect([world.size(ALICE), world.size(BOB)]).toEqual([1, -1])
    expect(world.broken).toEqual([])
  })

  it('of a venue is refused alike, and the packet goes on', () => {
    const world = worldOf(E9, 2n * E9)
    expect(clear(world, (2n ** 62n / E9 + 1n) * E9, 2n * E9)).toEqual(['markets/4'])
    const dear = worldOf(E9 / 10n, 3_000n * E9)
    expect(clear(dear, 400_000_000n * E9, 3_000n * E9)).toEqual(['markets/6'])
    expect(clear(dear, E9, 3_000n * E9)).toEqual([''])
    dear.end()
    expect(dear.broken).toEqual([])
  })

  it('ends at the largest position that can be written, on either side', () => {
    const world = worldOf(E9, E9)
    const lots = LARGEST / E9
    give(world, [
      [ALICE, lots * E9],
      [BOB, -lots * E9],
    ])
    // Twice 2⁶² in whole lots are below 2⁶³: the cap refuses them. Beyond that nothing is written.
    expect(agree(world, lots * E9, E9)).toBe('markets/27')
    give(world, [
      [ALICE, lots * E9 + E9],
      [BOB, -lots * E9 - E9],
    ])
    expect(agree(world, lots * E9, E9)).toBe('markets/27')
    expect(agree(world, -lots * E9, E9, [BOB, ALICE])).toBe('markets/27')
    expect(readPositions(world.context.store(MARKETS_STORE), ALICE)[0]!.sizeE9).toBe(lots * E9 + E9)
  })
})

describe('an owner’s cap', () => {
  const capped = () => worldOf(E9 / 10n, 3_000n * E9, 10n * E9, 10_000_000n)
  const at = (world: World, size: bigint, parties?: [Holder, Holder]) =>
    agree(world, size * E9, 3_000n * E9, parties)

  it('counts resting orders beside what is agreed on: there is one cap, not two', () => {
    const world = capped()
    world.place(ALICE, { size: 6, price: 2_999 })
    world.end()
    expect(at(world, 5n)).toBe('markets/27')
    expect(at(world, 4n)).toBe('nothing')
    world.end()
    world.place(CAROL, { size: -6, price: 2_999 })
    world.end()
    expect(world.size(ALICE)).toBe(10)
    expect(world.broken).toEqual([])
  })

  it('of the maker counts alike, and orders of other subaccounts', () => {
    const world = capped()
    const second = trader('bob', 3)
    world.fund(second, 1_000_000n)
    world.place(second, { size: -7, price: 3_001 })
    world.end()
    expect(at(world, 4n)).toBe('markets/27')
    expect(at(world, 3n)).toBe('nothing')
    // Bids don't count on the side of offers, and close what is held before they add.
    world.place(BOB, { size: 13, price: 2_990 })
    world.end()
    expect(world.told('closed')).toEqual([])
    expect(at(world, -1n)).toBe('markets/27')
  })

  it('counts neither what only reduces, nor what waits for its trigger, nor what is cancelled', () => {
    const world = capped()
    expect(at(world, -5n)).toBe('nothing')
    world.end()
    world.place(ALICE, { size: 5, price: 2_900, reduceOnly: true })
    world.place(ALICE, { size: 9, price: 3_100, triggerE9: 3_090n * E9, triggerAbove: true })
    world.end()
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(2)
    expect(at(world, 15n)).toBe('nothing')
    world.end()
    expect(world.size(ALICE)).toBe(10)
  })

  it('lets nobody’s cash say more than the cap', () => {
    const world = capped()
    world.fund(ALICE, 10n ** 12n)
    expect(at(world, 11n)).toBe('markets/27')
    expect(world.totalE6).toBe((30_000_000n + 10n ** 12n) * E6)
  })

  it('that was lowered below what is held lets it shrink, and not grow; so does that of the market', () => {
    const world = capped()
    expect(at(world, 8n)).toBe('nothing')
    world.end()
    const store = world.context.store(MARKETS_STORE)
    const market = readMarket(store, world.market('ETH-PERP').id)!
    for (const [caps, code, through, throughZero] of [
      [{ ownerCapE9: 5n * E9 }, 'markets/27', -13n, 'markets/27'],
      [{ openInterestCapE9: 5n * E9 }, 'markets/28', -12n, 'nothing'],
    ] as const) {
      writeMarket(store, { ...market, ...caps })
      expect(at(world, 1n)).toBe(code)
      expect(at(world, -1n)).toBe('nothing')
      expect(at(world, through)).toBe(throughZero)
    }
    world.end()
    expect(world.broken).toEqual([])
  })
})

describe('the markets that a subaccount may be in', () => {
  const PARAMS = { ordersMax: '10', gainLockSeconds: '600', automaticListing: '1', settledMax: '9' }

  it.each([
    ['1', 'markets/29'],
    ['2', 'nothing'],
  ])('count orders and positions together: of %s', (positionsMax, code) => {
    const world = new World({ params: { ...PARAMS, positionsMax } })
    for (const each of [ALICE, BOB]) world.fund(each, 1_000_000n)
    world.end()
    world.place(ALICE, { market: 'ETH-SPOT', size: 1, price: 2_900 })
    world.end()
    expect(world.markets.orders(world.context, ALICE)).toHaveLength(1)
    expect(agree(world, E9, 3_000n * E9)).toBe(code)
  })

  it('may be more than a lowered maximum: what is held already can be traded', () => {
    const world = new World()
    for (const each of [ALICE, BOB]) world.fund(each, 1_000_000n)
    world.end()
    expect(agree(world, 2n * E9, 3_000n * E9)).toBe('nothing')
    world.place(ALICE, { market: 'ETH-SPOT', size: 1, price: 2_900 })
    world.end()
    const store = world.context.store(MARKETS_STORE)
    writeParams(store, { ...readParams(store), positionsMax: 1n })
    expect(agree(world, E9, 3_000n * E9)).toBe('nothing')
    expect(agree(world, -E9, 3_000n * E9)).toBe('nothing')
  })
})
