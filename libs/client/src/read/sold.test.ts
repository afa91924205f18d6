import { describe, expect, it } from 'vitest'
import { bidOutcome } from './sold.ts'

const names = { account: 'cway1a', accountSubaccount: 2, bidder: 'cway1b', bidderSubaccount: 0 }
const whose = { account: 'cway1a', subaccount: '2', bidder: 'cway1b', bidder_subaccount: '0' }
const event = (type: string, attributes: Record<string, string>) => ({
  type: `causeway.liquidation.v1.${type}`,
  attributes: { ...whose, ...attributes },
})
const sold = {
  underlying: '0',
  share_e9: '250000000',
  price_e6: '-1500000',
  paid_e6: '-2000001',
  worth_e6: '500001',
}

describe('what became of a bid', () => {
  it('is what it was sold', () => {
    expect(bidOutcome([event('bid', {}), event('sold', sold)], names)).toEqual({
      sold: { underlying: '0', share: '0.25', price: '-1.5', paid: '-2.000001', worth: '0.500001' },
    })
  })

  it('or why it got nothing', () => {
    expect(bidOutcome([event('lapsed', { reason: 'price' })], names)).toEqual({ lapsed: 'price' })
    expect(bidOutcome([], names)).toEqual({ lapsed: 'unknown' })
  })

  it('never what others’ bids, or other accounts, brought', () => {
    for (const other of [
      { bidder: 'cway1c' },
      { bidder_subaccount: '1' },
      { account: 'cway1b' },
      { subaccount: '0' },
    ]) {
      expect(bidOutcome([event('sold', { ...sold, ...other })], names)).toEqual({ lapsed: 'unknown' })
    }
  })

  it('is refused where a number is none', () => {
    expect(() => bidOutcome([event('sold', { ...sold, price_e6: 'much' })], names)).toThrow(/price_e6/)
  })
})
