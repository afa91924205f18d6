// Funds by market group, what queries answer, and what a genesis keeps.
import {
  QueryDeficitsRequest,
  QueryDeficitsResponse,
  QueryFundsResponse,
  QueryQueueRequest,
  QueryQueueResponse,
  QueryRanksRequest,
  QueryRanksResponse,
} from '@causeway/protocol/causeway/insurance/v1/query'
import { describe, expect, it } from 'vitest'
import { exportState } from '../../block/inspect.ts'
import { refusal } from '../../testing/refusal.fixture.ts'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { E6, E9, ETH, transferCash } from '../../testing/trading-hub.fixture.ts'
import { exportGenesis, initGenesis } from './genesis.ts'
import { FUND, gapAndResolve, insuredHub } from './insured-hub.fixture.ts'
import type { InsuredHub } from './insured-hub.fixture.ts'
import { INSURANCE_STORE, ensureFund, findFund, funds } from './state.ts'

const NAMES = ['long', 'short', 'bold', 'rich'] as const
const EMPTY = new Uint8Array(0)
const PATH = '/causeway.insurance.v1.Query/'

function fundsOf({ driver }: InsuredHub) {
  return QueryFundsResponse.decode(driver.query(`${PATH}Funds`, EMPTY).value)
}

function trade(world: InsuredHub) {
  const market = world.perpetual()
  const { address } = world.of('bold')
  expect(world.act('bold', transferCash(address, `${address}/9`, 10_000n * E6))).toBe('0')
  for (const name of ['short', 'bold'])
    expect(world.order(name, { market, isBuy: false, sizeE9: 10n * E9 })).toBe('0')
  expect(world.order('long', { market, isBuy: true, sizeE9: 20n * E9 })).toBe('0')
  return market
}

describe('funds', () => {
  it('of a group come to be with what they take in, and pay before the common one', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 5_000n * E6)
    trade(world)
    expect(fundsOf(world)).toMatchObject({
      funds: [{ group: 0n, holder: FUND, cashE6: `${5_000n * E6}` }],
      availableE6: `${5_000n * E6}`,
    })
    const { insurance } = world.trading
    world.atEnd((context) => insurance.receive(context, world.holder('long'), 100n * E6, 'liquidation'))
    expect(world.events('causeway.insurance.v1.fund')).toEqual([
      expect.objectContaining({ group: `${ETH}`, reason: 'liquidation', amount_e6: `${100n * E6}` }),
    ])
    expect(fundsOf(world).funds[1]).toEqual({
      ...{ group: ETH, underlyings: [ETH], holder: `${FUND}/1`, cashE6: `${100n * E6}` },
    })
    const shares = world.atEnd((context) => insurance.shares(context, world.holder('long')))
    expect(shares).toEqual([expect.objectContaining({ group: ETH })])
    const paid = world.atEnd((context) =>
      insurance.pay(context, world.holder('short'), 150n * E6, 'bid', shares),
    )
    expect(paid).toBe(150n * E6)
    expect([world.fund(1), world.fund()]).toEqual([0n, 4_950n * E6])
    expect(world.broken()).toEqual([])
  })

  it('pay no more than they have, and nothing for nothing', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 10n * E6)
    const { insurance } = world.trading
    const pay = (amountE6: bigint) =>
      world.atEnd((context) => insurance.pay(context, world.holder('short'), amountE6, 'bid'))
    expect(pay(0n)).toBe(0n)
    expect(pay(25n * E6)).toBe(10n * E6)
    expect(pay(25n * E6)).toBe(0n)
    expect(world.broken()).toEqual([])
  })

  it('get whatever anybody sends to them', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 7n * E6, 1)
    expect(fundsOf(world).funds).toHaveLength(1)
    trade(world)
    const { insurance } = world.trading
    world.atEnd((context) => insurance.receive(context, world.holder('long'), E6, 'liquidation'))
    expect(fundsOf(world).funds[1]!.cashE6).toBe(`${8n * E6}`)
  })

  it('are numbered one by one', () => {
    const store = memoryContext([INSURANCE_STORE]).store(INSURANCE_STORE)
    expect([7n, 3n, 7n, 5n].map((group) => ensureFund(store, group))).toEqual([1, 2, 1, 3])
    expect(funds(store).map(({ group }) => group)).toEqual([3n, 5n, 7n])
    expect(findFund(store, 4n)).toBeUndefined()
  })
})

