import { finite } from '../errors.ts'
import type { RiskModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { checkAccount } from '../portfolio/check-account.ts'
import { toMicroCashDown, toMicroCashUp } from '../portfolio/ledger-units.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import type { Charges, GroupRequirement, Requirement, UnderlyingRequirement } from './requirement.ts'
import { initialFactor, maintenanceFactor, noMargins, valueAccount } from './value-account.ts'
import { createWorkspace, type Workspace } from './workspace.ts'

/**
 * What an account is required to hold under a model, at one snapshot of the market. For many accounts of
 * one market use `createRiskMarket` once and `evaluatePortfolio`, or `valueAccount` without allocation.
 * Throws `MarginError` for anything that is no sound input; the result has no NaN.
 *
 *     const model = readRiskModel('pm2')
 *     evaluate(model, snapshot, { cash: 1_000, perps: [{ underlying: 'ETH', size: -2, quote: 6_006 }] })
 */
export function evaluate(model: RiskModel, snapshot: MarketSnapshot, account: Account): Requirement {
  const market = createRiskMarket(model, snapshot, checkAccount(account).options)
  return evaluatePortfolio(market, createPortfolio(market, account))
}

/** What a portfolio is required to hold. A workspace that is handed in is written over. */
export function evaluatePortfolio(
  market: RiskMarket,
  portfolio: Portfolio,
  workspace: Workspace = createWorkspace(market),
): Requirement {
  const margins = noMargins()
  valueAccount(market, portfolio, workspace, margins)
  const { totals } = workspace
  const { markToMarket, value } = margins
  // Published parameters are taken as they stand: some could overflow
  const maintenanceMargin = finite('maintenance margin', margins.maintenanceMargin)
  const initialMargin = finite('initial margin', margins.initialMargin)
  const { cash, pendingCredit } = portfolio
  const maintenanceRequirement = value + pendingCredit - maintenanceMargin
  const initialRequirement = value - initialMargin
  return {
    model: market.model.kind,
    ...{ markToMarket, cash, value, pendingCredit },
    ...{ maintenanceMargin, initialMargin, maintenanceRequirement, initialRequirement },
    worst: totals.worst,
    lossFactors: { maintenance: maintenanceFactor(market), initial: initialFactor(market) },
    maintenanceCharges: {
      ...NO_INITIAL_CHARGES,
      linear: totals.linearMaintenance,
      option: totals.optionMaintenance,
      collateral: totals.collateralMaintenance,
    },
    initialCharges: {
      linear: totals.linearInitial,
      option: totals.optionInitial,
      collateral: totals.collateralInitial,
      confidence: totals.confidence,
      openInterest: totals.openInterest,
      peg: totals.peg,
    },
    underlyings: underlyingsOf(market, workspace),
    groups: groupsOf(market, workspace),
    gross: totals.gross,
    maintenanceMarginE6: toMicroCashDown(maintenanceMargin, totals.gross),
    initialMarginE6: toMicroCashDown(initialMargin, totals.gross),
    maintenanceRequirementE6: toMicroCashUp(maintenanceRequirement, totals.gross),
    initialRequirementE6: toMicroCashUp(initialRequirement, totals.gross),
  }
}

const NO_INITIAL_CHARGES: Pick<Charges, 'confidence' | 'openInterest' | 'peg'> = {
  confidence: 0,
  openInterest: 0,
  peg: 0,
}

function underlyingsOf({ underlyings, plan }: RiskMarket, workspace: Workspace): UnderlyingRequirement[] {
  const scenarios = plan.scenarioRow.length
  return underlyings.names.map((name, u) => ({
    name,
    optionMark: workspace.optionMark[u]!,
    linearMark: workspace.linearMark[u]!,
    scenarioProfits: workspace.profits.slice(u * scenarios, (u + 1) * scenarios),
    basis: workspace.basis[u]!,
    worst: workspace.worst[u]!,
    worstScenario: workspace.worstScenario[u]!,
  }))
}

function groupsOf({ underlyings }: RiskMarket, workspace: Workspace): GroupRequirement[] {
  return Array.from(underlyings.lambda, (lambda, g) => ({
    underlyings: underlyings.names.filter((_, u) => underlyings.group[u] === g),
    lambda,
    apart: workspace.apart[g]!,
    joint: workspace.joint[g]!,
    jointScenario: workspace.jointScenario[g]!,
    worst: workspace.groupWorst[g]!,
  }))
}
