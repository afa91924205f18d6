import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { addCollateral } from './add-collateral.ts'
import { addLinear } from './add-linear.ts'
import { addOptionCharges, addOptionMarks, addScenarios } from './add-scenarios.ts'
import { addStandardOptions } from './add-standard-options.ts'
import { combineUnderlyings } from './combine-underlyings.ts'
import { clearWorkspace, type Workspace } from './workspace.ts'

/** An account's two margins, and what they are made of. Amounts in cash. */
export interface Margins {
  markToMarket: number
  value: number
  /** Signed surpluses: not negative is healthy. */
  maintenanceMargin: number
  initialMargin: number
}

/**
 * Values an account: fills the workspace and writes the margins, allocating nothing. Spec: docs/margin.md,
 * "Requirements":
 *
 *     maintenance margin = MtM + cash + worst·factor − maintenance charges
 *     initial margin     = MtM + cash + worst·(factor + peg loss) − initial charges
 */
export function valueAccount(
  market: RiskMarket,
  portfolio: Portfolio,
  workspace: Workspace,
  margins: Margins,
): void {
  const { model } = market
  clearWorkspace(workspace)
  addLinear(market, portfolio, workspace)
  addCollateral(market, portfolio, workspace)
  if (model.kind === 'scenario') {
    addScenarios(market, model, portfolio, workspace)
    takeWorst(market, model, workspace)
  } else if (model.kind === 'standard') {
    addStandardOptions(market, model, portfolio, workspace)
  }
  sumMargins(market, portfolio, workspace, margins)
}

/**
 * What an account is worth at today's marks: the `value` that `valueAccount` finds, to the last bit, without
 * outcomes. The workspace is written over.
 */
export function accountValue(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): number {
  const { kind } = market.model
  if (kind === 'standard') {
    const margins = noMargins()
    valueAccount(market, portfolio, workspace, margins)
    return margins.value
  }
  clearWorkspace(workspace)
  addLinear(market, portfolio, workspace)
  addCollateral(market, portfolio, workspace)
  if (kind === 'scenario') addOptionMarks(market, portfolio, workspace)
  return markToMarket(workspace) + portfolio.cash
}

/** What an account is charged apart from outcomes: `totals` but `worst`, as `valueAccount` leaves them. */
export function chargeAccount(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): void {
  const { model } = market
  clearWorkspace(workspace)
  addLinear(market, portfolio, workspace)
  addCollateral(market, portfolio, workspace)
  if (model.kind === 'scenario') {
    addOptionCharges(market, model, portfolio, workspace)
    if (model.contingencies.scaledByLossFactor) scaleInitialCharges(workspace, initialFactor(market))
  }
  workspace.totals.gross += Math.abs(portfolio.cash) + portfolio.pendingCredit
}

/** The worst outcome of underlyings that are all added, and the charges that scale with what it counts. */
export function takeWorst(market: RiskMarket, model: ScenarioModel, workspace: Workspace): void {
  workspace.totals.worst = combineUnderlyings(market, workspace)
  if (model.contingencies.scaledByLossFactor) scaleInitialCharges(workspace, initialFactor(market))
}

/** Writes the margins of a workspace that is filled. */
export function sumMargins(
  market: RiskMarket,
  portfolio: Portfolio,
  workspace: Workspace,
  margins: Margins,
): void {
  const { totals } = workspace
  totals.gross += Math.abs(portfolio.cash) + portfolio.pendingCredit
  margins.markToMarket = markToMarket(workspace)
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

function markToMarket({ totals, optionMark, linearMark }: Workspace): number {
  let marks = 0
  for (let u = 0; u < optionMark.length; u++) marks += optionMark[u]! + linearMark[u]!
  return marks + totals.collateralMark
}

/** What the worst outcome counts with for maintenance margin; 0 in models without scenarios. */
export function maintenanceFactor({ model }: RiskMarket): number {
  return model.kind === 'scenario' ? model.lossFactors.maintenance : 0
}

/** What the worst outcome counts with for initial margin, the loss of a broken peg included. */
export function initialFactor({ model, pegLoss }: RiskMarket): number {
  return model.kind === 'scenario' ? model.lossFactors.initial + pegLoss : 0
}

/** Room for margins. */
export function noMargins(): Margins {
  return { markToMarket: 0, value: 0, maintenanceMargin: 0, initialMargin: 0 }
}

/** The initial factor multiplies the maintenance charges, not what is added to them. */
function scaleInitialCharges({ totals }: Workspace, factor: number): void {
  const more = factor - 1
  totals.linearInitial += totals.linearMaintenance * more
  totals.optionInitial += totals.optionMaintenance * more
  totals.collateralInitial += totals.collateralMaintenance * more
}
