/** What one account, or one isolated subaccount, holds. Sizes are signed and in 1.0 of the underlying. */
export interface Account {
  /** Signed, interest included. */
  readonly cash: number
  /** Deposits not yet final, as far as they count: toward maintenance margin only (`pendingCreditE6`). */
  readonly pendingCredit?: number
  /** An isolated account holds one underlying, and no collateral of another. */
  readonly isolated?: boolean
  readonly perps?: readonly PerpPosition[]
  readonly futures?: readonly FuturePosition[]
  readonly options?: readonly OptionPosition[]
  readonly collateral?: readonly CollateralPosition[]
}

/** A perpetual: worth size·mark + quote + unsettled. */
export interface PerpPosition {
  readonly underlying: string
  readonly size: number
  /** Minus what was paid for it. */
  readonly quote: number
  /** Funding and profit that are fixed but not yet in cash. */
  readonly unsettled?: number
}

/** A dated future: worth size·forward + quote. */
export interface FuturePosition {
  readonly underlying: string
  readonly expirySeconds: number
  readonly size: number
  readonly quote: number
}

/** An option by its terms. */
export interface OptionTerms {
  readonly underlying: string
  readonly expirySeconds: number
  readonly strike: number
  readonly isCall: boolean
}

/** An option held (amount above 0) or written (below). */
export interface OptionPosition extends OptionTerms {
  readonly amount: number
}

/** Collateral: never negative. */
export interface CollateralPosition {
  readonly asset: string
  readonly amount: number
}

/** Positions of all kinds in one account, at most. */
export const POSITIONS_MAX = 10_000
