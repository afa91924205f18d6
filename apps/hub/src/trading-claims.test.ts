// An exit claim and trading: who has an order or a position has something to keep covered.
import { toHex } from '@causeway/primitives'
import { QueryExitClaimsRequest, QueryExitClaimsResponse } from '@causeway/protocol/causeway/exit/v1/query'
import { QueryMarketRequest, QueryMarketResponse } from '@causeway/protocol/causeway/markets/v1/query'
import { MsgCancelAll, MsgPlaceOrder } from '@causeway/protocol/causeway/markets/v1/tx'
import type { Any } from '@causeway/protocol'
import { describe, expect, it } from 'vitest'
import { EthereumBridge, USDC } from './testing/ethereum-bridge.fixture.ts'
import { message } from './testing/messages.fixture.ts'
import { codeOf } from './testing/refusal.fixture.ts'
import type { Wallet } from './testing/wallet.fixture.ts'

const E9 = 1_000_000_000n
const E6 = 1_000_000n
const RECIPIENT = `0x${'e1'.repeat(20)}`

const UNDERLYING = {
  asset: '3',
  name: 'ETH',
  tier: 1,
  perpetual: { tickE9: '10000000', lotE9: '100000000' },
  ownerCapE9: `${1_000_000n * E9}`,
  openInterestCapE9: `${10_000_000n * E9}`,
  openNotionalLowerE6: `${10n ** 15n}`,
  openNotionalUpperE6: `${10n ** 16n}`,
}

/** Two owners of 1,000 dollars each that claim them, beside a market. */
function setUp() {
  const bridge = new EthereumBridge({
    appState: (state) => ({ ...state, markets: { underlyings: [UNDERLYING] } }),
  })
  const { trader, stranger, driver } = bridge
  for (const { address } of [trader, stranger]) bridge.credit(1_000n * E6, address)
  const denom = `transfer/${bridge.client}/${USDC}`
  for (const wallet of [trader, stranger]) {
    const claim = { sender: wallet.address, denom, recipient: RECIPIENT }
    expect(codeOf(bridge.deliver(wallet, [message('causeway.exit.v1.MsgPublishExitClaim', claim)]))).toBe('0')
  }
  const asked = QueryMarketRequest.encode({ id: 0n, symbol: 'ETH-PERP' }).finish()
  const found = driver.query('/causeway.markets.v1.Query/Market', asked).value
  const market = QueryMarketResponse.decode(found).market!.market!.id
  const claimed = ({ address: account }: Wallet) => {
    const request = QueryExitClaimsRequest.encode({ account }).finish()
    const { value } = driver.query('/causeway.exit.v1.Query/ExitClaims', request)
    return QueryExitClaimsResponse.decode(value).claims.map(({ amount }) => amount)
  }
  const trade = (wallet: Wallet, tradeMessage: Any) => {
    const sequence = driver.timeNanoseconds / 1_000_000n
    const tx = wallet.sign([tradeMessage], { gasLimit: 30_000n, fee: [], sequence })
    return codeOf(driver.execute(driver.proposal([tx])).txResults.at(-1))
  }
  const place = (wallet: Wallet, terms: Partial<MsgPlaceOrder>) => {
    const common = { signer: wallet.address, market, sizeE9: E9 / 10n, type: 1, timeInForce: 1 }
    const value = MsgPlaceOrder.encode(MsgPlaceOrder.fromPartial({ ...common, ...terms })).finish()
    return trade(wallet, { typeUrl: '/causeway.markets.v1.MsgPlaceOrder', value })
  }
  const cancelAll = (wallet: Wallet) => {
    const value = MsgCancelAll.encode({ signer: wallet.address, subaccount: 0, market: 0n }).finish()
    return trade(wallet, { typeUrl: '/causeway.markets.v1.MsgCancelAll', value })
  }
  return { bridge, trader, stranger, claimed, place, cancelAll }
}

const WHOLE = [`${1_000n * E6}`]
const NOTHING = ['0']

describe('an exit claim', () => {
  it('ends while an order rests, and stands again when none does', () => {
    const { bridge, trader, stranger, claimed, place, cancelAll } = setUp()
    expect([claimed(trader), claimed(stranger)]).toEqual([WHOLE, WHOLE])
    expect(place(trader, { isBuy: true, limitE9: 1_900n * E9 })).toBe('0')
    expect([claimed(trader), claimed(stranger)]).toEqual([NOTHING, WHOLE])
    expect(place(trader, { isBuy: true, limitE9: 1_890n * E9 })).toBe('0')
    expect(claimed(trader)).toEqual(NOTHING)
    expect(cancelAll(trader)).toBe('0')
    expect(claimed(trader)).toEqual(WHOLE)
    expect(bridge.broken()).toEqual([])
  })

  it('stands again after an order ran out of time, and outlives one that does not rest', () => {
    const { bridge, trader, claimed, place } = setUp()
    const expireSeconds = bridge.driver.timeSeconds + 10n
    expect(place(trader, { isBuy: true, limitE9: 1_900n * E9, timeInForce: 4, expireSeconds })).toBe('0')
    expect(claimed(trader)).toEqual(NOTHING)
    bridge.driver.block(20n)
    expect(claimed(trader)).toEqual(WHOLE)
    expect(place(trader, { isBuy: true, limitE9: 1_900n * E9, timeInForce: 2 })).toBe('0')
    expect(claimed(trader)).toEqual(WHOLE)
    expect(bridge.broken()).toEqual([])
  })

  it('is nothing while there is a position, order or none', () => {
    const { bridge, trader, stranger, claimed, place } = setUp()
    expect(place(trader, { isBuy: true, limitE9: 2_000n * E9 })).toBe('0')
    expect(place(stranger, { isBuy: false, limitE9: 2_000n * E9 })).toBe('0')
    expect(bridge.portfolio().positions.map(({ sizeE9 }) => sizeE9)).toEqual([`${E9 / 10n}`])
    expect([claimed(trader), claimed(stranger)]).toEqual([NOTHING, NOTHING])
    const closing = { sizeE9: E9 / 10n, limitE9: 2_000n * E9, reduceOnly: true }
    expect(place(trader, { ...closing, isBuy: false })).toBe('0')
    expect(place(stranger, { ...closing, isBuy: true })).toBe('0')
    expect(bridge.portfolio().positions).toEqual([])
    // Fees were paid in cash that neither has: what both owe keeps their claims down.
    expect(BigInt(bridge.portfolio().cashE6)).toBeLessThan(0n)
    expect([claimed(trader), claimed(stranger)]).toEqual([NOTHING, NOTHING])
    expect(toHex(bridge.hub.chain.stores.appHash())).toHaveLength(64)
    expect(bridge.broken()).toEqual([])
  })
})
