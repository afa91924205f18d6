import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { StandardModel } from '../model/risk-model.ts'
import { accountArbitrary, ethOption, MARKET, ONE } from '../portfolio/market.fixture.ts'
import type { OptionPosition } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { black76 } from '../pricing/black76.ts'
import { sviVolatility } from '../pricing/svi.ts'
import { evaluate } from './evaluate.ts'

const standard = readRiskModel('standard') as StandardModel
const SPOT = 3_000
const of = (...options: OptionPosition[]) => evaluate(standard, MARKET, { cash: 0, options })

/** Mark of an option of the fixture's market at discount 1. */
function markOf({ underlying, expirySeconds, strike, isCall, amount }: OptionPosition): number {
  const { expiries } = MARKET.underlyings.find(({ name }) => name === underlying)!
  const { forwardFixed, forwardVariable, surface } = expiries.find(
    (each) => each.expirySeconds === expirySeconds,
  )!
  const deviation = sviVolatility(surface!, strike) * Math.sqrt(expirySeconds / 31_536_000)
  return amount * black76(forwardFixed + forwardVariable, strike, deviation, 1, isCall)
}

describe('standard model: single options', () => {
  it('what is bought needs nothing beyond its mark, which does not count', () => {
    const call = ethOption(3, 3_000, true, 2)
    const { maintenanceMargin, initialMargin, value } = of(call)
    expect(value).toBeCloseTo(markOf(call), 9)
    expect(maintenanceMargin).toBeCloseTo(0, 9)
    expect(initialMargin).toBeCloseTo(0, 9)
  })

  it('a short call: 7.5 % of spot; initially 15 % less what it is out of the money, at least 10 %', () => {
    const margins = (strike: number) => {
      const call = ethOption(3, strike, true, -2)
      const { maintenanceMargin, initialMargin } = of(call)
      expect(maintenanceMargin).toBeCloseTo(markOf(call) - 2 * 0.075 * SPOT, 8)
      return (initialMargin - markOf(call)) / (-2 * SPOT)
    }
    expect(margins(3_000)).toBeCloseTo(0.15, 9)
    expect(margins(3_090)).toBeCloseTo(0.12, 9)
    expect(margins(6_000)).toBeCloseTo(0.1, 9)
    expect(margins(1_500)).toBeCloseTo(0.15, 9)
  })

  it('a short put: the larger of a share of spot and of the mark, initially 5 % more', () => {
    const deep = ethOption(3, 6_000, false, -1)
    const { maintenanceMargin, initialMargin } = of(deep)
    const mark = markOf(deep)
    expect(maintenanceMargin).toBeCloseTo(mark + Math.min(-0.075 * SPOT, 0.075 * mark), 8)
    expect(initialMargin).toBeCloseTo(Math.min(mark - 0.15 * SPOT, 1.05 * maintenanceMargin), 8)
    const far = ethOption(3, 2_000, false, -1)
    expect(of(far).initialMargin).toBeCloseTo(markOf(far) - 0.1 * SPOT, 8)
  })
})

describe('standard model: spreads', () => {
  it('a bounded spread needs at most its worst payoff', () => {
    const spread = of(ethOption(3, 2_900, true, -1), ethOption(3, 3_000, true, 1))
    expect(spread.maintenanceMargin).toBeCloseTo(-100, 9)
    expect(spread.initialMargin).toBeCloseTo(-100, 9)
    const box = of(
      ethOption(3, 2_900, true, 1),
      ethOption(3, 2_900, false, -1),
      ethOption(3, 3_000, true, -1),
      ethOption(3, 3_000, false, 1),
    )
    expect(box.maintenanceMargin).toBeCloseTo(0, 9)
  })

  it('different expiries do not offset', () => {
    const near = ethOption(2, 2_900, true, -1)
    const { maintenanceMargin } = of(near, ethOption(3, 3_000, true, 1))
    expect(maintenanceMargin).toBeCloseTo(of(near).maintenanceMargin, 9)
  })

  it('calls that nothing bounds cost a share of the forward', () => {
    const { expiries } = MARKET.underlyings[1]!
    const { forwardVariable } = expiries[3]!
    const options = [ethOption(3, 100, true, -2), ethOption(3, 200, true, 1)]
    const { maintenanceMargin, initialMargin } = of(...options)
    // Worst payoff: −200 at 200; one call unpaired
    const alone = markOf(options[0]!) - 2 * 0.075 * SPOT
    expect(maintenanceMargin).toBeCloseTo(Math.max(alone, -200 - 1.1 * forwardVariable), 6)
    expect(initialMargin).toBeCloseTo(
      Math.max(markOf(options[0]!) - 2 * 0.15 * SPOT, -200 - 1.2 * forwardVariable),
      6,
    )
  })

  it('the worst payoff of a sweep is that of a search over all prices', () => {
    const strikes = fc.integer({ min: 5, max: 15 })
    const legs = fc.uniqueArray(fc.tuple(strikes, fc.boolean(), fc.integer({ min: -5, max: 5 })), {
      minLength: 1,
      maxLength: 8,
      selector: ([strike, isCall]) => `${strike} ${isCall}`,
    })
    const free: StandardModel = {
      ...standard,
      option: {
        ...standard.option,
        // Alone they cost so much that the payoff decides
        ...{ maintenanceCallSpot: 3, maintenancePutSpot: 3, maintenancePutMark: 3 },
        unpaired: { maintenance: 0, initial: 0 },
      },
    }
    fc.assert(
      fc.property(legs, (parts) => {
        const options = parts.map(([strike, isCall, amount]) => ethOption(3, strike * 200, isCall, amount))
        const prices = [0, ...parts.map(([strike]) => strike * 200)]
        const payoffs = prices.map((price) =>
          options.reduce(
            (sum, { strike, isCall, amount }) =>
              sum + amount * Math.max(0, isCall ? price - strike : strike - price),
            0,
          ),
        )
        const { maintenanceMargin } = evaluate(free, MARKET, { cash: 0, options })
        const worst = Math.min(0, ...payoffs)
        const shorts = options.filter(({ amount }) => amount < 0)
        const alone = shorts.reduce(
          (sum, each) =>
            sum +
            markOf(each) +
            (each.isCall ? 3 * SPOT * each.amount : Math.min(3 * SPOT * each.amount, 3 * markOf(each))),
          0,
        )
        expect(maintenanceMargin).toBeCloseTo(Math.max(worst, alone), 6)
      }),
      { numRuns: 150 },
    )
  })
})

