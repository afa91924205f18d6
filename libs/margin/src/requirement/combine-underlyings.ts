import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Workspace } from './workspace.ts'

/**
 * The worst outcome of all underlyings together, ≤ 0: over offset groups the sum of (1 − λ)·Σ W + λ·J, with
 * W each underlying's worst and J the worst of their sums in one and the same scenario. As ΣW ≤ J, the
 * result lies between them: it never loses more than the sum, and never less than the worst joint stress.
 * At λ = 0 it is exactly the sum. Spec: docs/margin.md.
 */
export function combineUnderlyings({ underlyings, plan }: RiskMarket, workspace: Workspace): number {
  const { lambda, members } = underlyings
  const { apart, joint, groupWorst, worst } = workspace
  let total = 0
  for (let g = 0; g < lambda.length; g++) {
    const group = members[g]!
    let sum = 0
    for (let i = 0; i < group.length; i++) sum += worst[group[i]!]!
    apart[g] = sum
    findJointWorst(group, g, plan.scenarioRow.length, workspace)
    const share = lambda[g]!
    const isApart = share === 0 || joint[g] === sum
    groupWorst[g] = isApart ? sum : (1 - share) * sum + share * joint[g]!
    total += groupWorst[g]!
  }
  return total
}

/** The least of Σ basis and of Σ profits in each scenario; what is alone has it as its own worst. */
function findJointWorst(group: readonly number[], g: number, scenarios: number, workspace: Workspace): void {
  const { profits, basis, joint, jointScenario, worst, worstScenario } = workspace
  if (group.length === 1) {
    joint[g] = worst[group[0]!]!
    jointScenario[g] = worstScenario[group[0]!]!
    return
  }
  let [least, at] = [0, -1]
  for (let i = 0; i < group.length; i++) least += basis[group[i]!]!
  for (let s = 0; s < scenarios; s++) {
    let profit = 0
    for (let i = 0; i < group.length; i++) profit += profits[group[i]! * scenarios + s]!
    if (profit < least) [least, at] = [profit, s]
  }
  joint[g] = least
  jointScenario[g] = at
}
