// What queries of markets answer, page by page, and what they refuse.
import { utf8 } from '@causeway/primitives'
import * as query from '@causeway/protocol/causeway/markets/v1/query'
import { MsgGrantVenue, MsgSetProtection } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import { refusal } from '../../testing/refusal.fixture.ts'
import { DEFAULT_PARAMS } from './params.ts'
import { E6, E9, ETH, World, addresses, trader } from './world.fixture.ts'

const [ALICE, BOB] = [trader('alice'), trader('bob', 3)]
const CALL = 'ETH-20270116-3000-C'
const textOf = addresses.encodeHolder
const U64_MAX = (1n << 64n) - 1n

interface Coder<Message> {
  encode(message: Message): { finish(): Uint8Array }
  decode(bytes: Uint8Array): Message
  fromPartial(parts: Partial<Message>): Message
}

let world: World
beforeEach(() => {
  world = new World()
  for (const holder of [ALICE, BOB]) world.fund(holder, 1_000_000n)
  world.prices.forwardE9 = 3_000n * E9
  world.end()
  world.end()
})

/** Asks as a node does: bytes in, bytes out. */
function ask<Request, Response>(
  name: string,
  request: Coder<Request>,
  response: Coder<Response>,
  parts: Partial<Request> = {},
): Response {
  const method = world.module.queries.find(({ path }) => path === `/causeway.markets.v1.Query/${name}`)!
  return response.decode(method.answer(world.context, request.encode(request.fromPartial(parts)).finish()))
}

const markets = (parts: Partial<query.QueryMarketsRequest> = {}) =>
  ask('Markets', query.QueryMarketsRequest, query.QueryMarketsResponse, parts).markets
const market = (parts: Partial<query.QueryMarketRequest>) =>
  ask('Market', query.QueryMarketRequest, query.QueryMarketResponse, parts).market!
const positions = (account: string) =>
  ask('Positions', query.QueryPositionsRequest, query.QueryPositionsResponse, { account }).positions
const orders = (account: string, of = 0n) =>
  ask('Orders', query.QueryOrdersRequest, query.QueryOrdersResponse, { account, market: of }).orders
const book = (parts: Partial<query.QueryBookRequest>) =>
  ask('Book', query.QueryBookRequest, query.QueryBookResponse, parts)
const protection = (account: string, underlying: bigint) =>
  ask('Protection', query.QueryProtectionRequest, query.QueryProtectionResponse, { account, underlying })
    .protection
const grants = (account: string) =>
  ask('VenueGrants', query.QueryVenueGrantsRequest, query.QueryVenueGrantsResponse, { account }).grants

describe('the mean of an index', () => {
  const mean = (windowSeconds = 0n, asset = ETH) =>
    ask('IndexMean', query.QueryIndexMeanRequest, query.QueryIndexMeanResponse, { asset, windowSeconds })

  it('is that by block time over the window, of what was fresh', () => {
    world.prices.indexE9 = 3_000n * E9
    world.pass(1_200n, 5n)
    world.prices.indexE9 = 3_100n * E9
    world.pass(600n, 5n)
    const { meanE9, coveredSeconds, fromSeconds, height } = mean(600n)
    expect(Number(meanE9) / 1e9).toBeGreaterThan(3_090)
    expect(meanE9).toBeLessThanOrEqual(3_100n * E9)
    expect(coveredSeconds).toBeGreaterThan(590n)
    expect(coveredSeconds).toBeLessThan(660n)
    expect(fromSeconds % 60n).toBe(0n)
    expect(world.context.timeSeconds - fromSeconds - coveredSeconds).toBeLessThan(10n)
    expect(height).toBe(world.context.height)
    // Half an hour by default: twice as long at the lower price.
    expect(Number(mean().meanE9) / 1e9).toBeCloseTo(3_033, -1)
    expect(mean(1_800n)).toEqual(mean())
  })

  it('counts only time with a fresh index, and is 0 of nothing', () => {
    world.prices.state = 'stale'
    world.pass(700n, 10n)
    expect(mean(600n)).toMatchObject({ meanE9: 0n, coveredSeconds: 0n })
    expect(mean(U64_MAX)).toEqual(mean(25_200n))
    expect(mean(600n, 99n)).toMatchObject({ meanE9: 0n, coveredSeconds: 0n })
  })
})

