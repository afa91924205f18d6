import { heldPositions, type HeldPosition, type Instrument } from '../explain/held-positions.ts'
import type { RiskModel } from '../model/risk-model.ts'
import type { Account } from '../portfolio/account.ts'
import { checkAccount } from '../portfolio/check-account.ts'
import type { MarketSnapshot } from '../portfolio/market-snapshot.ts'
import { createPortfolio, type Portfolio } from '../portfolio/portfolio.ts'
import { createRiskMarket, type RiskMarket } from '../portfolio/risk-market.ts'
import { black76Greeks } from '../pricing/greeks.ts'

/** What a holding gains by a small move of one thing, all else still. In cash. */
export interface CashGreeks {
  /**
   * The holding in spot that gains as much: a rise of the spot by 1 % gains about deltaCash ÷ 100. The
   * forward moves in proportion, but for what a settlement average has fixed of it.
   */
  readonly deltaCash: number
  /** By how much deltaCash grows, at today's spot, when the spot rises by 1 %. */
  readonly gammaCash: number
  /** Gained when all volatilities rise by one point, 0.50 to 0.51. */
  readonly vegaCash: number
  /** Gained in one day of 24 hours when no price moves. */
  readonly thetaCash: number
  /** Gained when the rate rises by one basis point, 0.0500 to 0.0501, at the same forward. */
  readonly rhoCash: number
}

/** One position's Greeks. */
export interface PositionGreeks extends CashGreeks {
  readonly instrument: Instrument
  readonly size: number
  /** Worth at today's mark. */
  readonly value: number
}

/** Greeks by position, by underlying (in the market's order, ascending by name) and of the whole account. */
export interface AccountGreeks {
  readonly positions: readonly PositionGreeks[]
  readonly underlyings: readonly (CashGreeks & { readonly name: string })[]
  readonly account: CashGreeks
}

/**
 * The Greeks of an account in cash. Options by Black-76 at their marked volatility, under the model's own
 * discounting; perpetuals, futures and risk-cancelling collateral have a delta alone. Throws what `evaluate`
 * throws.
 */
export function accountGreeks(model: RiskModel, snapshot: MarketSnapshot, account: Account): AccountGreeks {
  const market = createRiskMarket(model, snapshot, checkAccount(account).options)
  return portfolioGreeks(market, createPortfolio(market, account))
}

/** The same for a portfolio of a market that stands already. */
export function portfolioGreeks(market: RiskMarket, portfolio: Portfolio): AccountGreeks {
  const held = heldPositions(market, portfolio)
  const firstOption = portfolio.perp.length + portfolio.future.length
  const positions = held.map((position, i) => ({
    instrument: position.instrument,
    size: position.size,
    value: position.value,
    ...(position.instrument.kind === 'option'
      ? optionGreeks(market, portfolio.option[i - firstOption]!, position.size)
      : linearGreeks(market, position)),
  }))
  return {
    positions,
    underlyings: market.underlyings.names.map((name, u) => ({
      name,
      ...total(positions.filter((_, i) => held[i]!.underlying === u)),
    })),
    account: total(positions),
  }
}

const NONE: CashGreeks = { deltaCash: 0, gammaCash: 0, vegaCash: 0, thetaCash: 0, rhoCash: 0 }
const DAYS_PER_YEAR = 365
const POINT = 0.01
const BASIS_POINT = 1e-4

function linearGreeks(
  { underlyings, expiries, assets }: RiskMarket,
  { instrument, size, underlying }: HeldPosition,
): CashGreeks {
  if (underlying < 0) return NONE
  if (instrument.kind === 'perp') return { ...NONE, deltaCash: size * underlyings.perp[underlying]! }
  if (instrument.kind === 'future') {
    const expiry = expiries.indexOf[underlying]!.get(instrument.expirySeconds)!
    return { ...NONE, deltaCash: size * expiries.forwardVariable[expiry]! }
  }
  if (instrument.kind !== 'collateral') return NONE
  return { ...NONE, deltaCash: size * assets.value[assets.indexOf.get(instrument.asset)!]! }
}

/** The spot moves the variable part of the forward alone: ∂F = variable · ∂S ÷ S. */
function optionGreeks({ model, options, expiries }: RiskMarket, option: number, amount: number): CashGreeks {
  const expiry = options.expiry[option]!
  const variable = expiries.forwardVariable[expiry]!
  const published = expiries.snapshots[expiry]!.rate
  const isDiscounted = model.kind === 'scenario' && model.discountsOptions
  const greeks = black76Greeks({
    forward: expiries.forward[expiry]!,
    strike: options.strike[option]!,
    volatility: options.volatility[option]!,
    years: expiries.years[expiry]!,
    rate: isDiscounted ? Math.max(0, published) : 0,
    isCall: options.isCall[option] === 1,
  })
  return {
    deltaCash: amount * greeks.forwardDelta * variable,
    gammaCash: amount * greeks.forwardGamma * variable * variable * POINT,
    vegaCash: amount * greeks.vega * POINT,
    thetaCash: expiries.secondsLeft[expiry] === 0 ? 0 : (amount * greeks.theta) / DAYS_PER_YEAR,
    rhoCash: isDiscounted && published >= 0 ? amount * greeks.rho * BASIS_POINT : 0,
  }
}

function total(greeks: readonly CashGreeks[]): CashGreeks {
  const sum = (name: keyof CashGreeks) => greeks.reduce((cash, each) => cash + each[name], 0)
  return {
    deltaCash: sum('deltaCash'),
    gammaCash: sum('gammaCash'),
    vegaCash: sum('vegaCash'),
    thetaCash: sum('thetaCash'),
    rhoCash: sum('rhoCash'),
  }
}
