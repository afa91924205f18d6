// Contributions worked out by hand, on a market whose numbers are round.
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { RiskModel, ScenarioModel, StandardModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { ethOption, expiryOf, MARKET, ONE } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { evaluate } from '../requirement/evaluate.ts'
import { explain } from './explain.ts'
import type { ContributionKind, Explanation } from './explanation.ts'
import { jsonOf } from './json-of.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const pm1 = readRiskModel('pm1') as ScenarioModel
const standard = readRiskModel('standard') as StandardModel
const linear = readRiskModel('linear')

/** The market with perpetuals at the spot, so that everything is round. */
const ROUND: MarketSnapshot = {
  ...MARKET,
  underlyings: MARKET.underlyings.map((each) => ({ ...each, perp: { ...each.perp!, price: each.spot } })),
}

type Side = 'maintenance' | 'initial'

/** What a kind contributes by position, in cash. */
function byPosition(explanation: Explanation, side: Side, ...kinds: readonly ContributionKind[]): number[] {
  return explanation.positions.map((_, i) =>
    explanation[side].contributions
      .filter(({ position, kind }) => position === i && kinds.includes(kind))
      .reduce((sum, { amountE6 }) => sum + Number(amountE6) / 1e6, 0),
  )
}

const close = (got: readonly number[], expected: readonly number[], digits = 5) => {
  expect(got.length).toBe(expected.length)
  got.forEach((each, i) => expect(each).toBeCloseTo(expected[i]!, digits))
}

const explained = (model: RiskModel, account: Account, snapshot = ROUND) => explain(model, snapshot, account)

describe('scenario contributions', () => {
  const perps = [
    { underlying: 'BTC', size: 0.1, quote: -6_000 },
    { underlying: 'ETH', size: -2, quote: 6_000 },
  ]

  it('of two underlyings that offset: half apart, half in the joint scenario', () => {
    // Apart −18 % of BTC and +18 % of ETH; together they lose nothing anywhere
    const explanation = explained(pm2, { cash: 0, perps })
    close(byPosition(explanation, 'initial', 'scenario'), [540, 540])
    close(byPosition(explanation, 'maintenance', 'scenario'), [432, 432])
    const scenarios = explanation.initial.contributions.filter(({ kind }) => kind === 'scenario')
    expect(scenarios.map(({ weight }) => weight)).toEqual([0.5, 0.5])
    expect(scenarios.map(({ scenario }) => explanation.scenarios[scenario]!.spot)).toEqual([0.82, 1.18])
    expect(explanation.groups[0]).toMatchObject({
      ...{ underlyings: ['BTC', 'ETH'], lambda: 0.5, apartE6: -2_160_000_000n, jointE6: 0n },
      worstE6: -1_080_000_000n,
    })
    close(byPosition(explanation, 'initial', 'linear'), [240, 240])
  })

  it('of underlyings that lose together: one scenario, whole', () => {
    const together = [perps[0]!, { underlying: 'ETH', size: 2, quote: -6_000 }]
    const explanation = explained(pm2, { cash: 0, perps: together })
    close(byPosition(explanation, 'initial', 'scenario'), [1_080, 1_080])
    for (const { kind, weight } of explanation.initial.contributions)
      if (kind === 'scenario') expect(weight).toBe(1)
  })

  it('of a hedge lower the requirement', () => {
    const collateral = [{ asset: 'WETH', amount: 1.5 }]
    const explanation = explained(pm2, { cash: 0, perps: [perps[1]!], collateral })
    // ETH +18 %: the perpetual loses 1,080, the collateral gains 810
    close(byPosition(explanation, 'initial', 'scenario'), [1_080, -810])
    close(byPosition(explanation, 'initial', 'collateral'), [0, 450])
    close(byPosition(explanation, 'initial', 'linear', 'option'), [240, 0])
  })

  it('of the static discount are told apart from the move', () => {
    const option = ethOption(3, 3_000, true, 2)
    const explanation = explained(pm2, { cash: 0, options: [option] })
    const { worst } = evaluate(pm2, ROUND, { cash: 0, options: [option] })
    const [moved] = byPosition(explanation, 'initial', 'scenario')
    const [discounted] = byPosition(explanation, 'initial', 'staticDiscount')
    expect(moved! + discounted!).toBeCloseTo(-worst, 4)
    // A long option counts 5 % less and e^(−0.16·T) of that: a discount, whatever it is worth then
    expect(discounted!).toBeGreaterThan(0)
    expect(explanation.underlyings[1]!.worstScenario).toBeGreaterThanOrEqual(0)
  })

  it('of the basis contingency, where it is worst: none of the scenarios', () => {
    // A long future against a short perpetual: no spot move loses, the basis does
    const { expirySeconds, forwardVariable } = expiryOf(3_000, 180)
    const account = {
      cash: 0,
      perps: [{ underlying: 'ETH', size: -forwardVariable / 3_000, quote: forwardVariable }],
      futures: [{ underlying: 'ETH', expirySeconds, size: 1, quote: -forwardVariable }],
    }
    const explanation = explained(pm2, account)
    expect(explanation.underlyings[1]!.worstScenario).toBe(-1)
    const years = 180 / 365
    const basis = forwardVariable * 0.045 * (0.5 + 2 * years)
    close(byPosition(explanation, 'initial', 'basis'), [0, basis], 4)
    close(byPosition(explanation, 'maintenance', 'basis'), [0, 0.8 * basis], 4)
  })
})

describe('charges', () => {
  it('of naked shorts belong to those that are short at the strike', () => {
    const spot = 3_000
    const naked = (call: number, put: number) =>
      byPosition(
        explained(pm2, {
          cash: 0,
          options: [ethOption(2, 3_000, true, call), ethOption(2, 3_000, false, put)],
        }),
        'maintenance',
        'option',
      )
    close(naked(-3, -1), [3 * spot * 0.003, 1 * spot * 0.003])
    close(naked(-3, 1), [2 * spot * 0.003, 0])
    close(naked(1, -3), [0, 2 * spot * 0.003])
    close(naked(-1, 3), [0, 0])
    close(naked(2, 2), [0, 0])
  })

  it('of low confidence fall on all options of an expiry, and grow when a doubted perpetual is held', () => {
    const doubted: MarketSnapshot = {
      ...ROUND,
      underlyings: ROUND.underlyings.map((each) => ({
        ...each,
        spotConfidence: ONE / 2n,
        perp: { ...each.perp!, confidence: ONE / 4n },
      })),
    }
    const options = [ethOption(2, 3_000, true, 2), ethOption(2, 3_300, true, -1)]
    const alone = explained(pm2, { cash: 0, options }, doubted)
    close(byPosition(alone, 'initial', 'confidence'), [0.5 * 2 * 3_000, 0.5 * 3_000])
    close(byPosition(alone, 'maintenance', 'confidence'), [0, 0])
    const perps = [{ underlying: 'ETH', size: 1, quote: 0 }]
    const held = explained(pm2, { cash: 0, options, perps }, doubted)
    close(byPosition(held, 'initial', 'confidence'), [0.75 * 3_000, 0.75 * 2 * 3_000, 0.75 * 3_000])
  })

  it('are scaled where the initial loss factor multiplies them', () => {
    const options = [ethOption(2, 3_000, true, -1)]
    const explanation = explained(pm1, { cash: 0, options })
    close(byPosition(explanation, 'maintenance', 'option'), [30])
    close(byPosition(explanation, 'initial', 'option'), [37.5])
  })

  it('of the linear model are shares of notional', () => {
    const explanation = explained(linear, { cash: 0, perps: [{ underlying: 'ETH', size: -2, quote: 0 }] })
    close(byPosition(explanation, 'initial', 'linear'), [300])
    close(byPosition(explanation, 'maintenance', 'linear'), [180])
    expect([explanation.scenarios, explanation.underlyings[0]!.worstScenario]).toEqual([[], -1])
  })
})

describe('the standard model', () => {
  it('takes shorts one by one where that is better', () => {
    const options = [ethOption(3, 3_300, true, -2)]
    const explanation = explained(standard, { cash: 0, options })
    const { optionMark } = evaluate(standard, ROUND, { cash: 0, options }).underlyings[1]!
    // Maintenance of a short call: its mark and 7.5 % of the spot; the charge is the mark less that margin
    close(byPosition(explanation, 'maintenance', 'option'), [0.075 * 3_000 * 2])
    close(byPosition(explanation, 'maintenance', 'unpaired'), [0])
    // Initially 15 % less what it is out of the money by, at least 10 %
    close(byPosition(explanation, 'initial', 'option'), [0.1 * 3_000 * 2])
    expect(optionMark).toBeLessThan(0)
  })

  it('takes a spread by its worst payoff: each option its own part', () => {
    const options = [ethOption(3, 2_900, true, -1), ethOption(3, 2_950, true, 1)]
    const explanation = explained(standard, { cash: 0, options })
    const marks = explanation.positions.map(({ valueE6 }) => Number(valueE6) / 1e6)
    // Worst at 2,950 and above: −50 for the sold call. The requirement is the mark beyond that
    close(byPosition(explanation, 'maintenance', 'option'), [marks[0]! + 50, marks[1]!])
    close(byPosition(explanation, 'maintenance', 'unpaired'), [0, 0])
  })

  it('charges calls that nothing bounds to those that were sold', () => {
    const options = [
      ethOption(3, 2_900, true, -0.5),
      ethOption(3, 2_950, true, -1.5),
      ethOption(3, 3_000, true, 1),
    ]
    const model: StandardModel = {
      ...standard,
      option: { ...standard.option, maintenanceCallSpot: 9, spotMin: 9, spotMax: 9 },
    }
    const explanation = explained(model, { cash: 0, options })
    const { forwardFixed, forwardVariable } = expiryOf(3_000, 30)
    const unpaired = (forwardFixed + forwardVariable) * 1
    close(byPosition(explanation, 'maintenance', 'unpaired'), [
      1.1 * unpaired * 0.25,
      1.1 * unpaired * 0.75,
      0,
    ])
    close(byPosition(explanation, 'initial', 'unpaired'), [1.2 * unpaired * 0.25, 1.2 * unpaired * 0.75, 0])
  })

  it('charges a broken peg on shorts and perpetuals', () => {
    const broken = { ...ROUND, stablePrice: (ONE * 97n) / 100n }
    const options = [ethOption(3, 3_300, true, -2), ethOption(3, 2_700, false, 4)]
    const perps = [{ underlying: 'ETH', size: 3, quote: 0 }]
    const explanation = explained(standard, { cash: 0, options, perps }, broken)
    const share = 0.01 * 1.2 * 3_000
    close(byPosition(explanation, 'initial', 'peg'), [3 * share, 0, 2 * share])
  })
})

describe('as JSON', () => {
  it('whole micro-cash is text, columns are lists, the rest stays', () => {
    expect(
      jsonOf({ a: 12n, b: new Float64Array([1, 2]), c: [{ d: -1n }], e: 'x', f: null, g: undefined }),
    ).toEqual({
      ...{ a: '12', b: [1, 2], c: [{ d: '-1' }], e: 'x', f: null, g: undefined },
    })
  })

  it('an explanation comes back as it was', () => {
    const explanation = explained(pm2, { cash: 12.5, options: [ethOption(1, 3_000, true, -1)] })
    const back = JSON.parse(JSON.stringify(jsonOf(explanation))) as {
      positions: { instrument: unknown; valueE6: string; scenarioProfitsE6: string[] }[]
      cashE6: string
    }
    expect(back.cashE6).toBe('12500000')
    expect(back.positions[0]!.instrument).toEqual({
      ...{ kind: 'option', underlying: 'ETH', expirySeconds: 172_800, strike: 3_000, isCall: true },
    })
    expect(back.positions[0]!.scenarioProfitsE6.map(BigInt)).toEqual(
      explanation.positions[0]!.scenarioProfitsE6,
    )
  })
})
