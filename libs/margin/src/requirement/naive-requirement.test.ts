import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { ScenarioModel } from '../model/risk-model.ts'
import { accountArbitrary, MARKET, ONE } from '../portfolio/market.fixture.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { evaluate } from './evaluate.ts'
import { naiveRequirement } from './naive-requirement.fixture.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel

/** pm2 with every parameter moved a little, so that none is 0 or 1 by chance. */
const odd: ScenarioModel = {
  ...pm2,
  name: 'odd',
  volShock: {
    rangeUp: 0.45,
    rangeDown: 0.7,
    shortTermPower: 0.4,
    longTermPower: 0.2,
    floorDays: 3,
    upVolMin: 0.6,
  },
  staticDiscount: {
    long: { base: 0.93, rateMultiplier: 1.5, rateAddend: 0.07 },
    short: { base: 1.02, rateMultiplier: 0.4, rateAddend: 0.03 },
  },
  skew: {
    linear: { cap: 0.3, slope: -0.2 },
    absolute: { cap: 0.2, slope: 0.1 },
    kStarMin: 0.05,
    width: 3,
    volBase: 0.5,
    volSlope: -0.3,
  },
  basis: { spotUp: 1.2, spotDown: 0.7, addend: 0.9, timeFactor: 3 },
  lossFactors: { maintenance: 0.7, initial: 1.3 },
  offsetGroups: [{ underlyings: ['ETH', 'BTC'], lambda: 0.3 }],
}

const doubted: MarketSnapshot = {
  ...MARKET,
  stablePrice: (ONE * 97n) / 100n,
  underlyings: MARKET.underlyings.map((each, u) => ({
    ...each,
    spotConfidence: (ONE * BigInt(60 - 10 * u)) / 100n,
    perp: { ...each.perp!, confidence: ONE / 4n },
    expiries: each.expiries.map((expiry, e) => ({
      ...expiry,
      rate: [-0.05, 0, 0.1, 0.3, 0.02][e]!,
      forwardConfidence: (ONE * BigInt(40 + 15 * e)) / 100n,
      volConfidence: (ONE * BigInt(90 - 15 * e)) / 100n,
    })),
  })),
}

const later: MarketSnapshot = { ...MARKET, timeSeconds: 172_800 }

describe('against an oracle that shares no code', () => {
  const scenes: readonly (readonly [string, ScenarioModel, MarketSnapshot])[] = [
    ['pm2', pm2, MARKET],
    ['pm2, low confidence and a broken peg', pm2, doubted],
    ['other parameters', odd, MARKET],
    ['other parameters, low confidence and a broken peg', odd, doubted],
    ['two days later: expiries that are past', odd, later],
  ]
  for (const [name, model, snapshot] of scenes)
    it(name, () => {
      fc.assert(
        fc.property(accountArbitrary, (account) => {
          const result = evaluate(model, snapshot, account)
          const naive = naiveRequirement(model, snapshot, account)
          const near = (got: number, expected: number) =>
            expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-11 * result.gross + 1e-7)
          near(result.value, naive.value)
          near(result.maintenanceMargin, naive.maintenanceMargin)
          near(result.initialMargin, naive.initialMargin)
          result.underlyings.forEach(({ scenarioProfits, basis }, u) => {
            near(basis, naive.bases[u]!)
            scenarioProfits.forEach((profit, s) => near(profit, naive.profits[u]![s]!))
          })
        }),
        { numRuns: 25 },
      )
    })
})