describe('markets', () => {
  it('are listed page by page, all of them once, ascending', () => {
    const all = [...world.markets.markets(world.context)].map(({ id }) => id)
    expect(all.length).toBeGreaterThan(120)
    const pages: bigint[][] = []
    for (let afterId = 0n; ; afterId = pages.at(-1)!.at(-1)!) {
      const page = markets({ afterId, limit: 50 }).map((info) => info.market!.id)
      if (page.length === 0) break
      pages.push(page)
    }
    expect(pages.flat()).toEqual(all)
    expect(pages.slice(0, -1).every(({ length }) => length === 50)).toBe(true)
    expect(markets()).toHaveLength(100)
    expect(markets({ limit: 4_000_000_000 }).map((info) => info.market!.id)).toEqual(all.slice(0, 1_000))
  })

  it('after the greatest id are none, as after any that is not there', () => {
    expect(markets({ afterId: U64_MAX })).toEqual([])
    const [first, second] = markets({ limit: 2 }).map((info) => info.market!.id)
    expect(markets({ afterId: first! - 1n, limit: 1 })[0]!.market!.id).toBe(first)
    expect(markets({ afterId: first!, limit: 1 })[0]!.market!.id).toBe(second)
  })

  it('of one underlying are those of no other', () => {
    expect(markets({ underlying: ETH, limit: 3 }).map((info) => info.market!.underlying)).toEqual([
      ETH,
      ETH,
      ETH,
    ])
    expect(markets({ underlying: ETH + 1n })).toEqual([])
  })

  it('are found by id and by symbol, with their figures', () => {
    const { id } = world.market('ETH-PERP')
    world.place(ALICE, { size: 2, price: 3_000 })
    world.place(BOB, { size: -2, price: 3_000 })
    world.end()
    const byId = market({ id })
    expect(market({ symbol: 'ETH-PERP' })).toEqual(byId)
    // The id counts where both are given.
    expect(market({ id, symbol: CALL })).toEqual(byId)
    expect(byId.market).toMatchObject({ symbol: 'ETH-PERP', kind: 1, status: 1, tickE9: 10_000_000n })
    expect(byId.figures).toMatchObject({ openInterestE9: `${2n * E9}`, indexE9: 3_000n * E9 })
    expect(markets({ limit: 1 })).toEqual([byId])
  })

  it('that are not there are refused', () => {
    expect(refusal(() => market({ id: 99n }))).toBe('markets/1')
    expect(refusal(() => market({ id: U64_MAX }))).toBe('markets/1')
    expect(refusal(() => market({}))).toBe('markets/1')
    for (const symbol of ['eth-perp', 'ETH', 'ETH-PERP ', 'x'.repeat(10_000)])
      expect(refusal(() => market({ symbol }))).toBe('markets/1')
    expect(refusal(() => book({ market: 99n }))).toBe('markets/1')
  })

  it('have their underlyings and parameters told', () => {
    const { underlyings, height } = ask(
      'Underlyings',
      query.QueryUnderlyingsRequest,
      query.QueryUnderlyingsResponse,
    )
    expect(underlyings).toMatchObject([{ asset: ETH, name: 'ETH', tier: 1, option: { lotE9: 100_000_000n } }])
    expect(height).toBe(world.context.height)
    const { params } = ask('Params', query.QueryParamsRequest, query.QueryParamsResponse)
    expect(params).toEqual(DEFAULT_PARAMS)
  })
})

