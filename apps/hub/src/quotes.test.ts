// Quotes between two accounts of a whole hub: what makers' wallets and session keys sign, and when it holds.
import { toHex } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { packSigningKey } from '@causeway/protocol'
import { MsgCreateSessionKey, MsgRevokeSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import { QueryCashRequest, QueryCashResponse } from '@causeway/protocol/causeway/cash/v1/query'
import { MsgConvert, MsgRedeem } from '@causeway/protocol/causeway/cash/v1/tx'
import {
  QueryMarketRequest,
  QueryMarketResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import { MsgExecuteRfq } from '@causeway/protocol/causeway/markets/v1/tx'
import type { RfqQuote } from '@causeway/protocol/causeway/markets/v1/tx'
import { beforeEach, describe, expect, it } from 'vitest'
import { brokenInvariants, exportState } from './block/inspect.ts'
import { quoteText } from './modules/markets/quote-text.ts'
import { clientEntries } from './testing/client-entries.fixture.ts'
import { hubGenesis, testHub } from './testing/hub.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import { order } from './testing/trading-hub.fixture.ts'
import { Wallet } from './testing/wallet.fixture.ts'
import { evmWallet, partsOf, sessionKey, signed, solanaWallet } from './testing/wallets.fixture.ts'
import type { TestWallet } from './testing/wallets.fixture.ts'

const E6 = 1_000_000n
const E9 = 1_000_000_000n
const [USD, ETH, BTC] = [2n, 3n, 4n]
const LINE = 'transfer/07-tendermint-0/uusd'
const maker = evmWallet('quotes maker')
const session = sessionKey('quotes program')

const listed = (asset: bigint, name: string) => ({
  asset: asset.toString(),
  name,
  tier: 1,
  perpetual: { tickE9: '10000000', lotE9: '100000000' },
  ownerCapE9: `${1_000_000n * E9}`,
  openInterestCapE9: `${10_000_000n * E9}`,
  openNotionalLowerE6: `${10n ** 15n}`,
  openNotionalUpperE6: `${10n ** 16n}`,
})

/** A maker with an EVM wallet and a taker with a Cosmos one, each with 20,000 cash, on ETH and BTC. */
async function setUp() {
  const taker = new Wallet('quotes taker')
  const holders = [taker.address, maker.address]
  const prices = new Map([
    [USD, E9],
    [ETH, 3_000n * E9],
    [BTC, 50_000n * E9],
  ])
  const genesis = hubGenesis([taker], {
    ibc: clientEntries(),
    ledger: {
      zone: 0,
      assets: [
        { denom: 'ucway', decimals: 6, native: true },
        { denom: 'usdz', decimals: 6, native: false },
        { denom: 'eth', decimals: 18, native: false },
        { denom: 'btc', decimals: 8, native: false },
      ],
      lines: [{ client: '07-tendermint-0', denom: LINE, asset: 'usdz', escrowed: `${40_000n * E6}` }],
      balances: [
        ...holders.map((holder) => ({ holder, denom: 'ucway', amount: '1000000000' })),
        ...holders.map((holder) => ({ holder, denom: 'usdz', amount: `${20_000n * E6}` })),
      ],
    },
    oracle: {
      feeds: ['USDZ', 'ETH', 'BTC'].map((symbol, i) => ({ asset: (USD + BigInt(i)).toString(), symbol })),
    },
    cash: { assets: [{ asset: USD.toString() }] },
    markets: { underlyings: [listed(ETH, 'ETH'), listed(BTC, 'BTC')] },
  })
  const priceSource = (_: bigint, publishTimeSeconds: bigint) =>
    [...prices].map(([asset, priceE9]) => ({ asset, priceE9, publishTimeSeconds }))
  const { driver, hub } = testHub([taker], { priceSource }, genesis)
  let sequence = 0n
  /** A transaction of the maker's wallet in a block of its own. */
  const byMaker = async (message: Any, seconds = 1n) => {
    const fee = { denom: 'ucway', amount: '50000' }
    const parts = { accountNumber: 2n, sequence: sequence++, gasLimit: 2_000_000n, fee }
    expect(codeOf(driver.submit(await signed(maker, partsOf(maker.address, [message], parts))))).toBe('0')
    return codeOf(driver.block(seconds).txResults.at(-1))
  }
  driver.block()
  driver.block()
  expect(await byMaker(convert(maker.address))).toBe('0')
  const fee = { gasLimit: 2_000_000n, fee: [{ denom: 'ucway', amount: '50000' }] }
  driver.submit(taker.sign([convert(taker.address)], fee))
  expect(codeOf(driver.block().txResults.at(-1))).toBe('0')
  return { driver, hub, taker, byMaker, priceSource }
}

const convert = (holder: string): Any => ({
  typeUrl: '/causeway.cash.v1.MsgConvert',
  value: MsgConvert.encode({ holder, denom: 'usdz', amount: `${20_000n * E6}` }).finish(),
})
const redeem = (amountE6: bigint): Any => ({
  typeUrl: '/causeway.cash.v1.MsgRedeem',
  value: MsgRedeem.encode({
    holder: maker.address,
    line: LINE,
    amountE6: amountE6.toString(),
    receiver: 'zone1somebody',
  }).finish(),
})
const openSession = (expiresSeconds: bigint): Any => ({
  typeUrl: '/causeway.accounts.v1.MsgCreateSessionKey',
  value: MsgCreateSessionKey.encode({
    account: maker.address,
    sessionKey: session.key.bytes,
    expiresSeconds,
  }).finish(),
})

let world: Awaited<ReturnType<typeof setUp>>
beforeEach(async () => {
  world = await setUp()
})

function marketId(symbol: string): bigint {
  const data = QueryMarketRequest.encode({ id: 0n, symbol }).finish()
  return QueryMarketResponse.decode(world.driver.query('/causeway.markets.v1.Query/Market', data).value)
    .market!.market!.id
}

function positions(account: string) {
  const data = QueryPositionsRequest.encode({ account }).finish()
  const { value } = world.driver.query('/causeway.markets.v1.Query/Positions', data)
  return QueryPositionsResponse.decode(value).positions.map(({ symbol, sizeE9 }) => [symbol, sizeE9])
}

function cash(holder: string) {
  const { value } = world.driver.query(
    '/causeway.cash.v1.Query/Cash',
    QueryCashRequest.encode({ holder }).finish(),
  )
  const { balanceE6, lockedE6 } = QueryCashResponse.decode(value)
  return { balanceE6: BigInt(balanceE6), lockedE6: BigInt(lockedE6) }
}

/** Legs in the taker's terms: a size below nothing is sold. */
function quoteOf(legs: readonly [string, number, number][], changes: Partial<RfqQuote> = {}): RfqQuote {
  const quoted = legs.map(([symbol, size, price]) => ({
    market: marketId(symbol),
    isBuy: size > 0,
    sizeE9: BigInt(Math.round(Math.abs(size) * 1e9)),
    priceE9: BigInt(price) * E9,
  }))
  const { address } = maker
  const common = { maker: address, makerSubaccount: 0, taker: '', legs: quoted, nonce: 1n }
  return { ...common, expireSeconds: world.driver.timeSeconds + 60n, ...changes }
}

/** The taker takes what this wallet or session key has signed; the code. */
async function take(
  quote: RfqQuote,
  {
    by = maker,
    chainId = 'causeway-1',
    ...changes
  }: Partial<MsgExecuteRfq> & {
    by?: TestWallet
    chainId?: string
  } = {},
): Promise<string> {
  const { driver, taker } = world
  const message = MsgExecuteRfq.fromPartial({
    signer: taker.address,
    quote,
    makerPublicKey: packSigningKey(by.key),
    makerSignMode: by.key.type === 'session' ? 0 : by.mode,
    makerSignature: await by.signText(quoteText(chainId, quote)),
    ...changes,
  })
  const any = { typeUrl: '/causeway.markets.v1.MsgExecuteRfq', value: MsgExecuteRfq.encode(message).finish() }
  const sequence = driver.timeNanoseconds / 1_000_000n
  const gasLimit = 30_000n * BigInt(5 + quote.legs.length)
  const checked = codeOf(driver.submit(taker.sign([any], { gasLimit, fee: [], sequence })))
  return checked === '0' ? codeOf(driver.block().txResults.at(-1)) : checked
}

describe('a quote', () => {
  it('of one leg is taken with its gas by who has 250 orders, the most there are', async () => {
    const { driver, hub, taker } = world
    const terms = { isBuy: true, limitE9: 1_500n * E9, sizeE9: E9 / 10n }
    const acts = Array<Any>(10).fill(order(taker, { market: marketId('ETH-PERP'), ...terms }))
    for (let i = 0; i < 250; i += acts.length) {
      const sequence = driver.timeNanoseconds / 1_000_000n
      const gasLimit = 30_000n * BigInt(acts.length)
      expect(codeOf(driver.submit(taker.sign(acts, { gasLimit, fee: [], sequence })))).toBe('0')
      expect(codeOf(driver.block().txResults.at(-1))).toBe('0')
    }
    expect(await take(quoteOf([['ETH-PERP', 2, 3_010]]))).toBe('0')
    expect(positions(taker.address)).toEqual([['ETH-PERP', 2n * E9]])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that an EVM wallet signed as a text is taken, all its legs at once', async () => {
    const { hub, taker } = world
    const legs = [
      ['ETH-PERP', 2, 3_010],
      ['BTC-PERP', -0.1, 49_900],
    ] as const
    expect(await take(quoteOf(legs as never))).toBe('0')
    expect(positions(taker.address)).toEqual([
      ['ETH-PERP', 2n * E9],
      ['BTC-PERP', -E9 / 10n],
    ])
    expect(positions(maker.address)).toEqual([
      ['ETH-PERP', -2n * E9],
      ['BTC-PERP', E9 / 10n],
    ])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('that a session key signed is taken while the key holds', async () => {
    const { byMaker, driver, taker } = world
    const one = quoteOf([['ETH-PERP', 1, 3_000]])
    expect(await take(one, { by: session })).toBe('markets/35')
    expect(await byMaker(openSession(driver.timeSeconds + 100n))).toBe('0')
    expect(await take(one, { by: session })).toBe('0')
    expect(positions(taker.address)).toEqual([['ETH-PERP', E9]])
    driver.block(120n)
    const late = quoteOf([['ETH-PERP', 1, 3_000]], { nonce: 2n })
    expect(await take(late, { by: session })).toBe('markets/35')
    expect(await byMaker(openSession(driver.timeSeconds + 1_000n))).toBe('0')
    const revoked = MsgRevokeSessionKey.encode({ account: maker.address, sessionKey: session.key.bytes })
    const typeUrl = '/causeway.accounts.v1.MsgRevokeSessionKey'
    expect(await byMaker({ typeUrl, value: revoked.finish() })).toBe('0')
    expect(await take(late, { by: session })).toBe('markets/35')
    expect(await take(late)).toBe('0')
  })

  it('is refused unless the maker signed it, as it is, for this chain', async () => {
    const quote = quoteOf([['ETH-PERP', 1, 3_000]])
    const other = evmWallet('somebody else')
    const refused = async (options: Parameters<typeof take>[1]) =>
      expect(await take(quote, options)).toBe('markets/35')
    await refused({ by: other })
    await refused({ by: solanaWallet('somebody else') })
    await refused({ by: sessionKey('of nobody') })
    await refused({ chainId: 'causeway-2' })
    await refused({ makerPublicKey: undefined })
    await refused({ makerPublicKey: { typeUrl: '/other.Key', value: Uint8Array.of(1) } })
    await refused({ makerSignature: new Uint8Array(0) })
    await refused({ makerSignature: new Uint8Array(65) })
    for (const makerSignMode of [0, 1, 127, 191, 2_000_000_000]) await refused({ makerSignMode })
    const dearer = quoteOf([['ETH-PERP', 1, 3_001]])
    await refused({ makerSignature: await maker.signText(quoteText('causeway-1', dearer)) })
    expect(positions(maker.address)).toEqual([])
    expect(await take(quote)).toBe('0')
  })

  it('is taken once, in time, by whom it names', async () => {
    const { driver, taker, hub } = world
    const quote = quoteOf([['ETH-PERP', 1, 3_000]], { taker: world.taker.address })
    expect(await take({ ...quote, taker: maker.address, nonce: 9n })).toBe('markets/24')
    expect(await take(quote)).toBe('0')
    expect(await take(quote)).toBe('markets/23')
    // Nor any other of the same number.
    expect(await take(quoteOf([['BTC-PERP', 0.1, 50_000]]))).toBe('markets/23')
    expect(await take({ ...quote, nonce: 2n, expireSeconds: driver.timeSeconds + 400n })).toBe('markets/22')
    const short = { ...quote, nonce: 3n, expireSeconds: driver.timeSeconds + 5n }
    driver.block(10n)
    expect(await take(short)).toBe('markets/21')
    driver.block(60n)
    expect(await take(quote)).toBe('markets/21')
    expect(positions(taker.address)).toEqual([['ETH-PERP', E9]])
    expect(brokenInvariants(hub.chain)).toEqual([])
  })

  it('changes nothing when one leg can’t be, or is more than the maker can carry', async () => {
    const { taker, hub } = world
    const fine = ['ETH-PERP', 1, 3_000] as [string, number, number]
    expect(await take(quoteOf([fine, ['BTC-PERP', 0.1, 53_000]]))).toBe('markets/26')
    expect(await take(quoteOf([fine, ['BTC-PERP', 0.15, 50_000]]))).toBe('markets/4')
    expect(await take(quoteOf([fine, ['BTC-PERP', 100, 50_000]]))).toBe('risk/1')
    expect([positions(taker.address), positions(maker.address)]).toEqual([[], []])
    const before = toHex(hub.chain.stores.appHash())
    expect(before).toHaveLength(64)
    // The number was not used up.
    expect(await take(quoteOf([fine]))).toBe('0')
  })
})

describe('cash gained by a quote', () => {
  it('stays for ten minutes, then leaves', async () => {
    const { byMaker, driver, hub } = world
    // 100 to the maker at the mark of 3,000; then both are flat again.
    expect(await take(quoteOf([['ETH-PERP', 1, 3_100]]))).toBe('0')
    expect(await take(quoteOf([['ETH-PERP', -1, 3_000]], { nonce: 2n }))).toBe('0')
    expect(positions(maker.address)).toEqual([])
    const { balanceE6, lockedE6 } = cash(maker.address)
    expect(lockedE6).toBeGreaterThan(95n * E6)
    expect(lockedE6).toBeLessThanOrEqual(100n * E6)
    expect(balanceE6).toBeGreaterThan(20_090n * E6)
    expect(await byMaker(redeem(balanceE6))).toBe('cash/2')
    expect(await byMaker(redeem(balanceE6 - lockedE6 + 1n))).toBe('cash/2')
    expect(await byMaker(redeem(balanceE6 - lockedE6))).toBe('0')
    expect(await byMaker(redeem(E6), 300n)).toBe('cash/2')
    expect(cash(maker.address)).toEqual({ balanceE6: lockedE6, lockedE6 })
    // Locks end at whole minutes.
    expect(await byMaker(redeem(lockedE6), 360n)).toBe('0')
    expect(cash(maker.address)).toEqual({ balanceE6: 0n, lockedE6: 0n })
    driver.block()
    expect(brokenInvariants(hub.chain)).toEqual([])
  })
})

describe('a chain that begins with an export', () => {
  it('has the same positions, marks and cash, and trades on', async () => {
    const { hub, taker, driver, priceSource } = world
    const quote = quoteOf([
      ['ETH-PERP', 1, 3_100],
      ['BTC-PERP', -0.1, 50_000],
    ])
    expect(await take(quote)).toBe('0')
    driver.block()
    const exported = exportState(hub.chain) as Record<string, unknown>
    const copy = testHub([taker], { priceSource }, exported as never)
    copy.driver.timeNanoseconds = driver.timeNanoseconds
    copy.driver.block()
    copy.driver.block()
    expect(brokenInvariants(copy.hub.chain)).toEqual([])
    const before = [positions(taker.address), positions(maker.address), cash(maker.address)]
    world = { ...world, ...copy }
    expect([positions(taker.address), positions(maker.address), cash(maker.address)]).toEqual(before)
    // What was taken there is taken here.
    expect(await take(quote)).toBe('markets/23')
    expect(await take({ ...quote, nonce: 2n })).toBe('0')
    expect(positions(taker.address)).toEqual([
      ['ETH-PERP', 2n * E9],
      ['BTC-PERP', -E9 / 5n],
    ])
    expect(brokenInvariants(copy.hub.chain)).toEqual([])
  })
})
