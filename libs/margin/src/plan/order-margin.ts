import type { OpenOrder } from '../auction/open-orders.ts'
import { reserveOrders } from '../auction/order-reservation.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { withTradedOptions } from './traded-options.ts'
import { createWhatIf } from './what-if.ts'

/** What one order takes of an account's margins, in whole micro-cash; below 0 where it frees some. */
export interface OrderMargin {
  /** Less initial and maintenance margin once it has filled whole at its limit, fee paid. */
  readonly filledInitialE6: bigint
  readonly filledMaintenanceE6: bigint
  /**
   * Less initial margin while it waits, when no other order does: it counts by the worse of filling and not
   * filling. Missing in the standard model, which has no such bound.
   */
  readonly reservedE6?: bigint
}

/** The margin cost of a single order. Throws what `whatIf` and `reserveOrders` throw. */
export function orderMargin(market: RiskMarket, portfolio: Portfolio, order: OpenOrder): OrderMargin {
  const { instrument, size, limit, fee } = order
  const trade = { instrument, size, price: limit, fee }
  const known = withTradedOptions({ market, portfolio }, [trade])
  const base = createWhatIf(known.market, known.portfolio)
  const { before } = base
  const after = base.after([trade])
  const filled = {
    filledInitialE6: before.initialMarginE6 - after.initialMarginE6,
    filledMaintenanceE6: before.maintenanceMarginE6 - after.maintenanceMarginE6,
  }
  if (market.model.kind === 'standard') return filled
  const { initialMarginE6 } = reserveOrders(known.market, known.portfolio, [order])
  return { ...filled, reservedE6: before.initialMarginE6 - initialMarginE6 }
}
