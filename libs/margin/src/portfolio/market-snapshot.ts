import { finite } from '../errors.ts'
import type { E18 } from '../model/risk-model.ts'
import type { SviSurface } from '../pricing/svi.ts'

/** Everything that is published about the market at one time. All prices in cash per 1.0. */
export interface MarketSnapshot {
  /** The clock that expiries are on; any epoch. */
  readonly timeSeconds: number
  /** What 1.0 cash is worth in the currency of the prices. */
  readonly stablePrice: E18
  readonly underlyings: readonly UnderlyingSnapshot[]
  readonly assets: readonly AssetSnapshot[]
  /**
   * Total variance may fall with time at some log-moneyness: published test cases do that. Default:
   * refused.
   */
  readonly allowsCrossedSurfaces?: boolean
}

/** One underlying. Confidences lie within 0 to 1. */
export interface UnderlyingSnapshot {
  readonly name: string
  readonly spot: number
  readonly spotConfidence: E18
  readonly perp?: PerpSnapshot
  readonly expiries: readonly ExpirySnapshot[]
}

/** The perpetual of an underlying. */
export interface PerpSnapshot {
  /** Mark price. */
  readonly price: number
  readonly confidence: E18
  /** Open notional in cash, for open-interest scaling. */
  readonly openInterest?: number
}

/** One expiry. The forward is the sum of its two parts; only the variable part is shocked. */
export interface ExpirySnapshot {
  readonly expirySeconds: number
  /** What the settlement average has already observed: 0 until 30 minutes before expiry. */
  readonly forwardFixed: number
  readonly forwardVariable: number
  readonly forwardConfidence: E18
  /** Continuous yearly rate; below 0 it counts as 0. */
  readonly rate: number
  readonly rateConfidence: E18
  readonly volConfidence: E18
  readonly surface?: SviSurface
  /** Volatilities of single options; they go before the surface. */
  readonly markVols?: readonly MarkVol[]
  /** Open notional of the dated future in cash. */
  readonly openInterest?: number
}

/** The volatility of one option. */
export interface MarkVol {
  readonly strike: number
  readonly isCall: boolean
  readonly volatility: number
}

/** An asset that counts as collateral. */
export interface AssetSnapshot {
  readonly name: string
  /** In the currency of all prices; its value in cash is price ÷ stable price. */
  readonly price: number
  readonly confidence: E18
  /** Share of the value that maintenance margin leaves out. */
  readonly maintenanceHaircut: number
  /** Share that initial margin leaves out on top of it. */
  readonly initialHaircut: number
  /** The underlying whose spot confidence counts beside the asset's own. */
  readonly underlying?: string
  /** Whether the asset moves with that underlying's spot, and so cancels risk in it (and in no other). */
  readonly cancelsRisk?: boolean
}

/**
 * The fixed and the variable part of a forward within 30 minutes of expiry, where the index average isn't
 * published: fixed = forward·(1800 − e)/1800, variable = forward·e/1800 with e the seconds left. Throws
 * `MarginError` 1.
 */
export function splitForward(
  forward: number,
  secondsLeft: number,
): { readonly forwardFixed: number; readonly forwardVariable: number } {
  const left = Math.min(Math.max(secondsLeft, 0), SETTLEMENT_WINDOW_SECONDS)
  const forwardFixed = (forward * (SETTLEMENT_WINDOW_SECONDS - left)) / SETTLEMENT_WINDOW_SECONDS
  const forwardVariable = (forward * left) / SETTLEMENT_WINDOW_SECONDS
  finite('forward', forwardFixed + forwardVariable)
  return { forwardFixed, forwardVariable }
}

/** The settlement price is the mean of the index over this time before expiry. */
export const SETTLEMENT_WINDOW_SECONDS = 1800
