import type { LinearCharges } from '../portfolio/linear-charges.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Totals, Workspace } from './workspace.ts'

/** Adds perpetuals and dated futures: mark, exposure to spot, charges. */
export function addLinear(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): void {
  addPerps(market, portfolio, workspace)
  addFutures(market, portfolio, workspace)
}

function addPerps(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): void {
  const { model, underlyings, pegLoss } = market
  const { linearMark, spotExposure, holdsPerp, totals } = workspace
  for (let i = 0; i < portfolio.perp.length; i++) {
    const underlying = portfolio.perp[i]!
    const size = portfolio.perpSize[i]!
    const worth = size * underlyings.perp[underlying]!
    linearMark[underlying]! += worth + portfolio.perpQuote[i]! + portfolio.perpUnsettled[i]!
    totals.gross +=
      Math.abs(worth) + Math.abs(portfolio.perpQuote[i]!) + Math.abs(portfolio.perpUnsettled[i]!)
    if (size === 0) continue
    spotExposure[underlying]! += worth
    holdsPerp[underlying] = 1
    addCharges(totals, underlyings.perpCharges[underlying]!, Math.abs(size))
    if (model.kind === 'standard') totals.peg += pegLoss * underlyings.spot[underlying]! * Math.abs(size)
  }
}

function addFutures(market: RiskMarket, portfolio: Portfolio, workspace: Workspace): void {
  const { model, underlyings, expiries, pegLoss } = market
  const { linearMark, spotExposure, totals } = workspace
  for (let i = 0; i < portfolio.future.length; i++) {
    const expiry = portfolio.future[i]!
    const underlying = expiries.underlying[expiry]!
    const size = portfolio.futureSize[i]!
    const worth = size * expiries.forward[expiry]!
    linearMark[underlying]! += worth + portfolio.futureQuote[i]!
    totals.gross += Math.abs(worth) + Math.abs(portfolio.futureQuote[i]!)
    spotExposure[underlying]! += size * expiries.forwardVariable[expiry]!
    addCharges(totals, expiries.futureCharges[expiry]!, Math.abs(size))
    if (model.kind === 'standard') totals.peg += pegLoss * underlyings.spot[underlying]! * Math.abs(size)
  }
}

function addCharges(totals: Totals, charges: LinearCharges, size: number): void {
  totals.linearMaintenance += charges.maintenance * size
  totals.linearInitial += charges.initial * size
  totals.confidence += charges.penalty * size
  totals.openInterest += charges.surcharge * size
}
