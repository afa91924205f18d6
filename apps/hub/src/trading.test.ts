// The hub whole: collateral becomes cash, orders cross, positions and cash change, margins are those of
// libs/margin, who falls below maintenance is marked, and a second node agrees on every hash.
import { evaluate, readRiskModel } from '@causeway/margin'
import { toHex } from '@causeway/primitives'
import { QueryWhatIfRequest, QueryWhatIfResponse } from '@causeway/protocol/causeway/risk/v1/query'
import { describe, expect, it } from 'vitest'
import { brokenInvariants } from './block/inspect.ts'
import { message } from './testing/messages.fixture.ts'
import {
  E6,
  E9,
  ETH,
  convert,
  deliver,
  portfolio,
  redeem,
  trade,
  tradingHub,
} from './testing/trading-hub.fixture.ts'

describe('a trade', () => {
  it('changes positions and cash, and margins are libs/margin’s', () => {
    const world = tradingHub()
    const { driver, hub, maker, taker } = world
    const market = trade(world)
    const [short, long] = [portfolio(driver, maker.address), portfolio(driver, taker.address)]
    expect([short, long].map(({ positions }) => positions.map(({ sizeE9 }) => sizeE9))).toEqual([
      [`${-2n * E9}`],
      [`${2n * E9}`],
    ])
    for (const {
      positions,
      cashE6,
      initialMarginE6,
      maintenanceMarginE6,
      mode,
      initialMarginWithOrdersE6,
    } of [short, long]) {
      const { markE9, sizeE9, quoteE6, unsettledE6 } = positions[0]!
      const perp = { price: Number(markE9) / 1e9, confidence: 10n ** 18n }
      const { initialMarginE6: initial, maintenanceMarginE6: maintenance } = evaluate(
        readRiskModel('pm2'),
        {
          timeSeconds: 0,
          stablePrice: 10n ** 18n,
          underlyings: [{ name: '3', spot: 3_000, spotConfidence: 10n ** 18n, perp, expiries: [] }],
          assets: [],
        },
        {
          cash: Number(cashE6) / 1e6,
          perps: [
            {
              underlying: '3',
              size: Number(sizeE9) / 1e9,
              quote: Number(quoteE6) / 1e6,
              unsettled: Number(unsettledE6) / 1e6,
            },
          ],
        },
      )
      expect([initialMarginE6, maintenanceMarginE6]).toEqual([`${initial}`, `${maintenance}`])
      expect([mode, initialMarginWithOrdersE6]).toEqual(['free', initialMarginE6])
    }
    // The taker has paid 0.05 % of 6,000, the maker rested: 0.02 %.
    const fees = 40_000n * E6 - BigInt(short.cashE6) - BigInt(long.cashE6)
    expect(fees >= (6_000n * E6 * 7n) / 10_000n).toBe(true)
    expect(market).toBe(long.positions[0]!.market)
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('is explained to the last micro-cash, and what another would change is told before', () => {
    const world = tradingHub()
    const { driver, taker } = world
    const market = trade(world)
    const { details, initialRequirementE6 } = portfolio(driver, taker.address, true)
    const { explanation, greeks } = JSON.parse(details) as {
      explanation: { initial: { contributions: { amountE6: string }[] } }
      greeks: { account: { deltaCash: number } }
    }
    const sum = explanation.initial.contributions.reduce(
      (total, { amountE6 }) => total + BigInt(amountE6),
      0n,
    )
    expect(sum).toBe(BigInt(initialRequirementE6))
    expect(greeks.account.deltaCash).toBeGreaterThan(5_000)
    const trades = [{ market, size: `${-2n * E9}`, priceE9: 0n }]
    const asked = QueryWhatIfRequest.encode({ account: taker.address, trades }).finish()
    const { before, after } = QueryWhatIfResponse.decode(
      driver.query('/causeway.risk.v1.Query/WhatIf', asked).value,
    )
    expect(before!.initialRequirementE6).toBe(initialRequirementE6)
    // Nothing is left to require, but for what rounding takes.
    expect(BigInt(after!.initialRequirementE6)).toBeLessThan(100n)
    const bad = QueryWhatIfRequest.encode({ account: taker.address, trades: [{ ...trades[0]!, size: '0' }] })
    expect(driver.query('/causeway.risk.v1.Query/WhatIf', bad.finish()).log).toContain('expected a size')
  })

  it('leaves what it needs where it is: redemption, sending and fees', () => {
    const world = tradingHub()
    const { driver, hub, taker } = world
    trade(world)
    const { cashE6, initialMarginE6 } = portfolio(driver, taker.address)
    // What it has gained in the last ten minutes is locked; all else may go but what margin needs.
    expect(deliver(driver, taker, redeem(taker, BigInt(cashE6)))).toBe('risk/1')
    expect(deliver(driver, taker, redeem(taker, BigInt(initialMarginE6) - 200n * E6))).toBe('0')
    expect(BigInt(portfolio(driver, taker.address).initialMarginE6)).toBeLessThan(210n * E6)
    expect(deliver(driver, taker, redeem(taker, E6), 30n)).toBe('risk/2')
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that turns bad marks its account, until it is good again', () => {
    const world = tradingHub()
    const { driver, prices, taker } = world
    trade(world)
    const { initialMarginE6 } = portfolio(driver, taker.address)
    expect(deliver(driver, taker, redeem(taker, BigInt(initialMarginE6) - 100n * E6))).toBe('0')
    const events = []
    for (const price of [2_900n, 2_800n, 2_700n, 2_600n]) {
      prices.set(ETH, price * E9)
      for (let i = 0; i < 2; i++) events.push(...driver.block().events)
    }
    const levels = events
      .filter(({ type }) => type === 'causeway.risk.v1.margin_level')
      .map(({ attributes }) => attributes.find(({ key }) => key === 'level')!.value)
    expect(levels.at(-1)).toBe('below')
    expect(new Set(levels).size).toBe(levels.length)
    expect(portfolio(driver, taker.address).belowMaintenance).toBe(true)
    for (const price of [2_700n, 2_800n, 2_900n, 3_000n, 3_100n]) {
      prices.set(ETH, price * E9)
      for (let i = 0; i < 2; i++) driver.block()
    }
    expect(portfolio(driver, taker.address).belowMaintenance).toBe(false)
    expect(world.replay().at(-1)).toBe(toHex(world.hub.chain.stores.appHash()))
  })

  it('is the same on a node that replays the blocks', () => {
    const world = tradingHub()
    const { driver, hub, prices, maker, taker } = world
    trade(world)
    prices.set(ETH, 3_050n * E9)
    for (let i = 0; i < 5; i++) driver.block(600n)
    deliver(driver, taker, redeem(taker, 1_000n * E6))
    deliver(driver, maker, redeem(maker, 1_000n * E6))
    expect(brokenInvariants(hub.chain)).toEqual([])
    expect(world.replay().at(-1)).toBe(toHex(hub.chain.stores.appHash()))
  })
})

describe('an isolated subaccount', () => {
  it('is opened empty, once, and not the account itself', () => {
    const { driver, maker } = tradingHub()
    const open = (holder: string) =>
      deliver(driver, maker, message('causeway.risk.v1.MsgOpenIsolated', { holder }))
    expect(open(`${maker.address}/3`)).toBe('0')
    expect(open(`${maker.address}/3`)).toBe('risk/5')
    expect(open(maker.address)).toBe('risk/5')
    expect(portfolio(driver, `${maker.address}/3`).isolated).toBe(true)
    expect(portfolio(driver, maker.address).isolated).toBe(false)
  })
})

describe('a line’s window', () => {
  it('makes a redemption wait, and sends it as the hour goes by', () => {
    const { driver, hub, maker, taker, replay } = tradingHub({
      limits: { outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' },
    })
    for (const wallet of [maker, taker])
      expect(deliver(driver, wallet, convert(wallet, 20_000n * E6))).toBe('0')
    expect(deliver(driver, maker, redeem(maker, 800n * E6))).toBe('0')
    expect(deliver(driver, taker, redeem(taker, 700n * E6))).toBe('0')
    expect(brokenInvariants(hub.chain)).toEqual([])
    const types = (secondsLater: bigint) => driver.block(secondsLater).events.map(({ type }) => type)
    expect(types(1n)).toContain('send_packet')
    expect(types(600n)).not.toContain('send_packet')
    expect(types(3_600n)).toContain('send_packet')
    expect(brokenInvariants(hub.chain)).toEqual([])
    expect(replay().at(-1)).toBe(toHex(hub.chain.stores.appHash()))
  })
})
