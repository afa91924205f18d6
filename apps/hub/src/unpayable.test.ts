// Accounts of the chain itself: what they hold is somebody's to the last unit, so nobody sends to them.
import { describe, expect, it } from 'vitest'
import { createAddressCodec } from './identifiers.ts'
import { CASH_POOL, INSURANCE_FUND, MARKET_HOUSE, STAKE_POOL, WITHDRAWALS } from './named-accounts.ts'
import { message } from './testing/messages.fixture.ts'
import { E6, cashOf, convert, deliver, tradingHub } from './testing/trading-hub.fixture.ts'
import { send } from './testing/wallet.fixture.ts'

const { encodeHolder } = createAddressCodec('cway')
const own = [CASH_POOL, WITHDRAWALS, MARKET_HOUSE, STAKE_POOL]

describe('an account of the chain', () => {
  it('takes no tokens, in no subaccount', () => {
    const { driver, taker, broken } = tradingHub()
    for (const held of own) {
      for (const to of [encodeHolder(held), encodeHolder({ ...held, subaccount: 7 })])
        expect(deliver(driver, taker, send(taker.address, to, '1', 'usdz'))).toBe('ledger/10')
    }
    expect(broken()).toEqual([])
  })

  it('takes no cash', () => {
    const { driver, taker, broken } = tradingHub()
    const pay = (to: string) =>
      message('causeway.cash.v1.MsgTransferCash', { from: taker.address, to, amountE6: `${E6}` })
    expect(deliver(driver, taker, convert(taker, E6))).toBe('0')
    for (const held of own) expect(deliver(driver, taker, pay(encodeHolder(held)))).toBe('cash/4')
    expect(cashOf(driver, taker.address)).toBe(E6)
    expect(broken()).toEqual([])
  })

  it('that is the insurance fund takes what it is given', () => {
    const { driver, taker, broken } = tradingHub()
    const fund = encodeHolder(INSURANCE_FUND)
    expect(deliver(driver, taker, send(taker.address, fund, '1', 'usdz'))).toBe('0')
    expect(broken()).toEqual([])
  })
})
