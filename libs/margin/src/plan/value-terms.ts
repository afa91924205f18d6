import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { addCollateral } from '../requirement/add-collateral.ts'
import { addLinear } from '../requirement/add-linear.ts'
import { addScenarios } from '../requirement/add-scenarios.ts'
import { combineUnderlyings } from '../requirement/combine-underlyings.ts'
import { initialFactor, maintenanceFactor, type Margins } from '../requirement/value-account.ts'
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
  const { totals, profits, basis, optionMark, linearMark } = workspace
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
  totals.worst = combineUnderlyings(market, workspace)
  if (model.contingencies.scaledByLossFactor) {
    const more = initialFactor(market) - 1
    totals.linearInitial += totals.linearMaintenance * more
    totals.optionInitial += totals.optionMaintenance * more
    totals.collateralInitial += totals.collateralMaintenance * more
  }
  totals.gross += Math.abs(portfolio.cash) + portfolio.pendingCredit
  let marks = 0
  for (let u = 0; u < optionMark.length; u++) marks += optionMark[u]! + linearMark[u]!
  margins.markToMarket = marks + totals.collateralMark
  margins.value = margins.markToMarket + portfolio.cash
  margins.maintenanceMargin =
    margins.value +
    portfolio.pendingCredit +
    totals.worst * maintenanceFactor(market) -
    (totals.linearMaintenance + totals.optionMaintenance + totals.collateralMaintenance)
  margins.initialMargin =
    margins.value +
    totals.worst * initialFactor(market) -
    (totals.linearInitial + totals.optionInitial + totals.collateralInitial) -
    (totals.confidence + totals.openInterest + totals.peg)
}
