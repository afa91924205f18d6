// A client that has expired, a price that isn't fresh: what stops, and what goes on.
import { describe, expect, it } from 'vitest'
import { message } from './testing/messages.fixture.ts'
import {
  E6,
  E9,
  ETH,
  LINE,
  USD,
  balanceOf,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  portfolio,
  redeem,
  trade,
  transferCash,
  tradingHub,
} from './testing/trading-hub.fixture.ts'
import type { TradingHub } from './testing/trading-hub.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'

const SECOND = 'transfer/07-tendermint-1/uusd'

/** A stable token over two clients, of which the first trusts for 5,000 seconds. */
const twoLines = (limits = {}) =>
  tradingHub({
    limits,
    trustingSeconds: [5_000n, 900_000n],
    lines: [{ client: '07-tendermint-1', denom: SECOND, asset: 'usdz', escrowed: `${20_000n * E6}` }],
  })

/** Time goes by until the first client has expired, and prices are fresh again. */
function expire({ driver }: TradingHub) {
  driver.block(6_000n)
  driver.block()
  driver.block()
}

const types = ({ driver }: TradingHub, secondsLater = 1n) =>
  driver.block(secondsLater).events.map(({ type }) => type)
const cancelAll = ({ address: signer }: Wallet) =>
  message('causeway.markets.v1.MsgCancelAll', { signer, subaccount: 0, market: 0n })

describe('an expired client', () => {
  it('stops conversion of its asset and what leaves over its line, and nothing else', () => {
    const world = twoLines()
    const { driver, maker, taker, broken, replay } = world
    for (const wallet of [maker, taker])
      expect(deliver(driver, wallet, convert(wallet, 1_000n * E6))).toBe('0')
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('0')
    expire(world)
    expect(deliver(driver, taker, convert(taker, E6))).toBe('cash/21')
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('cash/43')
    const out = { holder: taker.address, line: LINE, amount: '1', receiver: 'zone1somebody' }
    expect(deliver(driver, taker, message('causeway.cash.v1.MsgWithdraw', out))).toBe('cash/43')
    expect(deliver(driver, taker, redeem(taker, E6, SECOND))).toBe('0')
    const other = message('causeway.cash.v1.MsgWithdraw', { ...out, line: SECOND })
    expect(deliver(driver, taker, other)).toBe('0')
    expect(deliver(driver, taker, transferCash(taker.address, maker.address, E6))).toBe('0')
    expect([cashOf(driver, taker.address), cashOf(driver, maker.address)]).toEqual([997n * E6, 1_001n * E6])
    const market = perpetual(driver)
    expect(place(driver, maker, order(maker, { market, isBuy: true, sizeE9: E9 / 10n }))).toBe('0')
    expect(broken()).toEqual([])
    expect(replay().at(-1)).toBe(Buffer.from(driver.responses.at(-1)!.appHash).toString('hex'))
  })

  it('holds what waits over its line; it can go to another one, or back to cash', () => {
    const world = twoLines({ outflowFloorE6: `${1_000n * E6}`, outflowBps: '1' })
    const { driver, maker, taker, broken } = world
    for (const wallet of [maker, taker]) {
      expect(deliver(driver, wallet, convert(wallet, 5_000n * E6))).toBe('0')
      expect(deliver(driver, wallet, redeem(wallet, 1_500n * E6))).toBe('0')
    }
    expire(world)
    const before = balanceOf(driver, taker.address, 'usdz')
    const sent = Array.from({ length: 4 }, () => types(world, 3_600n)).flat()
    expect(sent).not.toContain('send_packet')
    driver.block()
    driver.block()
    const name = (of: Wallet, id: bigint) => ({ holder: of.address, id })
    const here = { ...name(maker, 1n), line: LINE, receiver: 'zone1somebody' }
    const redirect = (to: typeof here) => message('causeway.cash.v1.MsgRedirectWithdrawal', to)
    expect(deliver(driver, taker, redirect({ ...here, holder: taker.address, line: SECOND }))).toBe('cash/40')
    expect(deliver(driver, maker, redirect(here))).toBe('cash/43')
    expect(deliver(driver, maker, redirect({ ...here, line: SECOND }))).toBe('0')
    expect(deliver(driver, maker, redirect({ ...here, line: SECOND }))).toBe('cash/40')
    const back = message('causeway.cash.v1.MsgCancelWithdrawal', name(taker, 2n))
    const cash = cashOf(driver, taker.address)
    expect(deliver(driver, taker, back)).toBe('0')
    expect(cashOf(driver, taker.address)).toBeGreaterThan(cash)
    expect(balanceOf(driver, taker.address, 'usdz')).toBe(before)
    expect(broken()).toEqual([])
  })
})

