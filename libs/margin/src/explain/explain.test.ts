import { describe, expect, it } from 'vitest'
import { createPortfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket } from '../portfolio/risk-market.ts'
import { evaluate, evaluatePortfolio } from '../requirement/evaluate.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { explain, explainPortfolio } from './explain.ts'
import type { ContributionKind, ExplainedRequirement, Explanation } from './explanation.ts'
import { microCash } from './split-exactly.ts'
import { jsonOf } from './json-of.ts'
import { drawFrom, models, randomAccount, randomCase, randomSnapshot } from './random-case.fixture.ts'

const CASES = 2_000

function sum(explained: ExplainedRequirement, ...kinds: readonly ContributionKind[]): bigint {
  return explained.contributions
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .reduce((total, { amountE6 }) => total + amountE6, 0n)
}

function explained(seed: number): { explanation: Explanation; requirement: Requirement } {
  const { model, snapshot, account } = randomCase(seed)
  const market = createRiskMarket(model, snapshot, account.options)
  const portfolio = createPortfolio(market, account)
  return {
    explanation: explainPortfolio(market, portfolio),
    requirement: evaluatePortfolio(market, portfolio),
  }
}

describe('an explanation', () => {
  it(`sums exactly to the requirement: ${CASES} random accounts of ${models.length} models`, () => {
    for (let seed = 0; seed < CASES; seed++) {
      const { explanation, requirement } = explained(seed)
      expect(sum(explanation.maintenance), `${seed}`).toBe(requirement.maintenanceRequirementE6)
      expect(sum(explanation.initial), `${seed}`).toBe(requirement.initialRequirementE6)
      expect(explanation.maintenance.marginE6).toBe(requirement.maintenanceMarginE6)
      expect(explanation.initial.marginE6).toBe(requirement.initialMarginE6)
      // Rounding is left with what rounding against the account adds, and nothing else
      for (const side of [explanation.maintenance, explanation.initial]) {
        const beyond = Number(sum(side, 'rounding')) / 1e6 - 1e-9 * requirement.gross
        expect(Math.abs(beyond), `${seed}`).toBeLessThan(3e-6 + 1e-13 * requirement.gross)
      }
    }
  })

  it('agrees with the charges by reason', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { explanation, requirement } = explained(seed)
      const tolerance = 40e-6 + 1e-12 * requirement.gross
      const near = (micro: bigint, cash: number) =>
        expect(Math.abs(Number(micro) / 1e6 - cash), `${seed}`).toBeLessThan(tolerance)
      for (const [side, charges] of [
        [explanation.maintenance, requirement.maintenanceCharges],
        [explanation.initial, requirement.initialCharges],
      ] as const) {
        near(sum(side, 'linear'), charges.linear)
        near(sum(side, 'option', 'unpaired'), charges.option)
        near(sum(side, 'collateral'), charges.collateral)
        near(sum(side, 'confidence'), charges.confidence)
        near(sum(side, 'openInterest'), charges.openInterest)
        near(sum(side, 'peg'), charges.peg)
        near(sum(side, 'scenario', 'staticDiscount', 'basis'), -requirement.worst * side.lossFactor)
      }
    }
  })

  it('has every position, and its parts sum up over them', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { account } = randomCase(seed)
      const { explanation } = explained(seed)
      const { positions } = explanation
      const held = [account.perps, account.futures, account.options, account.collateral]
      expect(positions.length).toBe(held.reduce((count, list) => count + (list?.length ?? 0), 0))
      for (const [i, { maintenanceE6, initialE6 }] of positions.entries()) {
        const of = (side: ExplainedRequirement) =>
          side.contributions
            .filter(({ position }) => position === i)
            .reduce((total, { amountE6 }) => total + amountE6, 0n)
        expect([maintenanceE6, initialE6]).toEqual([of(explanation.maintenance), of(explanation.initial)])
      }
      const value = positions.reduce((total, { valueE6 }) => total + valueE6, explanation.cashE6)
      expect(value).toBe(explanation.valueE6)
    }
  })

  it('gives every position its profit in every scenario', () => {
    for (let seed = 0; seed < 300; seed++) {
      const { explanation, requirement } = explained(seed)
      for (const [u, { name, scenarioProfitsE6, worstScenario }] of explanation.underlyings.entries()) {
        const own = requirement.underlyings[u]!
        expect(name).toBe(own.name)
        if (explanation.model === 'scenario') expect(worstScenario).toBe(own.worstScenario)
        else expect(worstScenario).toBe(-1)
        for (const [s, profitE6] of scenarioProfitsE6.entries()) {
          const parts = explanation.positions.filter(({ instrument }) =>
            instrument.kind === 'collateral'
              ? movesWith(seed, instrument.asset, name)
              : instrument.underlying === name,
          )
          expect(parts.reduce((total, part) => total + part.scenarioProfitsE6[s]!, 0n)).toBe(profitE6)
          expect(profitE6).toBe(microCash(own.scenarioProfits[s]!))
        }
      }
      for (const [s, { profitE6 }] of explanation.scenarios.entries())
        expect(explanation.underlyings.reduce((t, own) => t + own.scenarioProfitsE6[s]!, 0n)).toBe(profitE6)
    }
  })

  it('never has a number that is none, and survives JSON', () => {
    for (let seed = 0; seed < 200; seed++) {
      const json = JSON.stringify(jsonOf(explained(seed).explanation))
      expect(json).not.toMatch(/NaN|Infinity|null/)
      const back = JSON.parse(json) as {
        initial: { requirementE6: string; contributions: { amountE6: string }[] }
      }
      const total = back.initial.contributions.reduce((t, { amountE6 }) => t + BigInt(amountE6), 0n)
      expect(String(total)).toBe(back.initial.requirementE6)
    }
  })

  it('depends on no order of positions', () => {
    const { model, snapshot, account } = randomCase(10)
    const reversed = {
      ...account,
      options: [...account.options!].reverse(),
      perps: [...account.perps!].reverse(),
    }
    expect(explain(model, snapshot, reversed)).toEqual(explain(model, snapshot, account))
  })

  it('of nothing is empty', () => {
    const { model, snapshot } = randomCase(0)
    const { maintenance, positions, valueE6 } = explain(model, snapshot, { cash: 0 })
    expect([maintenance.contributions, positions, valueE6]).toEqual([[], [], 0n])
  })

  it('holds for hundreds of positions', () => {
    for (const model of models.slice(0, 4)) {
      const draw = drawFrom(7)
      const snapshot = randomSnapshot(draw)
      const account = randomAccount(draw, snapshot, model, 60)
      const explanation = explain(model, snapshot, account)
      expect(explanation.positions.length).toBeGreaterThan(60)
      expect(sum(explanation.initial)).toBe(evaluate(model, snapshot, account).initialRequirementE6)
    }
  })
})

function movesWith(seed: number, asset: string, underlying: string): boolean {
  return randomCase(seed).snapshot.assets.some(
    (each) => each.name === asset && each.cancelsRisk === true && each.underlying === underlying,
  )
}
