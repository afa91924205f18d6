import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { LinearModel, ScenarioModel, StandardModel } from '../model/risk-model.ts'
import { accountArbitrary, expiryOf, MARKET } from '../portfolio/market.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { evaluate } from './evaluate.ts'

const linear = readRiskModel('linear') as LinearModel
const WEEK = 7 * 86_400

/** The market with this much open notional in the ETH perpetual and the weekly ETH future. */
const crowded = (perp: number, future = 0): MarketSnapshot => ({
  ...MARKET,
  underlyings: MARKET.underlyings.map((each) =>
    each.name === 'ETH'
      ? {
          ...each,
          perp: { ...each.perp!, openInterest: perp },
          expiries: each.expiries.map((expiry) => ({ ...expiry, openInterest: future })),
        }
      : each,
  ),
})

const longTwo: Account = { cash: 1_000, perps: [{ underlying: 'ETH', size: 2, quote: -6_006 }] }

describe('linear model', () => {
  it('initial 5 % of the mark, maintenance 60 % of it; profit counts', () => {
    const result = evaluate(linear, MARKET, {
      cash: 1_000,
      perps: [{ underlying: 'ETH', size: -2, quote: 6_100 }],
    })
    expect(result.value).toBeCloseTo(1_094, 9)
    expect(result.initialMargin).toBeCloseTo(1_094 - 0.05 * 6_006, 9)
    expect(result.maintenanceMargin).toBeCloseTo(1_094 - 0.03 * 6_006, 9)
    expect(result.worst).toBe(0)
    expect(result.underlyings[1]!.scenarioProfits.length).toBe(0)
  })

  it('collateral counts less its haircuts', () => {
    const result = evaluate(linear, MARKET, { cash: 0, collateral: [{ asset: 'USDT', amount: 1_000 }] })
    expect(result.value).toBeCloseTo(999, 9)
    expect(result.maintenanceMargin).toBeCloseTo(999 * 0.98, 9)
    expect(result.initialMargin).toBeCloseTo(999 * 0.97, 9)
  })

  it('dated futures at their forward', () => {
    const forward = expiryOf(3_000, 7)
    const mark = forward.forwardFixed + forward.forwardVariable
    const result = evaluate(linear, MARKET, {
      cash: 0,
      futures: [{ underlying: 'ETH', expirySeconds: WEEK, size: -1, quote: mark }],
    })
    expect(result.initialMargin).toBeCloseTo(-0.05 * mark, 9)
    expect(result.maintenanceMargin).toBeCloseTo(-0.03 * mark, 9)
  })

  it('open interest raises the initial share for all, maintenance stays', () => {
    const shareAt = (openInterest: number) => {
      const { initialRequirement, maintenanceRequirement } = evaluate(linear, crowded(openInterest), longTwo)
      expect(maintenanceRequirement).toBeCloseTo(0.03 * 6_006, 6)
      return initialRequirement / 6_006
    }
    expect(shareAt(0)).toBeCloseTo(0.05, 9)
    expect(shareAt(100_000_000)).toBeCloseTo(0.05, 9)
    expect(shareAt(550_000_000)).toBeCloseTo(0.05 + 0.95 * 0.5, 9)
    expect(shareAt(1_000_000_000)).toBeCloseTo(1, 9)
    expect(shareAt(9_000_000_000)).toBeCloseTo(1, 9)
  })

  it('each market has its own open interest', () => {
    const future: Account = {
      cash: 0,
      futures: [{ underlying: 'ETH', expirySeconds: WEEK, size: 1, quote: -3_000 }],
    }
    const calm = evaluate(linear, crowded(1_000_000_000, 0), future)
    const busy = evaluate(linear, crowded(0, 1_000_000_000), future)
    expect(busy.initialRequirement).toBeGreaterThan(calm.initialRequirement * 10)
  })

  it('splitting an account gains nothing', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.integer({ min: 1, max: 99 }), ({ perps, futures }, percent) => {
        const part = (share: number): Account => ({
          cash: 0,
          perps: perps!.map((each) => ({
            ...each,
            size: each.size * share,
            quote: each.quote * share,
            unsettled: (each.unsettled ?? 0) * share,
          })),
          futures: futures!.map((each) => ({ ...each, size: each.size * share, quote: each.quote * share })),
        })
        const market = crowded(400_000_000)
        const whole = evaluate(linear, market, part(1))
        const [one, other] = [percent / 100, 1 - percent / 100].map((share) =>
          evaluate(linear, market, part(share)),
        )
        expect(Math.abs(one!.initialMargin + other!.initialMargin - whole.initialMargin)).toBeLessThanOrEqual(
          1e-11 * whole.gross + 1e-9,
        )
      }),
      { numRuns: 40 },
    )
  })
})

describe('open interest in the other models', () => {
  const rows = [{ underlying: 'ETH', base: 0.02, lower: 1e6, upper: 3e6 }]
  const pm2: ScenarioModel = { ...(readRiskModel('pm2') as ScenarioModel), openInterest: rows }
  const standard: StandardModel = { ...(readRiskModel('standard') as StandardModel), openInterest: rows }

  it('what it grows beyond the base is added to the initial requirement', () => {
    for (const model of [pm2, standard]) {
      const calm = evaluate(model, crowded(1e6), longTwo)
      const busy = evaluate(model, crowded(2e6), longTwo)
      expect(calm.initialCharges.openInterest).toBe(0)
      expect(busy.initialCharges.openInterest).toBeCloseTo(0.49 * 6_006, 9)
      expect(calm.initialMargin - busy.initialMargin).toBeCloseTo(0.49 * 6_006, 6)
      expect(busy.maintenanceMargin).toBe(calm.maintenanceMargin)
    }
  })

  it('underlyings without a row are not touched; * is for the rest', () => {
    const bitcoin: Account = { cash: 0, perps: [{ underlying: 'BTC', size: 1, quote: -60_060 }] }
    const market: MarketSnapshot = {
      ...MARKET,
      underlyings: MARKET.underlyings.map((each) => ({
        ...each,
        perp: { ...each.perp!, openInterest: 1e9 },
      })),
    }
    expect(evaluate(pm2, market, bitcoin).initialCharges.openInterest).toBe(0)
    const all = { ...pm2, openInterest: [...rows, { underlying: '*', base: 0.5, lower: 0, upper: 1 }] }
    expect(evaluate(all, market, bitcoin).initialCharges.openInterest).toBeCloseTo(0.5 * 60_060, 6)
    expect(evaluate(all, crowded(1e6), longTwo).initialCharges.openInterest).toBe(0)
  })
})
