import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { ethOption, MARKET } from '../portfolio/market.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluatePortfolio } from '../requirement/evaluate.ts'
import { applyTrades } from './apply-trades.ts'
import type { Trade } from './trade.ts'

const options = [ethOption(2, 3_000, true, 2), ethOption(2, 3_000, false, -1), ethOption(3, 2_800, true, 4)]
const market = createRiskMarket(readRiskModel('pm2'), MARKET, options)
const held: Account = {
  cash: 1_000,
  perps: [{ underlying: 'ETH', size: 2, quote: -5_900, unsettled: 25 }],
  options: options.slice(0, 2),
  collateral: [{ asset: 'USDT', amount: 100 }],
}
const portfolio = createPortfolio(market, held)
const after = (...trades: Trade[]) => applyTrades(market, portfolio, trades)
const is = (account: Partial<Account>) => createPortfolio(market, { ...held, ...account })
const perp = { kind: 'perp' as const, underlying: 'ETH' }
const future = { kind: 'future' as const, underlying: 'ETH', expirySeconds: 7 * 86_400 }
const option = (index: number) => {
  const { amount: _amount, ...terms } = options[index]!
  return { kind: 'option' as const, ...terms }
}

describe('after a trade', () => {
  it('a perpetual has more size and as much less quote as was paid; a fee is paid in cash', () => {
    expect(after({ instrument: perp, size: 1, price: 3_100, fee: 2 })).toEqual(
      is({ cash: 998, perps: [{ underlying: 'ETH', size: 3, quote: -9_000, unsettled: 25 }] }),
    )
    expect(after({ instrument: perp, size: -5, price: 3_000 })).toEqual(
      is({ perps: [{ underlying: 'ETH', size: -3, quote: 9_100, unsettled: 25 }] }),
    )
  })

  it('one that is closed is gone, and what it came to is cash', () => {
    expect(after({ instrument: perp, size: -2, price: 3_000 })).toEqual(is({ cash: 1_125, perps: [] }))
  })

  it('a future opens and closes alike', () => {
    const opened = after({ instrument: future, size: 2, price: 3_050 })
    const { kind: _kind, ...terms } = future
    expect(opened).toEqual(is({ futures: [{ ...terms, size: 2, quote: -6_100 }] }))
    const closed = applyTrades(market, opened, [{ instrument: future, size: -2, price: 3_000 }])
    expect(closed).toEqual(is({ cash: 900 }))
  })

  it('an option costs its premium, or pays it', () => {
    expect(after({ instrument: option(0), size: 1, price: 50 })).toEqual(
      is({ cash: 950, options: [{ ...options[0]!, amount: 3 }, options[1]!] }),
    )
    expect(after({ instrument: option(1), size: 1, price: 40 })).toEqual(
      is({ cash: 960, options: [options[0]!] }),
    )
    expect(after({ instrument: option(2), size: -3, price: 100 })).toEqual(
      is({ cash: 1_300, options: [...options.slice(0, 2), { ...options[2]!, amount: -3 }] }),
    )
  })

  it('at the mark nothing is gained or lost', () => {
    const value = evaluatePortfolio(market, portfolio).value
    for (const instrument of [perp, future, option(0), option(1), option(2)])
      for (const size of [1, -1, 2, -2, 7])
        expect(evaluatePortfolio(market, after({ instrument, size })).value).toBeCloseTo(value, 8)
  })

  it('collateral and cash come and go', () => {
    expect(after({ instrument: { kind: 'collateral', asset: 'WETH' }, size: 3 })).toEqual(
      is({ collateral: [...held.collateral!, { asset: 'WETH', amount: 3 }] }),
    )
    expect(after({ instrument: { kind: 'collateral', asset: 'USDT' }, size: -100 })).toEqual(
      is({ collateral: [] }),
    )
    expect(after({ instrument: { kind: 'cash' }, size: -1_500 })).toEqual(is({ cash: -500 }))
  })

  it('several come one after the other', () => {
    const trades: Trade[] = [
      { instrument: perp, size: -2, price: 3_000 },
      { instrument: perp, size: 1, price: 3_000 },
      { instrument: { kind: 'cash' }, size: 10 },
    ]
    expect(after(...trades)).toEqual(
      is({ cash: 1_135, perps: [{ underlying: 'ETH', size: 1, quote: -3_000 }] }),
    )
  })

  it('of size 0 nothing changes, but the fee', () => {
    expect(after({ instrument: perp, size: 0, fee: 4 })).toEqual(is({ cash: 996 }))
    expect(after({ instrument: option(2), size: 0 })).toEqual(portfolio)
  })
})

describe('what is refused', () => {
  const codeOf = (...trades: Trade[]) => {
    try {
      after(...trades)
      return undefined
    } catch (error) {
      return isMarginError(error) ? error.code : error
    }
  }

  it.each([
    ['an option that is not in the market', { instrument: { ...option(0), strike: 3_001 }, size: 1 }, 61],
    ['a perpetual of nothing', { instrument: { kind: 'perp', underlying: 'XYZ' }, size: 1 }, 61],
    ['an expiry that is none', { instrument: { ...future, expirySeconds: 1 }, size: 1 }, 61],
    ['an asset that is none', { instrument: { kind: 'collateral', asset: 'XYZ' }, size: 1 }, 61],
    [
      'more collateral taken than there is',
      { instrument: { kind: 'collateral', asset: 'USDT' }, size: -101 },
      2,
    ],
    ['a size that is none', { instrument: perp, size: Number.NaN }, 1],
    ['a size beyond all bounds', { instrument: perp, size: -2e15 }, 3],
    ['a price that is none', { instrument: perp, size: 1, price: Number.NEGATIVE_INFINITY }, 1],
    ['a price below 0', { instrument: perp, size: 1, price: -1 }, 2],
    ['a fee below 0', { instrument: perp, size: 1, fee: -1 }, 2],
    ['cash beyond all bounds', { instrument: option(0), size: 1e9, price: 1e9 }, 3],
  ] as const)('%s', (_what, trade, code) => {
    expect(codeOf(trade as Trade)).toBe(code)
  })

  it('more positions than an account may have', () => {
    const strikes = Array.from({ length: 9_999 }, (_, i) => ethOption(4, 1 + i / 4, true, 1))
    const many = createRiskMarket(readRiskModel('standard'), MARKET, strikes)
    const full = createPortfolio(many, { cash: 0, options: strikes, perps: held.perps! })
    const trade: Trade = { instrument: { kind: 'perp', underlying: 'BTC' }, size: 1 }
    expect(() => applyTrades(many, full, [trade])).toThrow('10001 positions')
  })
})
