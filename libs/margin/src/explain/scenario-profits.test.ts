import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import { ethOption, expiryOf, MARKET } from '../portfolio/market.fixture.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluatePortfolio } from '../requirement/evaluate.ts'
import { heldPositions } from './held-positions.ts'
import { randomCase } from './random-case.fixture.ts'
import { scenarioProfits } from './scenario-profits.ts'

describe('scenario profits by position', () => {
  it('sum to those of their underlying in every scenario, and to its basis contingency', () => {
    for (let seed = 0; seed < 400; seed++) {
      const { model, snapshot, account } = randomCase(seed, 20)
      if (model.kind !== 'scenario') continue
      const market = createRiskMarket(model, snapshot, account.options)
      const portfolio = createPortfolio(market, account)
      const { moves, discounts, basis } = scenarioProfits(market, portfolio)
      const held = heldPositions(market, portfolio)
      const { underlyings, gross } = evaluatePortfolio(market, portfolio)
      for (const [u, own] of underlyings.entries()) {
        const members = [...held.keys()].filter((position) => held[position]!.underlying === u)
        const sum = (of: (position: number) => number) => members.reduce((total, each) => total + of(each), 0)
        const scenarios = own.scenarioProfits.length
        for (const [s, profit] of own.scenarioProfits.entries()) {
          const parts = sum(
            (position) => moves[position * scenarios + s]! + discounts[position * scenarios + s]!,
          )
          expect(Math.abs(parts - profit), `${seed} ${s}`).toBeLessThan(1e-12 * gross + 1e-9)
        }
        expect(Math.abs(sum((position) => basis[position]!) - own.basis)).toBeLessThan(1e-12 * gross + 1e-9)
      }
    }
  })

  it('of a skew that an expiry gains from are turned, for all of its positions', () => {
    const market = createRiskMarket(readRiskModel('pm2'), MARKET, [ethOption(3, 3_600, true, 1)])
    const { plan } = market
    const skew = plan.isSkew.indexOf(1)
    const scenarios = plan.scenarioRow.length
    const of = (amount: number) => {
      const account = { cash: 0, options: [ethOption(3, 3_600, true, amount)] }
      const { moves, discounts } = scenarioProfits(market, createPortfolio(market, account))
      return moves[skew]! + discounts[skew]!
    }
    // Bought, it gains volatility; sold, it loses it: a loss both times
    expect([of(1) <= 0, of(-1) <= 0]).toEqual([true, true])
    expect(scenarios).toBe(33)
  })

  it('of what moves with the spot are its exposure times the change, dampened', () => {
    const { expirySeconds, forwardVariable } = expiryOf(3_000, 7)
    const market = createRiskMarket(readRiskModel('pm2'), MARKET)
    const account = {
      cash: 9,
      perps: [{ underlying: 'ETH', size: 2, quote: 55 }],
      futures: [{ underlying: 'ETH', expirySeconds, size: -3, quote: 7 }],
      collateral: [
        { asset: 'USDT', amount: 1_000 },
        { asset: 'WETH', amount: 4 },
      ],
    }
    const portfolio = createPortfolio(market, account)
    const { moves, discounts } = scenarioProfits(market, portfolio)
    const { plan } = market
    const scenarios = plan.scenarioRow.length
    const exposures = [2 * 3_003, -3 * forwardVariable, 0, 4 * 3_000]
    for (const [position, exposure] of exposures.entries())
      for (let s = 0; s < scenarios; s++)
        expect(moves[position * scenarios + s]).toBeCloseTo(
          exposure * plan.spotChange[s]! * plan.dampening[s]!,
          6,
        )
    expect(discounts.every((each) => each === 0)).toBe(true)
  })
})

describe('held positions', () => {
  it('are all of an account, with their worth, kind by kind in the market’s order', () => {
    const { expirySeconds } = expiryOf(3_000, 7)
    const options = [
      ethOption(3, 3_300, false, -1),
      ethOption(3, 3_300, true, 2),
      ethOption(1, 3_000, true, 0),
    ]
    const market = createRiskMarket(readRiskModel('pm2'), MARKET, options)
    const portfolio = createPortfolio(market, {
      cash: 0,
      perps: [
        { underlying: 'ETH', size: 1, quote: -2_900, unsettled: 3 },
        { underlying: 'BTC', size: 0, quote: 5 },
      ],
      futures: [{ underlying: 'ETH', expirySeconds, size: 1, quote: -3_000 }],
      options,
      collateral: [{ asset: 'WETH', amount: 2 }],
    })
    const held = heldPositions(market, portfolio)
    expect(held.map(({ instrument }) => instrument)).toEqual([
      { kind: 'perp', underlying: 'BTC' },
      { kind: 'perp', underlying: 'ETH' },
      { kind: 'future', underlying: 'ETH', expirySeconds },
      { kind: 'option', underlying: 'ETH', expirySeconds: 2 * 86_400, strike: 3_000, isCall: true },
      { kind: 'option', underlying: 'ETH', expirySeconds: 30 * 86_400, strike: 3_300, isCall: true },
      { kind: 'option', underlying: 'ETH', expirySeconds: 30 * 86_400, strike: 3_300, isCall: false },
      { kind: 'collateral', asset: 'WETH' },
    ])
    expect(held.map(({ size }) => size)).toEqual([0, 1, 1, 0, 2, -1, 2])
    const { value } = evaluatePortfolio(market, portfolio)
    expect(held.reduce((sum, each) => sum + each.value, 0)).toBeCloseTo(value, 8)
    expect(held[0]!.value).toBe(5)
    expect(held[1]!.value).toBeCloseTo(3_003 - 2_900 + 3, 9)
    expect(held.map(({ underlying }) => underlying)).toEqual([0, 1, 1, 1, 1, 1, 1])
  })
})
