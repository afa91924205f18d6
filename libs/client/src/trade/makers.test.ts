// Market makers against a hub that runs: mass quotes, protection, trades by agreement, venue grants.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteText as hubQuoteText } from '../../../../apps/hub/src/modules/markets/quote-text.ts'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import { createSession, sessionWallet } from '../wallets/session.ts'
import { quoteText } from './rfq.ts'
import type { Trader } from './trader.ts'

const [maker, taker] = [testEvmWallet('maker'), testEvmWallet('taker')]
const bot = sessionWallet(createSession().seed)
let hub: TestHub
let makes: Trader
let takes: Trader

beforeAll(async () => {
  hub = await startTestHub({ addresses: [maker.address, taker.address] })
  makes = hub.causeway.trader(maker, { session: bot })
  takes = hub.causeway.trader(taker)
  await Promise.all([makes, takes].map((trader) => trader.convert({ denom: 'usdz', amount: '20000' })))
  await makes.createSession(bot)
})
afterAll(() => hub.stop())

const code = async (action: Promise<unknown>) =>
  await action.then(
    () => 'nothing',
    (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
  )
const level = (price: string) => ({ price, size: '0.5' })
const market = 'ETH-PERP'

describe('a mass quote', () => {
  it('replaces what was quoted, and nothing else', async () => {
    const resting = await makes.order({ market, side: 'buy', size: '0.1', limit: '2800' })
    const first = await makes.massQuote('ETH', [{ market, bid: level('2950'), ask: level('3050') }])
    expect(first.orderIds).toHaveLength(2)
    const second = await makes.massQuote('3', [{ market, ask: level('3040') }])
    expect(second.orderIds).toHaveLength(1)
    const open = await hub.causeway.orders(maker.address)
    expect(open.map(({ orderId, isQuote }) => [orderId, isQuote])).toEqual([
      [resting.orderId, false],
      [second.orderIds[0], true],
    ])
    expect((await makes.massQuote('ETH', [])).orderIds).toEqual([])
    expect((await makes.cancelAll()).count).toBe(1)
  })

  it('that is not on the grid, or of nothing, is not sent', async () => {
    expect(await code(makes.massQuote('DOGE', []))).toBe('client/20')
    expect(await code(makes.massQuote('ETH', [{ market, bid: level('2950.001') }]))).toBe('client/22')
    const many = Array.from({ length: 101 }, () => ({ market, bid: level('2950') }))
    expect(await code(makes.massQuote('ETH', many))).toBe('client/20')
  })

  it('is protected: what fills too much is withdrawn, until it is reset', async () => {
    await makes.setProtection('ETH', { windowSeconds: 60, size: '0.2' })
    await makes.massQuote('ETH', [{ market, bid: level('2990'), ask: level('3010') }])
    const bought = await takes.order({ market, side: 'buy', size: '0.3' })
    expect(bought.filled).toBe('0.3')
    expect(await hub.causeway.orders(maker.address)).toEqual([])
    expect(await hub.causeway.protection(maker.address, 'ETH')).toMatchObject({
      ...{ underlying: 'ETH', windowSeconds: 60, sizeMax: '0.2', isFrozen: true },
      filled: { size: '0.3', vega: '0' },
    })
    expect(await code(makes.massQuote('ETH', [{ market, bid: level('2990') }]))).toBe('markets/13')
    await makes.resetProtection('ETH')
    await makes.massQuote('ETH', [{ market, bid: level('2990') }])
    await makes.setProtection('ETH', { windowSeconds: 0 })
    const none = { ...{ windowSeconds: 0, isFrozen: false }, filled: { size: '0', delta: '0', vega: '0' } }
    expect(await hub.causeway.protection(maker.address, '3')).toEqual({ underlying: 'ETH', ...none })
    expect(await code(hub.causeway.protection(maker.address, 'DOGE'))).toBe('client/20')
    expect(await code(makes.setProtection('ETH', { windowSeconds: 1.5 }))).toBe('client/20')
    expect(await code(makes.setProtection('ETH', { windowSeconds: 1, delta: '-1' }))).toBe('client/20')
    await makes.cancelAll()
  })
})

describe('a trade by agreement', () => {
  const legs = [{ market, takerSide: 'buy', size: '0.4', price: '3005' }] as const

  it('is signed by the maker’s session or wallet, and taken once', async () => {
    const before = Number((await hub.causeway.portfolio(taker.address)).positions[0]!.size)
    const byWallet = hub.causeway.trader(maker)
    for (const trader of [makes, byWallet]) {
      const quote = await trader.signQuote({ legs, taker: taker.address })
      // It travels as JSON.
      const received = JSON.parse(JSON.stringify(quote)) as typeof quote
      await takes.takeQuote(received)
      expect(await code(takes.takeQuote(received))).toBe('markets/23')
    }
    const after = Number((await hub.causeway.portfolio(taker.address)).positions[0]!.size)
    expect(after - before).toBeCloseTo(0.8, 9)
  })

  it('changed by anybody, or for somebody else, is refused', async () => {
    const quote = await makes.signQuote({ legs })
    const cheaper = { ...quote, legs: [{ ...quote.legs[0]!, priceE9: '3000000000000' }] }
    expect(await code(takes.takeQuote(cheaper))).toBe('markets/35')
    expect(await code(makes.takeQuote(quote))).toBe('markets/25')
    const forOther = await makes.signQuote({ legs, taker: maker.address })
    expect(await code(takes.takeQuote(forOther))).toBe('markets/24')
    expect(await code(makes.signQuote({ legs: [] }))).toBe('client/20')
    expect(await code(makes.signQuote({ legs, seconds: 301 }))).toBe('client/20')
    expect(await code(takes.takeQuote({ ...quote, legs: [] }))).toBe('client/20')
    expect(await code(takes.takeQuote({ ...quote, nonce: '-1' }))).toBe('client/20')
    expect(await code(takes.takeQuote({ ...quote, signature: 'zz' }))).toBe('client/20')
    expect(await code(takes.takeQuote({ ...quote, keyType: '9' }))).toBe('client/20')
  })

  it('is signed as the text that the hub makes of it', () => {
    const leg = { market: 7n, isBuy: true, sizeE9: 1n, priceE9: 2n }
    const base = { maker: maker.address, makerSubaccount: 3, expireSeconds: 5n, nonce: 6n }
    for (const quote of [
      { ...base, taker: '', legs: [leg] },
      { ...base, taker: taker.address, legs: [leg, { ...leg, market: 8n, isBuy: false }] },
    ])
      expect(quoteText('causeway-1', quote)).toBe(hubQuoteText('causeway-1', quote))
  })
})

describe('a venue', () => {
  const venue = { client: '07-tendermint-0', venue: `0x${'ab'.repeat(20)}` }

  it('is granted by a wallet, and revoked by it or a session key', async () => {
    const expirySeconds = Math.floor(hub.clock.now() / 1_000) + 86_400
    const limits = { notionalPerDay: '1000', openNotional: '5000', distanceBps: 100, expirySeconds }
    await makes.grantVenue({ ...venue, ...limits, markets: [market] })
    expect(await hub.causeway.venueGrants(maker.address)).toEqual([
      { ...venue, ...limits, markets: [market], clearedOnDay: '0' },
    ])
    expect(await hub.causeway.venueGrants(maker.address, 1)).toEqual([])
    await makes.revokeVenue(venue)
    expect(await hub.causeway.venueGrants(maker.address)).toEqual([])
    expect(await code(makes.revokeVenue(venue))).toBe('markets/32')
    expect(await code(makes.grantVenue({ ...venue, ...limits, venue: '0x1', markets: [] }))).toBe('client/20')
    const session = hub.causeway.trader(bot, { account: maker.address })
    expect(await code(session.grantVenue({ ...venue, ...limits, markets: [market] }))).toBe('client/46')
  })
})