describe('queries', () => {
  it('show the queue, in the order in which it is closed, and everybody’s place', () => {
    const world = insuredHub(NAMES)
    const market = trade(world)
    world.prices.set(ETH, 2_900n * E9)
    world.blocks(2)
    const { driver } = world
    const queue = (terms: Partial<QueryQueueRequest>) => {
      const data = QueryQueueRequest.encode(QueryQueueRequest.fromPartial({ market, ...terms })).finish()
      return QueryQueueResponse.decode(driver.query(`${PATH}Queue`, data).value)
    }
    const shorts = queue({ isLong: false })
    expect(shorts.count).toBe(2)
    expect(shorts.places.map(({ holder }) => holder)).toEqual([
      world.of('bold').address,
      world.of('short').address,
    ])
    expect(shorts.places.every(({ rankE6 }) => BigInt(rankE6) > 0n)).toBe(true)
    expect(queue({ isLong: false, offset: 1, limit: 1 }).places).toEqual(shorts.places.slice(1))
    expect(queue({ isLong: true }).places).toMatchObject([
      {
        holder: world.of('long').address,
        sizeE9: `${20n * E9}`,
        rankE6: expect.stringMatching(/^-/) as string,
      },
    ])
    const ranks = (name: string) => {
      const data = QueryRanksRequest.encode({ holder: world.of(name).address }).finish()
      return QueryRanksResponse.decode(driver.query(`${PATH}Ranks`, data).value).ranks
    }
    expect(ranks('short')).toMatchObject([{ market, sizeE9: `${-10n * E9}`, place: 2, count: 2 }])
    expect(ranks('bold')).toMatchObject([{ place: 1, rankE6: shorts.places[0]!.rankE6 }])
    expect(ranks('rich')).toEqual([])
    const data = QueryQueueRequest.encode(QueryQueueRequest.fromPartial({ market: 999n })).finish()
    expect(driver.query(`${PATH}Queue`, data)).toMatchObject({ codespace: 'insurance', code: 2 })
  })

  it('show who lacks how much, and until when nothing leaves', () => {
    const world = insuredHub(NAMES)
    trade(world)
    const deficits = () => {
      const data = QueryDeficitsRequest.encode({}).finish()
      return QueryDeficitsResponse.decode(world.driver.query(`${PATH}Deficits`, data).value)
    }
    expect(deficits()).toMatchObject({ deficits: [], totalE6: '0', paused: false, untilSeconds: 0n })
    world.prices.set(ETH, 1_900n * E9)
    world.blocks(5)
    const since = world.driver.timeSeconds
    const shown = deficits()
    expect(shown).toMatchObject({ availableE6: '0', paused: true, sinceSeconds: since })
    expect(shown.untilSeconds).toBe(since + 86_400n)
    expect(shown.deficits).toEqual([{ holder: world.of('long').address, deficitE6: shown.totalE6 }])
    expect(BigInt(shown.totalE6)).toBe(-BigInt(world.folio('long').equityE6))
  })
})

describe('a genesis', () => {
  const context = () => memoryContext([INSURANCE_STORE])
  const begun = (state: unknown) => {
    const fresh = context()
    initGenesis(fresh, state)
    return fresh
  }

  it('keeps funds, pause and parameters', () => {
    for (const state of [
      undefined,
      { params: { pauseSecondsMax: '60' } },
      {
        params: { pauseSecondsMax: '86400' },
        funds: [
          { group: '3', subaccount: 2 },
          { group: '9', subaccount: 1 },
        ],
        pause: { sinceHeight: '5', sinceSeconds: '1700000000' },
      },
    ]) {
      const exported = exportGenesis(begun(state))
      expect(exported).toEqual({ funds: [], params: { pauseSecondsMax: '86400' }, ...state })
      expect(exportGenesis(begun(JSON.parse(JSON.stringify(exported))))).toEqual(exported)
    }
  })

  it('is refused where funds contradict one another', () => {
    const listed = (...list: readonly [string, number][]) =>
      refusal(() => begun({ funds: list.map(([group, subaccount]) => ({ group, subaccount })) }))
    expect(listed(['3', 1], ['3', 2])).toBe('genesis/2')
    expect(listed(['3', 1], ['4', 1])).toBe('genesis/2')
    expect(listed(['3', 2])).toBe('genesis/2')
    expect(listed(['3', 0])).toBe('genesis/2')
    expect(refusal(() => begun({ params: { pauseSecondsMax: '86401' } }))).toBe('genesis/2')
    expect(refusal(() => begun({ other: 1 }))).toBe('genesis/2')
  })

  it('of an export goes on where the first chain stood: with a pause, a deficit and a fund', () => {
    const world = insuredHub(NAMES)
    world.insure('rich', 100n * E6)
    trade(world)
    world.atEnd((c) => world.trading.insurance.receive(c, world.holder('long'), 50n * E6, 'liquidation'))
    world.prices.set(ETH, 1_900n * E9)
    world.blocks(5)
    const state = exportState(world.hub.chain)
    const { timeNanoseconds } = world.driver
    const copy = insuredHub(NAMES, { of: { state, timeNanoseconds } })
    copy.prices.set(ETH, 1_900n * E9)
    expect(copy.trading.insurance.isPaused(copy.hub.chain.readLatest())).toBe(true)
    expect(copy.hub.chain.readLatest().timeSeconds).toBe(world.driver.timeSeconds)
    for (const each of [world, copy]) each.blocks(2)
    const resolve = (each: InsuredHub) => gapAndResolve(each, 'long', 1_900n * E9)
    expect([resolve(world), resolve(copy)]).toEqual([true, true])
    // A chain’s first block accrues no interest
    for (const name of NAMES) {
      const off = copy.cash(name) - world.cash(name)
      expect(off >= -9n && off <= 9n).toBe(true)
    }
    expect(fundsOf(copy).funds).toEqual(fundsOf(world).funds)
    expect([...world.broken(), ...copy.broken()]).toEqual([])
  })
})
