// Free trade transactions on the hub: for whom, how many, and what a session key may not do.
import { describe, expect, it } from 'vitest'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import {
  E6,
  E9,
  LINE,
  USD_EACH,
  cashOf,
  convert,
  deliver,
  order,
  perpetual,
  place,
  portfolio,
  tradingHub,
} from './testing/trading-hub.fixture.ts'
import { send } from './testing/wallet.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'
import { partsOf, sessionKey, signed } from './testing/wallets.fixture.ts'
import type { Parts } from './testing/wallets.fixture.ts'

/** A hub whose taker has this much cash and nothing else of worth. */
function withEquity(equityE6: bigint) {
  const world = tradingHub()
  const { driver, maker, taker } = world
  const rest = (USD_EACH - equityE6).toString()
  expect(deliver(driver, taker, send(taker.address, maker.address, rest, 'usdz'))).toBe('0')
  expect(deliver(driver, taker, convert(taker, equityE6))).toBe('0')
  return world
}

const small = (wallet: Wallet, market: bigint) =>
  order(wallet, { market, isBuy: true, sizeE9: E9 / 10n, limitE9: 2_990n * E9 })
const cancelAll = ({ address: signer }: Wallet) =>
  message('causeway.markets.v1.MsgCancelAll', { signer, subaccount: 0, market: 0n })

