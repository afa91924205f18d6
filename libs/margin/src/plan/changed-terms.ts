import type { ScenarioModel } from '../model/risk-model.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Workspace } from '../requirement/workspace.ts'
import { expiryTerms, type ExpiryTerms } from './expiry-terms.ts'
import type { Trade } from './trade.ts'
import type { PortfolioInMarket } from './traded-options.ts'

/** The terms of every expiry of which something is held, ascending. */
export function allTerms(
  market: RiskMarket,
  model: ScenarioModel,
  portfolio: Portfolio,
  workspace: Workspace,
): ExpiryTerms[] {
  const held = new Set(portfolio.future)
  for (const option of portfolio.option) held.add(market.options.expiry[option]!)
  return [...held]
    .sort((a, b) => a - b)
    .map((expiry) => {
      const isHeld = holdsPerp(portfolio, market.expiries.underlying[expiry]!)
      return expiryTerms(market, model, portfolio, expiry, isHeld, workspace)!
    })
}

/** The terms after trades, `before` being the portfolio before: those of touched expiries are made again. */
export function changedTerms(
  { market, portfolio }: PortfolioInMarket,
  model: ScenarioModel,
  before: Portfolio,
  terms: readonly ExpiryTerms[],
  trades: readonly Trade[],
  workspace: Workspace,
): readonly ExpiryTerms[] {
  const touched = touchedExpiries(market, portfolio, before, terms, trades)
  if (touched.size === 0) return terms
  const replaced = [...touched]
    .map((expiry) => {
      const isHeld = holdsPerp(portfolio, market.expiries.underlying[expiry]!)
      return expiryTerms(market, model, portfolio, expiry, isHeld, workspace)
    })
    .filter((each) => each !== undefined)
  return [...terms.filter(({ expiry }) => !touched.has(expiry)), ...replaced].sort(
    (a, b) => a.expiry - b.expiry,
  )
}

/** Traded expiries; and where a perpetual comes or goes those that low confidence in it makes dearer. */
function touchedExpiries(
  { expiries, underlyings }: RiskMarket,
  portfolio: Portfolio,
  before: Portfolio,
  terms: readonly ExpiryTerms[],
  trades: readonly Trade[],
): Set<number> {
  const touched = new Set<number>()
  for (const { instrument } of trades) {
    if (instrument.kind === 'cash' || instrument.kind === 'collateral') continue
    const underlying = underlyings.indexOf.get(instrument.underlying)!
    if (instrument.kind !== 'perp') touched.add(expiries.indexOf[underlying]!.get(instrument.expirySeconds)!)
    else if (holdsPerp(before, underlying) !== holdsPerp(portfolio, underlying))
      for (const { expiry, underlying: own } of terms)
        if (own === underlying && expiries.optionPenalty[0][expiry] !== expiries.optionPenalty[1][expiry])
          touched.add(expiry)
  }
  return touched
}

function holdsPerp({ perp, perpSize }: Portfolio, underlying: number): boolean {
  const at = perp.indexOf(underlying)
  return at >= 0 && perpSize[at] !== 0
}
