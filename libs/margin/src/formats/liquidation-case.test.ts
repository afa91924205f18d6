import { describe, expect, it } from 'vitest'
import { liquidationDifferences } from './differences.ts'
import { parseExactJson } from './exact-number.ts'
import { readLiquidationCase, type LiquidationCase } from './liquidation-case.ts'
import { PMRM_SCENARIO, text, units } from './public-cases.fixture.ts'
import { runLiquidation } from './run-liquidation.ts'

/** Nothing but a perpetual, long 1 at 1,000, and cash: easy to follow by hand. */
function portfolio(cash: number, size: number) {
  const lists = Object.keys(PMRM_SCENARIO).filter((name) => Array.isArray(PMRM_SCENARIO[name as 'Rates']))
  return {
    ...PMRM_SCENARIO,
    ...Object.fromEntries(lists.map((name) => [name, []])),
    ...{ Cash: units(cash), Perps: units(size), Base: 0, PerpPrice: units(1000) },
    ...{ UnrealisedPerpPNL: 0, UnrealisedFunding: 0 },
  }
}

const figures = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, units(value)]))

/** MtM 100, MM 100 − 150 − 20 = −70, BM −70 − 0.2·170 = −104. */
const NOTHING = {
  ...{ PreMtM: 0, PreMM: 0, PreBM: 0, PreFMax: 0, ExpectedBidPrice: 0, fLiquidatedOfOriginal: 0 },
  ...{ PostMtM: 0, PostMM: 0, PostBM: 0, PostFMax: 0 },
}

function run(actions: object[], change: object = {}): LiquidationCase {
  const file = {
    ...{ StartTime: 0, IsForce: false, LiquidationFee: 0 },
    InitialPortfolio: portfolio(100, 1),
    Actions: actions,
    ...change,
  }
  return readLiquidationCase(parseExactJson(text(file)), 'run', {})
}

const action = (time: number, cash: number, size: number, want: number, expected: object = {}) => ({
  Time: time,
  PortfolioAndFeeds: portfolio(cash, size),
  Liquidator: { PercentWant: units(want) },
  Results: figures({ ...NOTHING, ...(expected as Record<string, number>) }),
})

describe('auction runs', () => {
  it('one bid, by hand', () => {
    const { actions, fee } = runLiquidation(run([action(0, 100, 1, 1)]))
    const { figures: got, isSolvent } = actions[0]!
    expect(isSolvent).toBe(true)
    expect(got.PreMtM).toBeCloseTo(100, 9)
    expect(got.PreMM).toBeCloseTo(-70, 9)
    expect(got.PreBM).toBeCloseTo(-104, 9)
    // fMax = 104 ÷ (104 + 100·0.98)
    const fraction = 104 / 202
    expect(got.PreFMax).toBeCloseTo(fraction, 12)
    expect(got.fLiquidatedOfOriginal).toBeCloseTo(fraction, 12)
    expect(got.ExpectedBidPrice).toBeCloseTo(98 * fraction, 9)
    expect(got.PostBM).toBeCloseTo(0, 9)
    expect(got.PostFMax).toBeCloseTo(0, 9)
    expect(got.PostMtM).toBeCloseTo(100 * (1 - fraction) + 98 * fraction, 9)
    expect(fee).toBeCloseTo(0.02 * (104 / 204) * 100, 9)
  })

  it('a second bid pays for what is left without the cash of the first', () => {
    const { actions } = runLiquidation(run([action(0, 100, 1, 0.1), action(100, 99.8, 0.9, 0.2)]))
    const [first, second] = actions.map((each) => each.figures)
    expect(first!.ExpectedBidPrice).toBeCloseTo(9.8, 9)
    // 100·0.9 + 9.8 of value, 9.8 of it paid in; the discount after 100 s is 0.8
    expect(second!.PreMtM).toBeCloseTo(99.8, 9)
    expect(second!.ExpectedBidPrice).toBeCloseTo(90 * 0.8 * 0.2, 9)
    expect(second!.PostMtM).toBeCloseTo(9.8 + 72 + 14.4, 9)
  })

  it('the clock of the run is the clock of expiries', () => {
    const withOption = {
      ...portfolio(100, 1),
      ...{
        OptionExpiries: [1000],
        OptionStrikes: [units(1000)],
        OptionIsCall: [1],
        OptionAmounts: [units(-1)],
      },
      ...{ OptionVols: [units(1)], OptionVolConfidences: [units(1)], FeedExpiries: [1000] },
      ...{ Forwards: [units(1000)], ForwardConfidences: [units(1)], Rates: [0], RateConfidences: [units(1)] },
    }
    const file = run([{ ...action(1000, 0, 0, 1), PortfolioAndFeeds: withOption }])
    expect(file.actions[0]!.snapshot.timeSeconds).toBe(1000)
    // At expiry the option is worth its payoff: nothing
    expect(runLiquidation(file).actions[0]!.figures.PreMtM).toBeCloseTo(100, 9)
  })

  it('an insolvent account: only value, margin and buffer before the bid are compared', () => {
    const expected = { PreMtM: -30, PreMM: -200, PreBM: -234 }
    const file = run([action(30, -30, 1, 0.5, expected)])
    const { actions } = runLiquidation(file)
    expect(actions[0]!.isSolvent).toBe(false)
    expect(actions[0]!.figures.PreFMax).toBe(1)
    // −30 down to −200 in 600 s
    expect(actions[0]!.figures.ExpectedBidPrice).toBeCloseTo(0.5 * (-30 - (170 * 30) / 600), 9)
    const told = liquidationDifferences(runLiquidation(file), file).map(({ figure }) => figure)
    expect(told).toEqual(['fee'])
  })

  it('differences are told with the bid they are of', () => {
    const file = run([action(0, 100, 1, 1, { PreMtM: 100, PreMM: -70 })], {
      LiquidationFee: 1.0196078431372548,
    })
    const told = liquidationDifferences(runLiquidation(file), file).map(({ figure }) => figure)
    expect(told).toEqual(
      ['PreBM', 'PreFMax', 'ExpectedBidPrice', 'fLiquidatedOfOriginal', 'PostMtM', 'PostMM'].map(
        (name) => `bid 0 ${name}`,
      ),
    )
  })

  it('what is missing is named', () => {
    expect(() => run([{ Time: 0 }])).toThrow('Results: an object is expected, not nothing')
    expect(() => run([], { StartTime: 'now' })).toThrow('StartTime: a decimal is expected')
    expect(() => run([], { LiquidationFee: null })).toThrow('LiquidationFee: a decimal is expected')
  })
})
