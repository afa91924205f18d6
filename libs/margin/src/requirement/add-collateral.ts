import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Workspace } from './workspace.ts'

/**
 * Adds collateral: mark, haircuts, the price of low confidence, and for an asset that moves with its
 * underlying the exposure to that spot. Comes after perpetuals: whether one is held counts.
 */
export function addCollateral(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): void {
  const { assets } = market
  const { spotExposure, holdsPerp, totals } = workspace
  for (let i = 0; i < portfolio.asset.length; i++) {
    const asset = portfolio.asset[i]!
    const amount = portfolio.assetAmount[i]!
    const underlying = assets.underlying[asset]!
    const worth = amount * assets.value[asset]!
    totals.collateralMark += worth
    totals.gross += worth
    totals.collateralMaintenance += amount * assets.maintenanceCharge[asset]!
    totals.collateralInitial += amount * assets.initialCharge[asset]!
    totals.confidence += amount * assets.penalty[underlying >= 0 ? holdsPerp[underlying]! : 0]![asset]!
    if (assets.cancelsRisk[asset] === 1) spotExposure[underlying]! += worth
  }
}
