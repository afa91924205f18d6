import { toMicroCashDown, toMicroCashUp } from '../portfolio/ledger-units.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Requirement } from '../requirement/requirement.ts'
import { noMargins, valueAccount, type Margins } from '../requirement/value-account.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'
import { applyTrades } from './apply-trades.ts'
import { allTerms, changedTerms } from './changed-terms.ts'
import type { ExpiryTerms } from './expiry-terms.ts'
import type { Trade } from './trade.ts'
import { withTradedOptions, type PortfolioInMarket } from './traded-options.ts'
import { valueTerms } from './value-terms.ts'

/** What a valuation comes to: the figures of `Requirement` that are one number. */
export type MarginFigures = Pick<
  Requirement,
  | 'markToMarket'
  | 'cash'
  | 'value'
  | 'maintenanceMargin'
  | 'initialMargin'
  | 'gross'
  | 'maintenanceMarginE6'
  | 'initialMarginE6'
  | 'maintenanceRequirementE6'
  | 'initialRequirementE6'
>

/** A portfolio that stands valued, ready to be asked what trades would change. */
export interface WhatIf extends PortfolioInMarket {
  readonly before: MarginFigures
  /** The figures after trades: those of a whole valuation of `applyTrades`, bit for bit. */
  after(trades: readonly Trade[]): MarginFigures
}

/** What trades do to an account's figures. */
export interface WhatIfResult {
  readonly before: MarginFigures
  readonly after: MarginFigures
}

/**
 * What trades would change. For several questions about one portfolio make a `createWhatIf` once. Throws
 * what `applyTrades` and `withTradedOptions` throw.
 *
 *     const { after } = whatIf(market, portfolio, [{ instrument, size: 2 }])
 *     after.initialMarginE6
 */
export function whatIf(market: RiskMarket, portfolio: Portfolio, trades: readonly Trade[]): WhatIfResult {
  const base = createWhatIf(market, portfolio)
  return { before: base.before, after: base.after(trades) }
}

/**
 * Values a portfolio so that trades cost only what they touch: the options of an expiry that a trade
 * changes are summed again over all scenarios, in their order; every other expiry's terms are kept and only
 * added up, in the order of a whole valuation, which is why the bits agree. Models without scenarios are
 * cheap: they are valued whole.
 */
export function createWhatIf(market: RiskMarket, portfolio: Portfolio): WhatIf {
  const workspace = createWorkspace(market)
  const margins = noMargins()
  const { model } = market
  if (model.kind !== 'scenario') {
    const figuresOf = (held: PortfolioInMarket) => {
      valueAccount(held.market, held.portfolio, workspace, margins)
      return figures(held.portfolio, margins, workspace)
    }
    const after = (trades: readonly Trade[]) => figuresOf(traded({ market, portfolio }, trades))
    return { market, portfolio, before: figuresOf({ market, portfolio }), after }
  }
  const terms = allTerms(market, model, portfolio, workspace)
  const figuresOf = (held: PortfolioInMarket, all: readonly ExpiryTerms[]) => {
    valueTerms(held.market, model, held.portfolio, all, workspace, margins)
    return figures(held.portfolio, margins, workspace)
  }
  const after = (trades: readonly Trade[]) => {
    const held = traded({ market, portfolio }, trades)
    return figuresOf(held, changedTerms(held, model, portfolio, terms, trades, workspace))
  }
  return { market, portfolio, before: figuresOf({ market, portfolio }, terms), after }
}

function traded(held: PortfolioInMarket, trades: readonly Trade[]): PortfolioInMarket {
  const { market, portfolio } = withTradedOptions(held, trades)
  return { market, portfolio: applyTrades(market, portfolio, trades) }
}

function figures({ cash, pendingCredit }: Portfolio, margins: Margins, { totals }: Workspace): MarginFigures {
  const { markToMarket, value, maintenanceMargin, initialMargin } = margins
  const { gross } = totals
  return {
    ...{ markToMarket, cash, value, maintenanceMargin, initialMargin, gross },
    maintenanceMarginE6: toMicroCashDown(maintenanceMargin, gross),
    initialMarginE6: toMicroCashDown(initialMargin, gross),
    maintenanceRequirementE6: toMicroCashUp(value + pendingCredit - maintenanceMargin, gross),
    initialRequirementE6: toMicroCashUp(value - initialMargin, gross),
  }
}
