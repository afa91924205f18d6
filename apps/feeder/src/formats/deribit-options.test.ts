import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { optionsPath, parseOptions } from './deribit-options.ts'
import { OPTIONS } from './examples.fixture.ts'

describe('Deribit’s options', () => {
  it('are asked for by currency', () => {
    expect(optionsPath('ETH')).toBe('/api/v2/public/get_book_summary_by_currency?currency=ETH&kind=option')
  })

  it('of an inverse underlying: premiums times the forward', () => {
    const { publishTimeMs, options } = parseOptions(OPTIONS, 'ETH')
    expect(publishTimeMs).toBe(1_764_118_800_000)
    expect(options).toHaveLength(3)
    expect(options[0]).toEqual({
      expirySeconds: Date.UTC(2025, 11, 26, 8) / 1_000,
      strike: 3_000,
      isCall: true,
      forward: 3_012.5,
      index: 3_003.72,
      bid: 0.0645 * 3_012.5,
      ask: 0.0655 * 3_012.5,
      markVolatility: 0.6512,
      rate: 0,
    })
    expect(options[1]).toMatchObject({ isCall: false, strike: 3_000 })
    expect(options[2]).toEqual({
      expirySeconds: Date.UTC(2026, 0, 2, 8) / 1_000,
      strike: 5_000,
      isCall: true,
      forward: 3_013.1,
      index: 3_003.72,
      markVolatility: 0.805,
      rate: 0,
    })
  })

  it('of a linear underlying: premiums as they are, "d" for the decimal point', () => {
    const { options } = parseOptions(OPTIONS, 'XRP_USDC')
    expect(options).toMatchObject([{ strike: 0.625, bid: 0.0258, ask: 0.0262, forward: 0.612 }])
  })

  it.each([
    ['a name that is none', ['ETH-2JAN26-5000-C', 'ETH-2JAN26-5000-X'], 'feeder/2'],
    ['a month that is none', ['ETH-2JAN26-5000-C', 'ETH-2JUM26-5000-C'], 'feeder/2'],
    ['a premium that is no number', ['"bid_price":0.0645', '"bid_price":"NaN"'], 'feeder/3'],
    ['a negative volatility', ['"mark_iv":80.5', '"mark_iv":-80.5'], 'feeder/2'],
    ['a forward beyond the doubles', ['"underlying_price":3013.1', '"underlying_price":1e999'], 'feeder/3'],
    ['an index that is missing', ['"estimated_delivery_price":3003.72,', ''], 'feeder/2'],
    ['an answer without a time', ['"usOut":1764118800000900,', ''], 'feeder/2'],
    ['a key twice', ['"mark_iv":80.5', '"mark_iv":80.5,"mark_iv":8.5'], 'feeder/1'],
  ] as const)('are refused with %s', (_, [from, to], code) => {
    expect(refusalOf(() => parseOptions(OPTIONS.replace(from, to), 'ETH'))).toBe(code)
  })
})
