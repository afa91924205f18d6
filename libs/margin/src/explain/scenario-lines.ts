import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Requirement } from '../requirement/requirement.ts'
import type { HeldPosition } from './held-positions.ts'
import type { Line } from './line.ts'
import type { ScenarioProfits } from './scenario-profits.ts'

/** A scenario (−1: basis contingency) that counts for an underlying, with its share. */
interface Counted {
  readonly scenario: number
  readonly weight: number
}

/** What the worst outcome costs, by position: move, static discount, or basis contingency. */
export function scenarioLines(
  market: RiskMarket,
  requirement: Requirement,
  positions: readonly HeldPosition[],
  profits: ScenarioProfits,
): Line[] {
  if (market.model.kind !== 'scenario') return []
  const scenarios = market.plan.scenarioRow.length
  const { maintenance, initial } = requirement.lossFactors
  const counted = market.underlyings.names.map((_, u) => countedScenarios(market, requirement, u))
  const lines: Line[] = []
  for (const [position, { underlying }] of positions.entries()) {
    for (const { scenario, weight } of counted[underlying] ?? []) {
      const lose = (kind: Line['kind'], profit: number) => {
        const loss = -weight * profit
        lines.push({
          ...{ kind, position, scenario, weight },
          ...{ maintenance: loss * maintenance, initial: loss * initial },
        })
      }
      if (scenario < 0) lose('basis', profits.basis[position]!)
      else {
        lose('scenario', profits.moves[position * scenarios + scenario]!)
        lose('staticDiscount', profits.discounts[position * scenarios + scenario]!)
      }
    }
  }
  return lines
}

/**
 * An underlying's own worst scenario counts 1 − λ, the worst one of its group λ; 1 where they are the same.
 */
function countedScenarios(
  { underlyings }: RiskMarket,
  requirement: Requirement,
  underlying: number,
): Counted[] {
  const group = underlyings.group[underlying]!
  const { lambda, apart, joint, jointScenario } = requirement.groups[group]!
  const own = requirement.underlyings[underlying]!.worstScenario
  if (lambda === 0 || joint === apart || jointScenario === own) return [{ scenario: own, weight: 1 }]
  return [
    { scenario: own, weight: 1 - lambda },
    { scenario: jointScenario, weight: lambda },
  ].filter(({ weight }) => weight !== 0)
}
