import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import { accountArbitrary, ethOption, MARKET } from './market.fixture.ts'
import { createPortfolio } from './portfolio.ts'
import { createRiskMarket, withOptions } from './risk-market.ts'

const pm2 = readRiskModel('pm2')

describe('portfolio', () => {
  it('lays positions out ascending: underlying, expiry, strike, call before put', () => {
    const options = [
      ethOption(3, 3_000, false, 1),
      ethOption(2, 3_100, true, 2),
      ethOption(3, 3_000, true, 3),
      ethOption(2, 2_900, true, 4),
      { ...ethOption(4, 60_000, true, 5), underlying: 'BTC' },
    ]
    const market = createRiskMarket(pm2, MARKET, options)
    const { optionAmount, option } = createPortfolio(market, { cash: 0, options })
    expect([...optionAmount]).toEqual([5, 4, 2, 3, 1])
    expect([...option]).toEqual([0, 1, 2, 3, 4])
    expect([...market.options.isCall]).toEqual([1, 1, 1, 1, 0])
  })

  it('an empty account has empty columns', () => {
    const market = createRiskMarket(pm2, MARKET)
    const { cash, pendingCredit, ...columns } = createPortfolio(market, { cash: -5 })
    expect([cash, pendingCredit]).toEqual([-5, 0])
    for (const column of Object.values(columns)) expect((column as Float64Array).length).toBe(0)
  })

  it('keeps every amount with its instrument', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const market = createRiskMarket(pm2, MARKET, account.options)
        const portfolio = createPortfolio(market, account)
        const { underlyings, expiries, options, assets } = market
        const perps = Array.from(portfolio.perp, (u, i) => [
          underlyings.names[u],
          portfolio.perpSize[i],
          portfolio.perpQuote[i],
        ])
        expect(perps).toEqual(account.perps!.map(({ underlying, size, quote }) => [underlying, size, quote]))
        const held = Array.from(portfolio.option, (o, i) => {
          const expiry = options.expiry[o]!
          return JSON.stringify([
            underlyings.names[expiries.underlying[expiry]!],
            expiries.expirySeconds[expiry],
            options.strike[o],
            options.isCall[o] === 1,
            portfolio.optionAmount[i],
          ])
        })
        const written = account.options!.map(({ underlying, expirySeconds, strike, isCall, amount }) =>
          JSON.stringify([underlying, expirySeconds, strike, isCall, amount]),
        )
        expect([...held].sort()).toEqual([...written].sort())
        const collateral = Array.from(portfolio.asset, (a, i) => [assets.names[a], portfolio.assetAmount[i]])
        expect(collateral).toEqual(account.collateral!.map(({ asset, amount }) => [asset, amount]))
      }),
      { numRuns: 40 },
    )
  })

  it('stays valid for another market with the same instruments', () => {
    const options = [ethOption(3, 3_000, true, 3)]
    const market = createRiskMarket(pm2, MARKET, options)
    const moved = createRiskMarket(
      pm2,
      { ...MARKET, underlyings: MARKET.underlyings.map((each) => ({ ...each, spot: each.spot * 1.1 })) },
      options,
    )
    const account = { cash: 0, options }
    expect(createPortfolio(moved, account)).toEqual(createPortfolio(market, account))
    expect(createPortfolio(withOptions(market, options), account)).toEqual(createPortfolio(market, account))
  })
})
