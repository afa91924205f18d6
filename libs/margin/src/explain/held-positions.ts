import type { OrderInstrument } from '../auction/open-orders.ts'
import type { OptionTerms } from '../portfolio/account.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'

/** What a position is in: plain data. */
export type Instrument = OrderInstrument | { readonly kind: 'collateral'; readonly asset: string }

/** One position of a portfolio, as it is valued today. */
export interface HeldPosition {
  readonly instrument: Instrument
  /** Signed, in 1.0 of the underlying or asset. */
  readonly size: number
  /** In cash: mark, and for perpetuals and futures what their quote and unsettled profit add. */
  readonly value: number
  /** Index of the underlying whose scenarios move it; −1 for collateral that none moves. */
  readonly underlying: number
}

/** All positions of a portfolio: perpetuals, futures, options, collateral, each kind in its order there. */
export function heldPositions(market: RiskMarket, portfolio: Portfolio): HeldPosition[] {
  return [
    ...Array.from(portfolio.perp, (underlying, i) => perp(market, portfolio, underlying, i)),
    ...Array.from(portfolio.future, (expiry, i) => future(market, portfolio, expiry, i)),
    ...Array.from(portfolio.option, (option, i) => held(market, option, portfolio.optionAmount[i]!)),
    ...Array.from(portfolio.asset, (asset, i) => collateral(market, asset, portfolio.assetAmount[i]!)),
  ]
}

/** What 1.0 of an option of the market is worth today, in cash. */
export function optionValue({ grid, plan }: RiskMarket, option: number): number {
  return grid[option * plan.rows]!
}

/** The terms of an option of the market. */
export function optionTerms({ options, expiries, underlyings }: RiskMarket, option: number): OptionTerms {
  const expiry = options.expiry[option]!
  return {
    underlying: underlyings.names[expiries.underlying[expiry]!]!,
    expirySeconds: expiries.expirySeconds[expiry]!,
    strike: options.strike[option]!,
    isCall: options.isCall[option] === 1,
  }
}

function perp(
  { underlyings }: RiskMarket,
  portfolio: Portfolio,
  underlying: number,
  i: number,
): HeldPosition {
  const size = portfolio.perpSize[i]!
  return {
    instrument: { kind: 'perp', underlying: underlyings.names[underlying]! },
    size,
    value: size * underlyings.perp[underlying]! + portfolio.perpQuote[i]! + portfolio.perpUnsettled[i]!,
    underlying,
  }
}

function future(
  { underlyings, expiries }: RiskMarket,
  portfolio: Portfolio,
  expiry: number,
  i: number,
): HeldPosition {
  const size = portfolio.futureSize[i]!
  const underlying = expiries.underlying[expiry]!
  const expirySeconds = expiries.expirySeconds[expiry]!
  return {
    instrument: { kind: 'future', underlying: underlyings.names[underlying]!, expirySeconds },
    size,
    value: size * expiries.forward[expiry]! + portfolio.futureQuote[i]!,
    underlying,
  }
}

function held(market: RiskMarket, option: number, size: number): HeldPosition {
  return {
    instrument: { kind: 'option', ...optionTerms(market, option) },
    size,
    value: size * optionValue(market, option),
    underlying: market.expiries.underlying[market.options.expiry[option]!]!,
  }
}

function collateral({ assets }: RiskMarket, asset: number, size: number): HeldPosition {
  return {
    instrument: { kind: 'collateral', asset: assets.names[asset]! },
    size,
    value: size * assets.value[asset]!,
    underlying: assets.cancelsRisk[asset] === 1 ? assets.underlying[asset]! : -1,
  }
}
