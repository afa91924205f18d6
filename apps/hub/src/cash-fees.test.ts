// Fees in cash over the whole hub: taken to the last unit, and never what margin needs.
import { describe, expect, it } from 'vitest'
import { FEE_COLLECTOR } from './named-accounts.ts'
import { createAddressCodec } from './identifiers.ts'
import { cashOwed } from './testing/debts.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { E6, cashOf, convert, deliver, portfolio, trade, tradingHub } from './testing/trading-hub.fixture.ts'
import type { TradingHub, TradingHubOptions } from './testing/trading-hub.fixture.ts'
import { send } from './testing/wallet.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'

const collector = createAddressCodec('cway').encodeHolder(FEE_COLLECTOR)
/** What 200,000 gas cost at the price of genesis. */
const LEAST = 5_000n

const hub = (options: TradingHubOptions = {}) => tradingHub({ cashGasPriceE9: 25_000_000n, ...options })

/** A transaction that costs its signer nothing but this fee. */
const paying = (wallet: Wallet, amount: bigint, denom = 'cash') =>
  wallet.sign([send(wallet.address, `${wallet.address}/1`, '1')], {
    fee: [{ denom, amount: amount.toString() }],
    sequence: wallet.sequence,
  })

/** The code of CheckTx, and of a decided block. */
function judge({ driver }: TradingHub, tx: Uint8Array) {
  const checked = codeOf(driver.application.checkTx({ tx, type: 0 }))
  const result = driver.execute(driver.proposal([tx])).txResults[1]
  return { codes: [checked, codeOf(result)], events: result?.events.map(({ type }) => type) ?? [] }
}

describe('a fee in cash', () => {
  it('is taken to the last unit, and goes to the fee collector', () => {
    const world = hub()
    const { driver, taker, broken } = world
    expect(deliver(driver, taker, convert(taker, LEAST + 1n))).toBe('0')
    expect(judge(world, paying(taker, LEAST + 2n)).codes).toEqual(['tx/5', 'tx/5'])
    expect(judge(world, paying(taker, LEAST + 1n)).codes).toEqual(['0', '0'])
    expect([cashOf(driver, taker.address), cashOf(driver, collector)]).toEqual([0n, LEAST + 1n])
    expect(broken()).toEqual([])
  })

  it('is at least what genesis asks for, and one of the denominations that it names', () => {
    const world = hub()
    const { driver, taker } = world
    expect(deliver(driver, taker, convert(taker, E6))).toBe('0')
    expect(judge(world, paying(taker, LEAST - 1n)).codes).toEqual(['tx/13', 'tx/13'])
    expect(judge(world, paying(taker, LEAST, 'usdz')).codes).toEqual(['tx/13', 'tx/13'])
    const unnamed = tradingHub()
    expect(deliver(unnamed.driver, unnamed.taker, convert(unnamed.taker, E6))).toBe('0')
    expect(judge(unnamed, paying(unnamed.taker, LEAST)).codes).toEqual(['tx/13', 'tx/13'])
  })

  it('that margin needs is refused, takes nothing and tells nothing', () => {
    const world = hub()
    const { driver, taker, broken } = world
    trade(world)
    const { initialMarginE6 } = portfolio(driver, taker.address)
    const before = cashOf(driver, taker.address)
    expect(judge(world, paying(taker, BigInt(initialMarginE6) + 50n * E6))).toEqual({
      codes: ['risk/1', 'risk/1'],
      events: [],
    })
    expect([cashOf(driver, taker.address), cashOf(driver, collector) > 0n]).toEqual([before, true])
    const tx = paying(taker, BigInt(initialMarginE6) - 50n * E6)
    expect(judge(world, tx).codes).toEqual(['0', '0'])
    expect(BigInt(portfolio(driver, taker.address).initialMarginE6)).toBeLessThan(60n * E6)
    expect(broken()).toEqual([])
  })

  it('of one who owes cash is refused: its debt grows by nothing but trading', () => {
    const owing = { maker: tradingHub().maker.address }
    const world = hub({ genesis: { cash: { assets: [{ asset: '2' }], ...cashOwed({ [owing.maker]: E6 }) } } })
    const { driver, maker, broken } = world
    expect(cashOf(driver, maker.address)).toBeLessThan(0n)
    expect(judge(world, paying(maker, LEAST)).codes).toEqual(['tx/5', 'tx/5'])
    expect(judge(world, paying(maker, LEAST, 'ucway')).codes).toEqual(['0', '0'])
    expect(broken()).toEqual([])
  })

  it('is counted with those before it in the mempool', () => {
    const { driver, taker, broken } = hub()
    expect(deliver(driver, taker, convert(taker, 3n * LEAST))).toBe('0')
    const submit = (amount: bigint) => {
      const code = codeOf(driver.submit(paying(taker, amount)))
      if (code === '0') taker.sequence++
      return code
    }
    expect([submit(2n * LEAST), submit(LEAST + 1n), submit(LEAST), submit(LEAST)]).toEqual([
      '0',
      'tx/5',
      '0',
      'tx/5',
    ])
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', '0'])
    expect(cashOf(driver, taker.address)).toBe(0n)
    expect(broken()).toEqual([])
  })

  it('of margin is counted so, too, and a node that replays agrees', () => {
    const world = hub()
    const { driver, taker } = world
    trade(world)
    const half = BigInt(portfolio(driver, taker.address).initialMarginE6) / 2n
    expect(codeOf(driver.submit(paying(taker, half)))).toBe('0')
    taker.sequence++
    expect(codeOf(driver.submit(paying(taker, half + 50n * E6)))).toBe('risk/1')
    expect(codeOf(driver.submit(paying(taker, half - 50n * E6)))).toBe('0')
    expect(driver.block().txResults.map(codeOf)).toEqual(['0', '0', '0'])
    expect(world.replay()).toEqual(
      driver.responses.map(({ appHash }) => Buffer.from(appHash).toString('hex')),
    )
  })
})