describe('a subaccount', () => {
  it('has positions at their marks, and what of them is not cash yet', () => {
    world.place(ALICE, { size: 2, price: 3_000 })
    world.place(BOB, { size: -2, price: 3_000 })
    world.place(BOB, { size: -1, price: 100, market: CALL })
    world.place(ALICE, { size: 1, price: 100, market: CALL })
    world.end()
    world.prices.indexE9 = 3_010n * E9
    world.end()
    const held = positions(textOf(ALICE))
    expect(held.map(({ symbol, sizeE9 }) => [symbol, sizeE9])).toEqual([
      ['ETH-PERP', 2n * E9],
      [CALL, E9],
    ])
    const [perpetual, call] = held as [query.PositionInfo, query.PositionInfo]
    const { id } = world.market('ETH-PERP')
    const { markE9 } = world.markets.figures(world.context, id)
    expect(perpetual).toMatchObject({ market: id, markE9 })
    expect(BigInt(perpetual.unsettledE6)).toBe((2n * markE9) / 1_000n + BigInt(perpetual.quoteE6))
    // An option was paid for: nothing of it is to be settled, or funded.
    expect(call).toMatchObject({ unsettledE6: '0', fundingE6: '0', markE9: world.prices.optionE9 })
    // Zero sum, whoever asks.
    const others = positions(textOf(BOB))
    expect(others.map(({ sizeE9 }) => sizeE9)).toEqual([-2n * E9, -E9])
    expect(positions(textOf({ ...BOB, subaccount: 0 }))).toEqual([])
  })

  it('has its own orders, of one market or of all', () => {
    const ids = [2_900, 2_800].map((price) => world.place(ALICE, { size: 1, price }))
    const call = world.place(ALICE, { size: 1, price: 90, market: CALL })
    world.place(BOB, { size: 1, price: 2_700 })
    world.end()
    expect(orders(textOf(ALICE)).map(({ id }) => id)).toEqual([...ids, call])
    expect(orders(textOf(ALICE), world.market(CALL).id).map(({ id }) => id)).toEqual([call])
    expect(orders(textOf(ALICE), 99n)).toEqual([])
    expect(orders(textOf(BOB))).toMatchObject([
      { limitE9: 2_700n * E9, remainingE9: E9, isBuy: true, market: world.market('ETH-PERP').id },
    ])
    expect(orders(textOf({ ...ALICE, subaccount: 1 }))).toEqual([])
  })

  it('has protection by underlying, and grants, if it has set any', () => {
    const signer = { signer: addresses.encode(BOB.account), subaccount: 3 }
    expect(protection(textOf(BOB), ETH)).toBeUndefined()
    expect(grants(textOf(BOB))).toEqual([])
    const limits = { windowSeconds: 60n, sizeMaxE9: 5n * E9, deltaMaxE9: 7n, vegaMaxE6: 9n }
    world.run('MsgSetProtection', BOB, { ...signer, underlying: ETH, ...limits }, MsgSetProtection)
    const granted = {
      client: 'ethereum-0',
      sender: new Uint8Array(20).fill(9),
      markets: [world.market('ETH-PERP').id],
      notionalMaxE6PerDay: 10_000n * E6,
      openNotionalMaxE6: 7_000n * E6,
      distanceMaxBps: 100,
      expirySeconds: world.seconds + 100n,
    }
    world.run('MsgGrantVenue', BOB, { ...signer, ...granted }, MsgGrantVenue)
    // Of what nobody lists there is none to write: it would lie there for ever, for free.
    const nothing = { ...signer, underlying: ETH + 1n, ...limits }
    expect(refusal(() => world.run('MsgSetProtection', BOB, nothing, MsgSetProtection))).toBe('markets/42')
    const ends = { ...nothing, windowSeconds: 0n }
    expect(refusal(() => world.run('MsgSetProtection', BOB, ends, MsgSetProtection))).toBe('nothing')
    world.end()
    expect(protection(textOf(BOB), ETH)).toMatchObject({ ...limits, isFrozen: false })
    expect(protection(textOf(BOB), ETH + 1n)).toBeUndefined()
    expect(protection(textOf(BOB), U64_MAX)).toBeUndefined()
    expect(protection(textOf({ ...BOB, subaccount: 0 }), ETH)).toBeUndefined()
    expect(grants(textOf(BOB))).toMatchObject([{ ...granted, notionalE6: 0n }])
    expect(grants(textOf(ALICE))).toEqual([])
  })

  it.each([
    '',
    'cway1',
    'alice',
    `${textOf(ALICE)}/`,
    `${textOf(ALICE)}/x`,
    `${textOf(ALICE)}/65536`,
    `${textOf(ALICE)}/-1`,
    `${textOf(ALICE)}/1/1`,
    textOf(ALICE).replace('cway1', 'osmo1'),
  ])('is not named %j', (account) => {
    const asked = [positions, orders, grants, (name: string) => protection(name, ETH)]
    for (const query of asked) expect(refusal(() => query(account))).toMatch(/^(identifiers|primitives)\//)
  })
})

describe('a book', () => {
  it('is told level by level, the best first, as deep as was asked for', () => {
    const { id } = world.market('ETH-PERP')
    expect(book({ market: id })).toMatchObject({ bids: [], asks: [] })
    for (let i = 0; i < 30; i++) {
      world.place(ALICE, { size: 1, price: 2_990 - i })
      world.place(BOB, { size: -0.5, price: 3_010 + i })
    }
    world.place(BOB, { size: 2, price: 2_990 })
    world.end()
    const whole = book({ market: id, depth: 4_000_000_000 })
    expect([whole.bids.length, whole.asks.length]).toEqual([30, 30])
    expect(whole.bids[0]).toEqual({ priceE9: 2_990n * E9, sizeE9: `${3n * E9}` })
    expect(whole.asks[0]).toEqual({ priceE9: 3_010n * E9, sizeE9: `${E9 / 2n}` })
    expect(book({ market: id, depth: 1 })).toEqual({
      ...whole,
      bids: whole.bids.slice(0, 1),
      asks: whole.asks.slice(0, 1),
    })
    expect(book({ market: id }).bids).toEqual(whole.bids.slice(0, 20))
    // What subscribers of events keep by deltas is what a query says.
    const [told] = world.told('book').filter(({ market: of }) => of === `${id}`)
    expect(told).toMatchObject({ sequence: `${whole.sequence}`, checksum: whole.checksum })
  })

  it('is the same from a node that has just started, and changes nothing there', () => {
    world.place(ALICE, { size: 1, price: 2_990 })
    world.end()
    const { id } = world.market('ETH-PERP')
    const before = book({ market: id })
    book({ market: world.market('ETH-20270116').id })
    const hash = Buffer.from(world.execute()).toString('hex')
    world.again()
    world.restart()
    expect(book({ market: id })).toEqual(before)
    expect(Buffer.from(world.execute()).toString('hex')).toBe(hash)
  })
})

describe('a request', () => {
  it('that is no message is refused', () => {
    for (const { answer } of world.module.queries)
      expect(refusal(() => answer(world.context, utf8('\xff\xff nothing')))).toMatch(/^protocol\//)
  })
})
