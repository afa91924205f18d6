import type { OrderInstrument } from '../auction/open-orders.ts'

/** One thing that could happen to an account. `size` is signed. */
export type Trade =
  | {
      readonly instrument: OrderInstrument
      /** Above 0 bought, below 0 sold, in 1.0 of the underlying. */
      readonly size: number
      /** Cash per 1.0; today's mark when it is missing. */
      readonly price?: number
      /** In cash, ≥ 0; 0 when it is missing. */
      readonly fee?: number
    }
  /** Collateral deposited (above 0) or withdrawn. */
  | { readonly instrument: { readonly kind: 'collateral'; readonly asset: string }; readonly size: number }
  /** Cash deposited or withdrawn. */
  | { readonly instrument: { readonly kind: 'cash' }; readonly size: number }