describe('orders without a fee', () => {
  it('are for accounts worth 100 and more, to the last unit', () => {
    const poor = withEquity(100n * E6 - 1n)
    expect(place(poor.driver, poor.taker, small(poor.taker, perpetual(poor.driver)))).toBe('tx/13')
    const rich = withEquity(100n * E6)
    expect(place(rich.driver, rich.taker, small(rich.taker, perpetual(rich.driver)))).toBe('0')
    expect([...poor.broken(), ...rich.broken()]).toEqual([])
  })

  it('in a decided block are refused as in CheckTx, and with a fee anybody may send them', () => {
    const { driver, taker } = withEquity(99n * E6)
    const sequence = driver.timeNanoseconds / 1_000_000n
    const free = taker.sign([small(taker, perpetual(driver))], { gasLimit: 30_000n, fee: [], sequence })
    expect(codeOf(driver.execute(driver.proposal([free])).txResults[1])).toBe('tx/13')
    const fee = [{ denom: 'ucway', amount: '750' }]
    const paid = taker.sign([small(taker, perpetual(driver))], { gasLimit: 30_000n, fee, sequence })
    expect(codeOf(driver.submit(paid))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
  })

  it('that come first stand in a proposal once, several of one account among them', () => {
    const { driver, taker } = withEquity(1_000n * E6)
    const nonce = driver.timeNanoseconds / 1_000_000n
    for (let i = 0n; i < 3n; i++) {
      const options = { gasLimit: 30_000n, fee: [], sequence: nonce + i }
      expect(codeOf(driver.submit(taker.sign([cancelAll(taker)], options)))).toBe('0')
    }
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', '0', '0'])
    expect(driver.mempool).toEqual([])
  })

  it('are 200 at once and 20 a second, in admission and in blocks', () => {
    const { driver, taker, broken } = withEquity(1_000n * E6)
    driver.block(60n)
    let nonce = driver.timeNanoseconds / 1_000_000n
    const sign = () => taker.sign([cancelAll(taker)], { gasLimit: 30_000n, fee: [], sequence: (nonce += 1n) })
    const submitted = (count: number) =>
      Array.from({ length: count }, () => codeOf(driver.submit(sign()))).filter((code) => code === '0').length
    expect(submitted(205)).toBe(200)
    const late = sign()
    const first = driver.block().txResults.slice(1)
    expect(first.filter(({ code }) => code === 0)).toHaveLength(200)
    // A proposer can't exceed it either: one second has given back 20.
    const more = [late, ...Array.from({ length: 24 }, sign)]
    const second = driver.execute(driver.proposal(more)).txResults.slice(1)
    expect(second.map(codeOf)).toEqual([...Array<string>(20).fill('0'), ...Array<string>(5).fill('tx/13')])
    expect(broken()).toEqual([])
  })

  it('end when the worth is gone, ten blocks later at the latest', () => {
    const { driver, maker, taker } = withEquity(150n * E6)
    expect(place(driver, taker, cancelAll(taker))).toBe('0')
    const away = { from: taker.address, to: maker.address, amountE6: `${100n * E6}` }
    expect(deliver(driver, taker, message('causeway.cash.v1.MsgTransferCash', away))).toBe('0')
    for (let i = 0; i < 10; i++) driver.block()
    expect(place(driver, taker, cancelAll(taker))).toBe('tx/13')
  })
})

describe('a session key', () => {
  const bot = sessionKey('hub bot')

  async function withSession() {
    const world = tradingHub()
    const { driver, maker, taker } = world
    const created = message('causeway.accounts.v1.MsgCreateSessionKey', {
      account: maker.address,
      sessionKey: bot.key.bytes,
      expiresSeconds: driver.timeSeconds + 3_600n,
    })
    expect(deliver(driver, maker, created)).toBe('0')
    for (const wallet of [maker, taker])
      expect(deliver(driver, wallet, convert(wallet, 10_000n * E6))).toBe('0')
    const act = async (messages: Parts['messages'], changes: Partial<Parts>) =>
      signed(bot, partsOf(maker.address, messages, changes))
    const now = () => driver.timeNanoseconds / 1_000_000n
    return { ...world, act, now }
  }

  it('places orders that fill, for the account', async () => {
    const { driver, maker, taker, act, now, broken, replay } = await withSession()
    const market = perpetual(driver)
    const free = { isTrade: true, fee: undefined, gasLimit: 30_000n }
    const sold = await act([order(maker, { market, isBuy: false })], { ...free, sequence: now() })
    expect(codeOf(driver.submit(sold))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0'])
    expect(place(driver, taker, order(taker, { market, isBuy: true }))).toBe('0')
    expect(portfolio(driver, maker.address).positions).toMatchObject([{ market, sizeE9: `${-2n * E9}` }])
    expect(codeOf(driver.submit(sold))).not.toBe('0')
    expect(broken()).toEqual([])
    expect(replay().at(-1)).toBe(Buffer.from(driver.responses.at(-1)!.appHash).toString('hex'))
  })

  it('pays the least fee and not more: it can’t give its account’s money away', async () => {
    const { driver, maker, act, now } = await withSession()
    const paying = (amount: string) =>
      act([cancelAll(maker)], {
        isTrade: true,
        gasLimit: 30_000n,
        sequence: now(),
        fee: { denom: 'ucway', amount },
      })
    expect(codeOf(driver.submit(await paying('751')))).toBe('tx/105')
    expect(codeOf(driver.execute(driver.proposal([await paying('751')])).txResults[1])).toBe('tx/105')
    expect(codeOf(driver.submit(await paying('750')))).toBe('0')
  })

  it('moves nothing out, lets nobody in and opens nothing', async () => {
    const { driver, maker, taker, act, now } = await withSession()
    const [holder, to] = [maker.address, taker.address]
    const out = { holder, line: LINE, receiver: 'zone1thief' }
    const before = cashOf(driver, holder)
    const forbidden = [
      message('causeway.cash.v1.MsgWithdraw', { ...out, amount: '1' }),
      message('causeway.cash.v1.MsgRedeem', { ...out, amountE6: '1' }),
      message('causeway.cash.v1.MsgTransferCash', { from: holder, to, amountE6: '1' }),
      message('causeway.cash.v1.MsgRedirectWithdrawal', { ...out, id: 1n }),
      message('causeway.cash.v1.MsgCancelWithdrawal', { holder, id: 1n }),
      convert(maker, E6),
      send(holder, to, '1', 'usdz'),
      message('causeway.risk.v1.MsgOpenIsolated', { holder: `${holder}/3` }),
      message('causeway.markets.v1.MsgGrantVenue', {
        signer: holder,
        subaccount: 0,
        client: '07-tendermint-0',
        sender: new Uint8Array(20).fill(1),
        markets: [perpetual(driver)],
        notionalMaxE6PerDay: E6,
        openNotionalMaxE6: E6,
        distanceMaxBps: 100,
        expirySeconds: driver.timeSeconds + 60n,
      }),
      message('causeway.accounts.v1.MsgLinkWallet', {
        account: holder,
        walletKey: undefined,
        walletSignMode: 1,
        walletSignature: new Uint8Array(64),
        expiresSeconds: driver.timeSeconds + 60n,
      }),
    ]
    for (const act1 of forbidden) {
      const paid = await act([act1], { sequence: maker.sequence })
      const nonce = await act([act1], { sequence: now(), fee: undefined })
      const codes = [paid, nonce].map((tx) => codeOf(driver.execute(driver.proposal([tx])).txResults[1]))
      expect([act1.typeUrl, ...codes]).toEqual([act1.typeUrl, 'tx/105', 'tx/105'])
    }
    // Nor beside an order.
    const free = { isTrade: true, fee: undefined, gasLimit: 60_000n, sequence: now() }
    const both = await act([cancelAll(maker), forbidden[1]!], free)
    expect(codeOf(driver.submit(both))).toBe('tx/104')
    expect(cashOf(driver, holder)).toBe(before)
  })
})
