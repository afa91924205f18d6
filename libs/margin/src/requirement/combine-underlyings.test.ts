import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import { accountArbitrary, MARKET } from '../portfolio/market.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import { evaluate } from './evaluate.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const withLambda = (lambda: number): ScenarioModel => ({
  ...pm2,
  offsetGroups: [{ underlyings: ['BTC', 'ETH'], lambda }],
})
const apartModel: ScenarioModel = { ...pm2, offsetGroups: [] }
const lambdaArbitrary = fc.constantFrom(0, 0.25, 0.5, 0.9, 1)
/** Long BTC against short ETH perpetuals of the same notional. */
const spread: Account = {
  cash: 0,
  perps: [
    { underlying: 'BTC', size: 1, quote: -60_060 },
    { underlying: 'ETH', size: -20, quote: 60_060 },
  ],
}

/** The worst joint stress, computed without the library's own sums. */
function worstJointStress({ underlyings }: ReturnType<typeof evaluate>): number {
  const scenarios = underlyings[0]!.scenarioProfits.length
  const sums = Array.from({ length: scenarios }, (_, s) =>
    underlyings.reduce((sum, { scenarioProfits }) => sum + scenarioProfits[s]!, 0),
  )
  return Math.min(
    underlyings.reduce((sum, { basis }) => sum + basis, 0),
    ...sums,
  )
}

describe('cross-underlying offset', () => {
  it('loses never more than the sum and never less than the worst joint stress', () => {
    fc.assert(
      fc.property(accountArbitrary, lambdaArbitrary, (account, lambda) => {
        const result = evaluate(withLambda(lambda), MARKET, account)
        const sum = result.underlyings.reduce((total, { worst }) => total + worst, 0)
        const slack = 1e-12 * result.gross
        expect(result.worst).toBeGreaterThanOrEqual(sum - slack)
        expect(result.worst).toBeLessThanOrEqual(worstJointStress(result) + slack)
        expect(result.worst).toBeLessThanOrEqual(0)
      }),
      { numRuns: 150 },
    )
  })

  it('each underlying’s worst is the least of its basis and its scenarios', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        for (const each of evaluate(pm2, MARKET, account).underlyings) {
          expect(each.worst).toBe(Math.min(each.basis, ...each.scenarioProfits))
          expect(each.worst).toBe(
            each.worstScenario < 0 ? each.basis : each.scenarioProfits[each.worstScenario],
          )
          expect(each.basis).toBeLessThanOrEqual(0)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('λ = 0 is exactly the sum, and the same as no group', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const zero = evaluate(withLambda(0), MARKET, account)
        expect(zero.worst).toBe(zero.underlyings[0]!.worst + zero.underlyings[1]!.worst)
        const apart = evaluate(apartModel, MARKET, account)
        expect(apart.worst).toBe(zero.worst)
        expect(apart.initialMargin).toBe(zero.initialMargin)
        expect(apart.groups.map(({ underlyings }) => underlyings)).toEqual([['BTC'], ['ETH']])
      }),
      { numRuns: 60 },
    )
  })

  it('the more λ, the less is lost', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        const worsts = [0, 0.25, 0.5, 0.75, 1].map((lambda) => evaluate(withLambda(lambda), MARKET, account))
        worsts
          .slice(1)
          .forEach(({ worst, gross }, i) =>
            expect(worst).toBeGreaterThanOrEqual(worsts[i]!.worst - 1e-12 * gross),
          )
      }),
      { numRuns: 40 },
    )
  })

  it('long BTC and short ETH of equal notional lose at least a quarter less than apart', () => {
    const together = evaluate(pm2, MARKET, spread)
    const apart = spread.perps!.map((perp) => evaluate(pm2, MARKET, { cash: 0, perps: [perp] }).worst)
    const saved = 1 - together.worst / (apart[0]! + apart[1]!)
    expect(saved).toBeGreaterThanOrEqual(0.25)
    // λ = 0.5: half of two equal losses
    expect(saved).toBeCloseTo(0.5, 9)
    expect(together.groups).toEqual([
      {
        underlyings: ['BTC', 'ETH'],
        lambda: 0.5,
        apart: apart[0]! + apart[1]!,
        joint: expect.closeTo(0, 6) as number,
        jointScenario: expect.any(Number) as number,
        worst: together.worst,
      },
    ])
  })

  it('one underlying alone gains nothing from its group', () => {
    const alone: Account = { cash: 0, perps: [spread.perps![0]!] }
    expect(evaluate(pm2, MARKET, alone).worst).toBe(evaluate(apartModel, MARKET, alone).worst)
  })

  it('collateral cancels risk in its own underlying only', () => {
    const weth = { collateral: [{ asset: 'WETH', amount: 10 }] }
    const hedged = evaluate(apartModel, MARKET, {
      cash: 0,
      perps: [{ underlying: 'ETH', size: -10, quote: 30_030 }],
      ...weth,
    })
    expect(hedged.underlyings[1]!.worst).toBeGreaterThan(-10 * 3_000 * 0.01)
    const other = evaluate(apartModel, MARKET, {
      cash: 0,
      perps: [{ underlying: 'BTC', size: -0.5, quote: 30_030 }],
      ...weth,
    })
    expect(other.underlyings[0]!.worst).toBeCloseTo(-0.5 * 60_060 * 0.18, 6)
    expect(other.underlyings[1]!.worst).toBeCloseTo(-10 * 3_000 * 0.18, 6)
  })
})
