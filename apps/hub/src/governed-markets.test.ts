// Markets that a vote lists, pauses and opens again.
import { Content } from '@causeway/protocol/causeway/governance/v1/governance'
import { QueryProposalRequest, QueryProposalResponse } from '@causeway/protocol/causeway/governance/v1/query'
import {
  QueryMarketsRequest,
  QueryMarketsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryUnderlyingsRequest,
  QueryUnderlyingsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import { MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import { describe, expect, it } from 'vitest'
import type { HubApplicationOptions } from './app.ts'
import { brokenInvariants } from './block/inspect.ts'
import { nextExpiries } from './modules/markets/pure/expiries.ts'
import { createSeededSurfaceSource } from './modules/oracle/seeded-surfaces.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { a, ballot, c, genesis, proposal, setUp } from './testing/staked-driver.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'

const E9 = 1_000_000_000n
const grid = { tickE9: 1_000_000n, lotE9: 1_000_000_000n }

/** What a vote lists: asset 2, which the test hub's price source prices at 1.0. */
const underlying = (changes: object = {}): Content =>
  Content.fromPartial({
    listUnderlying: {
      asset: 2n,
      name: 'EURZ',
      tier: 2,
      perpetual: grid,
      ownerCapE9: 1_000_000n * E9,
      openInterestCapE9: 10_000_000n * E9,
      openNotionalLowerE6: 10n ** 12n,
      openNotionalUpperE6: 10n ** 13n,
      ...changes,
    },
  })
const status = (market: bigint, number: number, seconds = 0n): Content =>
  Content.fromPartial({ setMarketStatus: { market, status: number, seconds } })

function world(overrides: Partial<HubApplicationOptions> = {}) {
  const ledger = {
    ...(genesis(new Wallet('alice')) as { ledger: { balances: object[]; assets: object[] } }).ledger,
  }
  const eurz = { denom: 'eurz', decimals: 6, native: false }
  const oracle = { feeds: [{ asset: '2', symbol: 'EURZ' }] }
  const parts = { ledger: { ...ledger, assets: [...ledger.assets, eurz] }, oracle }
  const { deliver, driver, hub, ask, alice } = setUp(parts as never, overrides)
  let votes = 0n
  /** Proposes, votes, waits until it is done; the code of its execution, empty when it was done. */
  const pass = (...contents: Content[]): string => {
    expect(deliver(a, proposal(contents))).toBe('0')
    votes += 1n
    expect(deliver(c, ballot(c, 1, votes))).toBe('0')
    driver.block(20n)
    driver.block(10n)
    return failure(votes)
  }
  const failure = (id: bigint) => {
    const request = { id }
    return ask('governance.v1.Query/Proposal', QueryProposalRequest, QueryProposalResponse, request).proposal!
      .failure
  }
  const markets = () => {
    const request = QueryMarketsRequest.fromPartial({})
    const answer = ask('markets.v1.Query/Markets', QueryMarketsRequest, QueryMarketsResponse, request)
    return answer.markets.map(({ market }) => market!)
  }
  const order = (market: bigint, more: Partial<MsgPlaceOrder> = {}) => {
    const terms = { signer: alice.address, market, sizeE9: E9, limitE9: E9 / 2n, isBuy: true, type: 1 }
    const value = MsgPlaceOrder.encode(
      MsgPlaceOrder.fromPartial({ ...terms, timeInForce: 1, ...more }),
    ).finish()
    const tx = alice.sign([{ typeUrl: '/causeway.markets.v1.MsgPlaceOrder', value }], {
      ...{ gasLimit: 30_000n, fee: [{ denom: 'ucway', amount: '750' }] },
      sequence: driver.timeNanoseconds / 1_000_000n,
    })
    const checked = codeOf(driver.submit(tx))
    return checked === '0' ? codeOf(driver.block().txResults.at(-1)) : checked
  }
  return { deliver, driver, hub, ask, pass, failure, markets, order }
}

describe('an underlying', () => {
  it('is listed by a vote, with the markets it shall have, under one name for ever', () => {
    const { pass, markets, ask, deliver, hub } = world()
    expect(markets()).toEqual([])
    expect(pass(underlying())).toBe('')
    expect(markets()).toMatchObject([{ symbol: 'EURZ-PERP', kind: 1, status: 1, tier: 2, underlying: 2n }])
    const request = QueryUnderlyingsRequest.fromPartial({})
    const { underlyings } = ask(
      'markets.v1.Query/Underlyings',
      QueryUnderlyingsRequest,
      QueryUnderlyingsResponse,
      request,
    )
    expect(underlyings).toMatchObject([{ asset: 2n, name: 'EURZ', perpetual: grid, spot: undefined }])
    // What is listed already keeps its terms; the next listing has the new ones.
    const [before] = markets()
    expect(deliver(a, proposal([underlying({ name: 'EUR' })]))).toBe('markets/40')
    expect(pass(underlying({ tier: 3, spot: grid }))).toBe('')
    expect(markets()).toMatchObject([before, { symbol: 'EURZ-SPOT', tier: 3 }])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('has futures and options from the next blocks on, where their volatilities are voted for', () => {
    const vols = [{ asset: 2n, priceE9: E9, volatilityBps: 6_000 }]
    const surfaceSource = createSeededSurfaceSource(vols, (now) => nextExpiries(now))
    const { pass, markets, driver, order, hub } = world({ surfaceSource })
    const fine = { tickE9: 100_000n, lotE9: 100_000_000_000n }
    expect(pass(underlying({ perpetual: undefined, future: grid, option: fine }))).toBe('')
    for (let i = 0; i < 3; i++) driver.block(2n)
    const listed = markets()
    const kinds = (kind: number) => listed.filter((market) => market.kind === kind)
    const [perpetuals, futures, options] = [kinds(1), kinds(2), kinds(3)]
    expect([perpetuals.length, futures.length > 0, options.length > 0]).toEqual([0, true, true])
    // 2023-11-15: the first expiry after the genesis, 08:00 the next morning.
    expect(futures[0]).toMatchObject({ symbol: 'EURZ-20231115', status: 1, tier: 2, tickE9: grid.tickE9 })
    const [near] = options
    expect(near).toMatchObject({ symbol: 'EURZ-20231115-0_5-C', isCall: true, strikeE9: E9 / 2n })
    expect(options).toContainEqual(expect.objectContaining({ symbol: 'EURZ-20231115-0_5-P', isCall: false }))
    // Alice has nothing to trade with; the market is there to be traded.
    expect(order(near!.id, { sizeE9: fine.lotE9, limitE9: 500_000_000n })).not.toBe('markets/1')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it.each([
    ['no asset', { asset: 99n }],
    ['a name of small letters', { name: 'eurz' }],
    ['no name', { name: '' }],
    ['tier 4', { tier: 4 }],
    ['tier 0', { tier: 0 }],
    ['a grid finer than a micro-unit of cash', { perpetual: { tickE9: 1n, lotE9: 1n } }],
    ['an empty grid', { perpetual: {} }],
    ['no caps', { ownerCapE9: 0n }],
    ['a cap beyond 2^62', { openInterestCapE9: (1n << 62n) + 1n }],
    ['bounds of open notional the wrong way round', { openNotionalLowerE6: 10n ** 13n }],
    ['spot lots of less than a base unit', { spot: { tickE9: 10n ** 12n, lotE9: 1n } }],
  ])('is not proposed with %s', (_, changes) => {
    const { deliver, markets } = world()
    expect(deliver(a, proposal([underlying(changes)]))).toBe('markets/40')
    expect(markets()).toEqual([])
  })
})

describe('a market', () => {
  it('is paused and opened by votes, and says so to who trades', () => {
    const { pass, markets, order, driver, hub } = world()
    pass(underlying())
    const { id } = markets()[0]!
    expect(order(id)).toBe('0')
    expect(pass(status(id, 3))).toBe('')
    expect(markets()).toMatchObject([{ status: 3, statusUntilSeconds: 0n }])
    expect(order(id)).toBe('markets/2')
    driver.block(1_000_000n)
    expect(markets()).toMatchObject([{ status: 3 }])
    expect(pass(status(id, 2))).toBe('')
    expect(order(id)).toBe('markets/3')
    expect(pass(status(id, 1))).toBe('')
    expect(markets()).toMatchObject([{ status: 1 }])
    expect(order(id)).toBe('0')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that is paused for a time opens by itself', () => {
    const { pass, markets, order, driver } = world()
    pass(underlying())
    const { id } = markets()[0]!
    expect(pass(status(id, 3, 600n))).toBe('')
    expect(markets()).toMatchObject([{ status: 3, statusUntilSeconds: driver.timeSeconds + 600n }])
    driver.block(599n)
    expect(markets()).toMatchObject([{ status: 3 }])
    driver.block(1n)
    expect(markets()).toMatchObject([{ status: 1, statusUntilSeconds: 0n }])
    expect(order(id)).toBe('0')
  })

  it('takes no other status, for a year at most', () => {
    const { pass, markets, deliver, hub } = world()
    pass(underlying())
    const { id } = markets()[0]!
    const proposed = (...terms: Parameters<typeof status>) => deliver(a, proposal([status(...terms)]))
    expect(proposed(id + 1n, 3)).toBe('markets/1')
    expect(proposed(0n, 3)).toBe('markets/1')
    for (const number of [0, 4, 5]) expect(proposed(id, number)).toBe('markets/41')
    // Once the end of such a pause fitted no u64, and the block ended in an error that was nobody's.
    expect(proposed(id, 3, (1n << 64n) - 1n)).toBe('markets/41')
    expect(proposed(id, 3, 31_536_001n)).toBe('markets/41')
    expect(proposed(id, 3, 31_536_000n)).toBe('0')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('and its underlying stand in one proposal, all or nothing', () => {
    const { pass, markets, deliver } = world()
    expect(deliver(a, proposal([underlying(), status(2n, 3)]))).toBe('markets/1')
    expect(markets()).toEqual([])
    expect(pass(underlying(), status(1n, 3))).toBe('')
    expect(markets()).toMatchObject([{ id: 1n, status: 3 }])
  })

  it('follows parameters that a vote changes', () => {
    const { pass, markets, order, ask, deliver } = world()
    pass(underlying())
    const change = (name: string, value: string) =>
      Content.fromPartial({ changeParameter: { module: 'markets', name, value } })
    expect(deliver(a, proposal([change('ordersMax', '0')]))).toBe('parameters/2')
    expect(deliver(a, proposal([change('orders', '1')]))).toBe('parameters/1')
    expect(pass(change('ordersMax', '7'), change('gainLockSeconds', '60'))).toBe('')
    const { params } = ask('markets.v1.Query/Params', QueryParamsRequest, QueryParamsResponse, {})
    expect(params).toMatchObject({ ordersMax: 7n, gainLockSeconds: 60n, positionsMax: 200n })
    expect(order(markets()[0]!.id)).toBe('0')
  })
})
