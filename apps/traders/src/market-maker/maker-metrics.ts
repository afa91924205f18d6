import { createMetrics } from '../serve/metrics.ts'

/** What a market maker counts. */
export const makerMetrics = () =>
  createMetrics({
    maker_quoted_markets: { kind: 'gauge', help: 'Markets that have quotes' },
    maker_quotings_total: {
      kind: 'counter',
      help: 'Mass quotes, by why: the time, a move, or a price that is not fresh',
    },
    maker_failures_total: { kind: 'counter', help: 'Rounds that failed' },
    maker_equity: { kind: 'gauge', help: 'Equity of the subaccount, cash' },
    maker_initial_margin: { kind: 'gauge', help: 'Initial margin left, cash' },
    maker_position: { kind: 'gauge', help: 'What is held of a market, signed' },
  })

/** Metrics of a market maker. */
export type MakerMetrics = ReturnType<typeof makerMetrics>