describe('standard model: the rest', () => {
  it('perpetuals by mark, base assets by a share of their price, funding as it stands', () => {
    const result = evaluate(standard, MARKET, {
      cash: 100,
      perps: [{ underlying: 'ETH', size: -2, quote: 6_006, unsettled: -7 }],
      collateral: [{ asset: 'WETH', amount: 1 }],
    })
    expect(result.value).toBeCloseTo(100 - 7 + 3_000, 9)
    expect(result.maintenanceMargin).toBeCloseTo(93 - 0.05 * 6_006 + 3_000 * 0.95, 8)
    expect(result.initialMargin).toBeCloseTo(93 - 0.065 * 6_006 + 3_000 * 0.9, 8)
  })

  it('a broken peg costs by notional of perpetuals and shorts; collateral counts as before', () => {
    const broken: MarketSnapshot = { ...MARKET, stablePrice: (ONE * 9n) / 10n }
    const account = {
      cash: 0,
      perps: [{ underlying: 'ETH', size: 1, quote: -3_003 }],
      options: [ethOption(3, 3_000, true, -2), ethOption(3, 3_200, true, 1)],
      collateral: [{ asset: 'WETH', amount: 1 }],
    }
    const result = evaluate(standard, broken, account)
    expect(result.initialCharges.peg).toBeCloseTo(0.08 * 1.2 * SPOT * 3, 8)
    const whole = evaluate(standard, MARKET, account)
    expect(result.maintenanceMargin).toBeCloseTo(whole.maintenanceMargin, 8)
    expect(result.value - whole.value).toBeCloseTo(3_000 / 0.9 - 3_000, 8)
  })

  it('low confidence costs perpetuals, shorts and base assets, each by its own feeds', () => {
    const half = ONE / 4n
    const eth = MARKET.underlyings[1]!
    const market = (change: Partial<typeof eth>): MarketSnapshot => ({
      ...MARKET,
      underlyings: [MARKET.underlyings[0]!, { ...eth, ...change }],
    })
    const account = {
      cash: 0,
      perps: [{ underlying: 'ETH', size: -1, quote: 3_003 }],
      options: [ethOption(3, 3_000, true, -2), ethOption(3, 3_200, true, 5)],
      collateral: [{ asset: 'WETH', amount: 4 }],
    }
    const cost = (change: Partial<typeof eth>) =>
      evaluate(standard, market(change), account).initialCharges.confidence / (0.75 * 0.4 * SPOT)
    expect(cost({})).toBe(0)
    expect(cost({ perp: { ...eth.perp!, confidence: half } })).toBeCloseTo(1, 9)
    const expiries = (name: 'volConfidence' | 'forwardConfidence' | 'rateConfidence') => ({
      expiries: eth.expiries.map((each) => ({ ...each, [name]: half })),
    })
    expect(cost(expiries('volConfidence'))).toBeCloseTo(2, 9)
    expect(cost(expiries('forwardConfidence'))).toBeCloseTo(2, 9)
    expect(cost(expiries('rateConfidence'))).toBe(0)
    expect(cost({ spotConfidence: half })).toBeCloseTo(1 + 2 + 4, 9)
  })

  it('margins of all underlyings add up', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const only = (name: string) => ({
          cash: 0,
          perps: account.perps!.filter(({ underlying }) => underlying === name),
          options: account.options!.filter(({ underlying }) => underlying === name),
        })
        const { perps, options } = account
        const both = evaluate(standard, MARKET, { cash: 0, perps: perps!, options: options! })
        const apart = ['BTC', 'ETH'].map((name) => evaluate(standard, MARKET, only(name)))
        const slack = 1e-11 * both.gross + 1e-9
        for (const margin of ['maintenanceMargin', 'initialMargin', 'value'] as const)
          expect(Math.abs(both[margin] - apart[0]![margin] - apart[1]![margin])).toBeLessThanOrEqual(slack)
      }),
      { numRuns: 40 },
    )
  })
})