/** A world in which the maker is short, the taker long, and each has an order that rests. */
function trading() {
  const world = tradingHub()
  const { driver, maker, taker } = world
  const market = trade(world)
  const far = { market, sizeE9: E9 }
  const orders = [
    place(driver, maker, order(maker, { ...far, isBuy: false, limitE9: 3_090n * E9 })),
    place(driver, taker, order(taker, { ...far, isBuy: true, limitE9: 2_910n * E9 })),
  ]
  expect(orders).toEqual(['0', '0'])
  return { ...world, market }
}

/** What may be done while an underlying has no fresh price. */
function expectReduceOnly({ driver, maker, taker, market, broken }: ReturnType<typeof trading>) {
  expect(portfolio(driver, taker.address).mode).toBe('reduceOnly')
  expect(deliver(driver, taker, redeem(taker, E6))).toBe('risk/2')
  expect(deliver(driver, taker, transferCash(taker.address, maker.address, E6))).toBe('risk/2')
  expect(place(driver, taker, order(taker, { market, isBuy: true, limitE9: 2_900n * E9 }))).toBe('markets/3')
  expect(place(driver, taker, cancelAll(taker))).toBe('0')
  const reducing = { market, isBuy: false, reduceOnly: true, sizeE9: E9, limitE9: 3_080n * E9 }
  expect(place(driver, taker, order(taker, reducing))).toBe('0')
  expect(broken()).toEqual([])
}

describe('a price that is not fresh', () => {
  it('because none comes: nothing leaves and no risk is added; cancelling and reducing goes on', () => {
    const world = trading()
    const { driver, prices, taker } = world
    prices.delete(ETH)
    for (let i = 0; i < 12; i++) driver.block()
    expectReduceOnly(world)
    prices.set(ETH, 3_000n * E9)
    for (let i = 0; i < 3; i++) driver.block()
    expect(portfolio(driver, taker.address).mode).toBe('free')
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('0')
    expect(world.broken()).toEqual([])
  })

  it('because it has jumped and is held: the same, until blocks agree', () => {
    const world = trading()
    const { driver, prices, taker } = world
    prices.set(ETH, 4_500n * E9)
    driver.block()
    driver.block()
    expect(portfolio(driver, taker.address).mode).toBe('reduceOnly')
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('risk/2')
    for (let i = 0; i < 5; i++) driver.block()
    expect(portfolio(driver, taker.address).mode).toBe('free')
    expect(world.broken()).toEqual([])
  })

  it('of the stable token stops its conversion; cash that no token covers still leaves', () => {
    const world = trading()
    const { driver, prices, maker, taker } = world
    prices.delete(USD)
    for (let i = 0; i < 12; i++) driver.block()
    expect(deliver(driver, taker, convert(taker, E6))).toBe('cash/21')
    // Nothing but cash covers the trade: par is par.
    expect(deliver(driver, taker, redeem(taker, E6))).toBe('0')
    expect(deliver(driver, maker, transferCash(maker.address, taker.address, E6))).toBe('0')
    expect(world.broken()).toEqual([])
  })
})
