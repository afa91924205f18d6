import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { addCollateral } from '../requirement/add-collateral.ts'
import { addLinear } from '../requirement/add-linear.ts'
import { addScenarios } from '../requirement/add-scenarios.ts'
import { sumMargins, takeWorst, type Margins } from '../requirement/value-account.ts'
import { clearWorkspace, type Workspace } from '../requirement/workspace.ts'
import { EMPTY_PORTFOLIO, type ExpiryTerms } from './expiry-terms.ts'

/** `valueAccount` of a scenario model, with every expiry's terms at hand: the same bits. */
export function valueTerms(
  market: RiskMarket,
  model: ScenarioModel,
  portfolio: Portfolio,
  terms: readonly ExpiryTerms[],
  workspace: Workspace,
  margins: Margins,
): void {
  const { totals, profits, basis, optionMark } = workspace
  clearWorkspace(workspace)
  addLinear(market, portfolio, workspace)
  addCollateral(market, portfolio, workspace)
  for (const each of terms) {
    const start = each.underlying * each.profits.length
    for (let s = 0; s < each.profits.length; s++) profits[start + s]! += each.profits[s]!
    basis[each.underlying]! += each.basis
    optionMark[each.underlying]! += each.optionMark
    totals.optionMaintenance += each.optionMaintenance
    totals.optionInitial += each.optionInitial
    totals.confidence += each.confidence
    for (let i = 0; i < each.gross.length; i++) totals.gross += each.gross[i]!
  }
  addScenarios(market, model, EMPTY_PORTFOLIO, workspace) // what moves with the spot
  takeWorst(market, model, workspace)
  sumMargins(market, portfolio, workspace, margins)
}
