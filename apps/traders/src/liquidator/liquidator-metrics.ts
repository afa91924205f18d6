import { createMetrics } from '../serve/metrics.ts'

/** What a liquidator counts. Amounts are cash. */
export const liquidatorMetrics = () =>
  createMetrics({
    liquidator_auctions: { kind: 'gauge', help: 'Accounts in auction, as read last' },
    liquidator_looks_total: { kind: 'counter', help: 'Rounds that ended well' },
    liquidator_failures_total: { kind: 'counter', help: 'Rounds and orders that failed' },
    liquidator_left_total: { kind: 'counter', help: 'Auctions left alone, by reason' },
    liquidator_bids_total: { kind: 'counter', help: 'Bids, by what became of them' },
    liquidator_taken_notional_total: { kind: 'counter', help: 'Notional taken over, at prices of the bid' },
    liquidator_paid_total: { kind: 'counter', help: 'What auctions asked for what was taken over' },
    liquidator_earned_total: { kind: 'counter', help: 'Worth at marks less price of what was taken over' },
    liquidator_unwind_orders_total: { kind: 'counter', help: 'Closing orders, by whether they were filled' },
    liquidator_held_notional: { kind: 'gauge', help: 'Notional of positions held' },
    liquidator_equity: { kind: 'gauge', help: 'Equity of the subaccount' },
    liquidator_initial_margin: { kind: 'gauge', help: 'Initial margin left in the subaccount' },
  })

/** Metrics of a liquidator. */
export type LiquidatorMetrics = ReturnType<typeof liquidatorMetrics>
