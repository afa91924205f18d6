import type { RiskModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { checkAccount } from '../portfolio/check-account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import { evaluatePortfolio } from '../requirement/evaluate.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { chargeLines } from './charge-lines.ts'
import type { Contribution, ExplainedRequirement, Explanation } from './explanation.ts'
import { heldPositions, type HeldPosition } from './held-positions.ts'
import type { Line } from './line.ts'
import { scenarioLines } from './scenario-lines.ts'
import { scenarioProfits, type ScenarioProfits } from './scenario-profits.ts'
import { microCash, splitExactly, splitSum } from './split-exactly.ts'

/**
 * Why an account is required to hold what `evaluate` says: by scenario, position and contingency, in whole
 * micro-cash that sum exactly. Throws what `evaluate` throws.
 *
 *     const { initial } = explain(model, snapshot, account)
 *     const sum = initial.contributions.reduce((total, { amountE6 }) => total + amountE6, 0n)
 *     sum === initial.requirementE6 // true
 */
export function explain(model: RiskModel, snapshot: MarketSnapshot, account: Account): Explanation {
  const market = createRiskMarket(model, snapshot, checkAccount(account).options)
  return explainPortfolio(market, createPortfolio(market, account))
}

/** The same for a portfolio of a market that stands already. */
export function explainPortfolio(market: RiskMarket, portfolio: Portfolio): Explanation {
  const requirement = evaluatePortfolio(market, portfolio)
  const held = heldPositions(market, portfolio)
  const profits = scenarioProfits(market, portfolio)
  const lines = [
    ...scenarioLines(market, requirement, held, profits),
    ...chargeLines(market, portfolio, requirement),
  ]
  const maintenance = explainedRequirement(requirement, lines, 'maintenance')
  const initial = explainedRequirement(requirement, lines, 'initial')
  const byScenario = profitsE6(requirement, held, profits)
  const valueE6 = microCash(requirement.value)
  const values = splitExactly([requirement.cash, ...held.map(({ value }) => value)], valueE6)
  const ofPosition = [maintenance, initial].map(({ contributions }) => totals(contributions, held.length))
  return {
    model: requirement.model,
    scenarios: explainedScenarios(market, byScenario.underlyings),
    underlyings: requirement.underlyings.map(({ name, basis, worst, worstScenario }, u) => ({
      ...{ name, group: market.underlyings.group[u]!, scenarioProfitsE6: byScenario.underlyings[u]! },
      ...{ basisE6: microCash(basis), worstE6: microCash(worst) },
      worstScenario: market.model.kind === 'scenario' ? worstScenario : -1,
    })),
    groups: requirement.groups.map(({ underlyings, lambda, apart, joint, jointScenario, worst }) => ({
      ...{ underlyings, lambda, jointScenario },
      apartE6: microCash(apart),
      jointE6: microCash(joint),
      worstE6: microCash(worst),
    })),
    positions: held.map(({ instrument, size }, position) => ({
      ...{ instrument, size, valueE6: values[position + 1]! },
      maintenanceE6: ofPosition[0]![position]!,
      initialE6: ofPosition[1]![position]!,
      scenarioProfitsE6: byScenario.positions[position]!,
    })),
    ...{ valueE6, cashE6: values[0]! },
    pendingCreditE6: microCash(requirement.pendingCredit),
    ...{ maintenance, initial },
  }
}

/** Rounds the parts; what rounding against the account adds to them is a part of its own. */
function explainedRequirement(
  requirement: Requirement,
  lines: readonly Line[],
  side: 'maintenance' | 'initial',
): ExplainedRequirement {
  const requirementE6 = requirement[`${side}RequirementE6`]
  const counted = lines.filter((line) => line[side] !== 0)
  const amounts = splitSum(counted.map((line) => line[side]))
  const contributions: Contribution[] = counted.map(({ kind, position, scenario, weight }, i) => ({
    ...{ kind, position, scenario, weight },
    amountE6: amounts[i]!,
  }))
  const rounding = requirementE6 - amounts.reduce((sum, each) => sum + each, 0n)
  if (rounding !== 0n)
    contributions.push({ kind: 'rounding', position: -1, scenario: -1, weight: 1, amountE6: rounding })
  return {
    requirementE6,
    marginE6: requirement[`${side}MarginE6`],
    lossFactor: requirement.lossFactors[side],
    contributions,
  }
}

function totals(contributions: readonly Contribution[], positions: number): bigint[] {
  const sums = new Array<bigint>(positions).fill(0n)
  for (const { position, amountE6 } of contributions) if (position >= 0) sums[position]! += amountE6
  return sums
}

/** Scenario profits, rounded so that the positions of an underlying sum to its own, which is rounded down. */
function profitsE6(
  { underlyings }: Requirement,
  held: readonly HeldPosition[],
  { moves, discounts }: ScenarioProfits,
): { positions: bigint[][]; underlyings: bigint[][] } {
  const positions: bigint[][] = held.map(() => [])
  const ofUnderlying = underlyings.map(({ scenarioProfits: own }, u) => {
    const members = [...held.keys()].filter((position) => held[position]!.underlying === u)
    return Array.from(own, (profit, s) => {
      const total = members.length === 0 ? 0n : microCash(profit)
      const parts = members.map((position) => {
        const at = position * own.length + s
        return moves[at]! + discounts[at]!
      })
      splitExactly(parts, total).forEach((part, i) => positions[members[i]!]!.push(part))
      return total
    })
  })
  return { positions, underlyings: ofUnderlying }
}

function explainedScenarios({ model }: RiskMarket, profits: readonly bigint[][]): Explanation['scenarios'] {
  if (model.kind !== 'scenario') return []
  return model.scenarios.map(({ spot, vol, dampening }, s) => ({
    ...{ spot, vol, dampening },
    profitE6: profits.reduce((sum, own) => sum + own[s]!, 0n),
  }))
}
