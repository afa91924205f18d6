import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRiskModel } from '../model/read-risk-model.ts'
import type { RiskModel, ScenarioModel } from '../model/risk-model.ts'
import { accountArbitrary, ethOption, MARKET, ONE } from '../portfolio/market.fixture.ts'
import type { Account } from '../portfolio/account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, withOptions } from '../portfolio/risk-market.ts'
import { evaluate, evaluatePortfolio } from './evaluate.ts'
import type { Charges, Requirement } from './requirement.ts'
import { accountValue } from './value-account.ts'
import { createWorkspace } from './workspace.ts'

const pm2 = readRiskModel('pm2') as ScenarioModel
const pm1 = readRiskModel('pm1') as ScenarioModel
const standard = readRiskModel('standard')
const linear = readRiskModel('linear')
const sumOf = (charges: Charges) =>
  Object.values(charges).reduce((sum: number, each: number) => sum + each, 0)
const close = (a: number, b: number, gross: number) => Math.abs(a - b) <= 1e-12 * gross + 1e-9
const withoutOptions = ({ options: _, ...rest }: Account): Account => rest

describe('evaluate', () => {
  it('an account with cash alone needs nothing', () => {
    for (const model of [pm2, pm1, standard, linear]) {
      const result = evaluate(model, MARKET, { cash: 1_000 })
      expect(result).toMatchObject({ maintenanceMargin: 1_000, initialMargin: 1_000, worst: 0, value: 1_000 })
      // Rounded against the account by 10⁻⁹ of what was added up
      expect(result.initialMarginE6).toBe(999_999_999n)
      expect(result.initialRequirementE6 === 1n || result.initialRequirementE6 === 2n).toBe(true)
    }
    expect(evaluate(pm2, MARKET, { cash: 0 }).initialMarginE6).toBe(0n)
  })

  it('a perpetual under pm2, by hand', () => {
    const { maintenanceMargin, initialMargin, underlyings } = evaluate(pm2, MARKET, {
      cash: 1_000,
      perps: [{ underlying: 'ETH', size: -2, quote: 6_006 }],
    })
    // Worst at +18 %: −2·3003·0.18 = −1081.08; charges 3 % + 1 % of 2·3000
    expect(maintenanceMargin).toBeCloseTo(1_000 - 0.8 * 1_081.08 - 180, 8)
    expect(initialMargin).toBeCloseTo(1_000 - 1_081.08 - 240, 8)
    expect(underlyings[1]).toMatchObject({ name: 'ETH', worstScenario: 0 })
    expect(underlyings[1]!.linearMark).toBeCloseTo(0, 9)
  })

  it('an account’s value alone is the same to the last bit, in every model', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        for (const model of [pm2, pm1, standard, linear]) {
          const held = model === linear ? withoutOptions(account) : account
          const market = createRiskMarket(model, MARKET, held.options ?? [])
          const portfolio = createPortfolio(market, held)
          const workspace = createWorkspace(market)
          // What was valued before leaves nothing behind.
          accountValue(market, portfolio, workspace)
          const value = accountValue(market, portfolio, workspace)
          if (!Object.is(value, evaluatePortfolio(market, portfolio).value)) return false
        }
        return true
      }),
    )
  })

  it('requirement = −worst·factor + charges, in every model', () => {
    const holds = (model: RiskModel, account: Account) => {
      const r = evaluate(model, MARKET, account)
      return (
        close(
          r.maintenanceRequirement,
          -r.worst * r.lossFactors.maintenance + sumOf(r.maintenanceCharges),
          r.gross,
        ) && close(r.initialRequirement, -r.worst * r.lossFactors.initial + sumOf(r.initialCharges), r.gross)
      )
    }
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        for (const model of [pm2, pm1, standard]) expect(holds(model, account)).toBe(true)
        expect(holds(linear, withoutOptions(account))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('initial margin is never above maintenance margin, and no number is NaN', () => {
    fc.assert(
      fc.property(accountArbitrary, (account) => {
        for (const model of [pm2, pm1, standard]) {
          const r = evaluate(model, MARKET, account)
          expect(r.initialMargin).toBeLessThanOrEqual(r.maintenanceMargin + 1e-9 * r.gross)
          expect(numbersOf(r).every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('the order of positions does not matter, to the last bit', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.infiniteStream(fc.nat()), (account, random) => {
        const shuffled = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, key: random.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item)
        const other = {
          ...account,
          perps: shuffled(account.perps!),
          options: shuffled(account.options!),
          collateral: shuffled(account.collateral!),
        }
        const snapshot = {
          ...MARKET,
          underlyings: shuffled(MARKET.underlyings),
          assets: shuffled(MARKET.assets),
        }
        expect(evaluate(pm2, snapshot, other)).toEqual(evaluate(pm2, MARKET, account))
      }),
      { numRuns: 40 },
    )
  })

  it('cash counts one to one; scaling everything scales the margins', () => {
    fc.assert(
      fc.property(accountArbitrary, fc.integer({ min: 1, max: 100_000 }), (account, more) => {
        const before = evaluate(pm2, MARKET, account)
        const richer = evaluate(pm2, MARKET, { ...account, cash: account.cash + more })
        expect(close(richer.initialMargin - before.initialMargin, more, richer.gross)).toBe(true)
        expect(richer.initialMarginE6 > before.initialMarginE6).toBe(true)
        // Powers of two scale without rounding: bit for bit
        const twice = evaluate(pm2, MARKET, scaled(account, 2))
        expect(twice.initialMargin).toBe(before.initialMargin * 2)
        expect(twice.maintenanceMargin).toBe(before.maintenanceMargin * 2)
      }),
      { numRuns: 60 },
    )
  })

  it('a mirrored position gains what the position loses, but for discounts and skews', () => {
    const flat: ScenarioModel = {
      ...pm2,
      scenarios: pm2.scenarios.filter(({ vol }) => vol !== 'linearSkew' && vol !== 'absoluteSkew'),
      staticDiscount: {
        long: { base: 1, rateMultiplier: 0, rateAddend: 0 },
        short: { base: 1, rateMultiplier: 0, rateAddend: 0 },
      },
    }
    fc.assert(
      fc.property(accountArbitrary, ({ cash, perps, futures, options }) => {
        const account = { cash, perps: perps!, futures: futures!, options: options! }
        const here = evaluate(flat, MARKET, account)
        const there = evaluate(flat, MARKET, scaled(account, -1))
        here.underlyings.forEach(({ scenarioProfits }, u) =>
          scenarioProfits.forEach((profit, s) =>
            expect(there.underlyings[u]!.scenarioProfits[s]! + profit).toBeCloseTo(0, 6),
          ),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('one account for two never needs more than the two apart', () => {
    // Skews apart: there a gain counts as a loss, and closing part of an expiry may raise its value.
    const model = { ...pm2, scenarios: pm2.scenarios.filter(({ vol }) => !vol.endsWith('Skew')) }
    fc.assert(
      fc.property(accountArbitrary, accountArbitrary, (a, b) => {
        const [one, other] = [evaluate(model, MARKET, a), evaluate(model, MARKET, b)]
        const both = evaluate(model, MARKET, merged(a, b))
        const slack = 1e-9 * (one.gross + other.gross)
        expect(both.initialMargin).toBeGreaterThanOrEqual(one.initialMargin + other.initialMargin - slack)
        expect(both.maintenanceMargin).toBeGreaterThanOrEqual(
          one.maintenanceMargin + other.maintenanceMargin - slack,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('pending credit counts toward maintenance margin only', () => {
    const account = { cash: 100, pendingCredit: 50 }
    expect(evaluate(pm2, MARKET, account)).toMatchObject({
      maintenanceMargin: 150,
      initialMargin: 100,
      value: 100,
    })
  })

  it('one market for all accounts gives the same bits as one for each', () => {
    fc.assert(
      fc.property(accountArbitrary, accountArbitrary, (a, b) => {
        const terms = merged(a, b).options!
        const market = createRiskMarket(pm2, MARKET, terms)
        const workspace = createWorkspace(market)
        const shared = [a, b, a].map((account) =>
          evaluatePortfolio(market, createPortfolio(market, account), workspace),
        )
        expect(shared[2]).toEqual(shared[0])
        expect(shared[0]!.initialMargin).toBe(evaluate(pm2, MARKET, a).initialMargin)
        expect(shared[1]!.initialMargin).toBe(evaluate(pm2, MARKET, b).initialMargin)
        const own = withOptions(market, a.options!)
        expect(evaluatePortfolio(own, createPortfolio(own, a))).toEqual(evaluate(pm2, MARKET, a))
      }),
      { numRuns: 30 },
    )
  })

  it('a broken peg multiplies losses, low confidence costs by notional', () => {
    const account: Account = { cash: 0, perps: [{ underlying: 'ETH', size: 1, quote: -3_003 }] }
    const depegged: MarketSnapshot = { ...MARKET, stablePrice: (ONE * 9n) / 10n }
    const whole = evaluate(pm2, MARKET, account)
    const broken = evaluate(pm2, depegged, account)
    expect(broken.lossFactors.initial).toBeCloseTo(1 + 0.09 * 4, 12)
    expect(broken.initialMargin).toBeLessThan(whole.initialMargin)
    expect(broken.maintenanceMargin).toBe(whole.maintenanceMargin)
    const doubted = { ...MARKET.underlyings[1]!, spotConfidence: ONE / 2n }
    const low = evaluate(pm2, { ...MARKET, underlyings: [MARKET.underlyings[0]!, doubted] }, account)
    expect(low.initialCharges.confidence).toBeCloseTo(0.5 * 3_000, 9)
    expect(low.maintenanceMargin).toBe(whole.maintenanceMargin)
  })

  it('naked shorts: a bought put covers a written call of the same strike', () => {
    const charge = (...options: Account['options'] & {}) =>
      evaluate(pm2, MARKET, { cash: 0, options }).maintenanceCharges.option / (3_000 * 0.003)
    expect(charge(ethOption(2, 3_000, true, -2))).toBeCloseTo(2, 12)
    expect(charge(ethOption(2, 3_000, true, -2), ethOption(2, 3_000, false, 1.5))).toBeCloseTo(0.5, 12)
    expect(charge(ethOption(2, 3_000, true, -2), ethOption(2, 3_000, false, -1))).toBeCloseTo(3, 12)
    expect(charge(ethOption(2, 3_000, true, -2), ethOption(2, 3_100, false, 5))).toBeCloseTo(2, 12)
    expect(charge(ethOption(2, 3_000, true, -2), ethOption(3, 3_000, false, 5))).toBeCloseTo(2, 12)
  })
})

function scaled(account: Account, by: number): Account {
  return {
    cash: account.cash * by,
    perps: (account.perps ?? []).map((perp) => ({
      ...perp,
      size: perp.size * by,
      quote: perp.quote * by,
      unsettled: (perp.unsettled ?? 0) * by,
    })),
    futures: (account.futures ?? []).map((each) => ({
      ...each,
      size: each.size * by,
      quote: each.quote * by,
    })),
    options: (account.options ?? []).map((option) => ({ ...option, amount: option.amount * by })),
    collateral: (account.collateral ?? []).map((item) => ({ ...item, amount: item.amount * by })),
  }
}

/** Both accounts in one. */
function merged(a: Account, b: Account): Account {
  const add = <T>(items: readonly T[], keyOf: (item: T) => string, sum: (x: T, y: T) => T): T[] => {
    const all = new Map<string, T>()
    for (const item of items) {
      const held = all.get(keyOf(item))
      all.set(keyOf(item), held === undefined ? item : sum(held, item))
    }
    return [...all.values()]
  }
  return {
    cash: a.cash + b.cash,
    perps: add(
      [...(a.perps ?? []), ...(b.perps ?? [])],
      ({ underlying }) => underlying,
      (x, y) => ({
        ...x,
        size: x.size + y.size,
        quote: x.quote + y.quote,
        unsettled: (x.unsettled ?? 0) + (y.unsettled ?? 0),
      }),
    ),
    futures: add(
      [...(a.futures ?? []), ...(b.futures ?? [])],
      ({ expirySeconds }) => `${expirySeconds}`,
      (x, y) => ({
        ...x,
        size: x.size + y.size,
        quote: x.quote + y.quote,
      }),
    ),
    options: add(
      [...(a.options ?? []), ...(b.options ?? [])],
      ({ amount: _, ...terms }) => JSON.stringify(Object.entries(terms).sort()),
      (x, y) => ({ ...x, amount: x.amount + y.amount }),
    ),
    collateral: add(
      [...(a.collateral ?? []), ...(b.collateral ?? [])],
      ({ asset }) => asset,
      (x, y) => ({
        ...x,
        amount: x.amount + y.amount,
      }),
    ),
  }
}

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value instanceof Float64Array) return [...value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value as Requirement).flatMap(numbersOf)
}
