import { toMicroCashDown } from '../portfolio/ledger-units.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { createWorkspace, type Workspace } from '../requirement/workspace.ts'
import type { OpenOrder } from './open-orders.ts'
import { reserveOrders } from './order-reservation.ts'

/** Orders of one side of one instrument, as if they were one. */
export interface OrderSum extends OpenOrder {
  /** How many there are. */
  readonly orders: number
  /** No order's limit is above it; `limit` is the worst one, or worse. */
  readonly highest: number
}

/** Rounding up costs an order that much at most, in fees and in what it is summed from: micro-cash. */
const ROUNDING_E6 = 2

/**
 * Whether orders leave no less than 0 of initial margin, whichever of them fill, found from their sums alone.
 * True is sure: `reserveOrders` over the single orders, or over less of each, is not below 0 then; false says
 * nothing. It is so because of two orders with limits l ≤ L the buyer's loss per 1.0 is never above that at
 * L, the seller's never above that at l, charges depend on sums only, and a fee that is no greater than its
 * share of `fee` plus a micro-cash adds no more than that. Throws as `reserveOrders` does.
 */
export function coversOrders(
  market: RiskMarket,
  portfolio: Portfolio,
  sums: readonly OrderSum[],
  workspace: Workspace = createWorkspace(market),
): boolean {
  const { initialMargin, gross } = reserveOrders(market, portfolio, sums, workspace)
  let [most, orders] = [gross, 0]
  for (const sum of sums) {
    most += Math.abs(sum.size) * sum.highest
    orders += sum.orders
  }
  // The single orders are rounded down by a share of no more than `most`.
  return toMicroCashDown(initialMargin, 2 * most) >= BigInt(orders * ROUNDING_E6)
}
