import { heldPositions } from '../explain/held-positions.ts'
import type { OrderInstrument } from '../auction/open-orders.ts'
import { finitePositive } from '../errors.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { closeByCuts } from './close-by-cuts.ts'
import { closeGreedily, leastBetween } from './close-greedily.ts'
import type { Trade } from './trade.ts'
import { createWhatIf, type MarginFigures, type WhatIf } from './what-if.ts'

/** Trades at the mark, each of which makes one position smaller. */
export interface ClosingPlan {
  /** Whether maintenance margin is not negative after them. */
  readonly restoresHealth: boolean
  readonly trades: readonly Trade[]
  /** Σ |size| · spot, in cash. */
  readonly notional: number
  readonly before: MarginFigures
  readonly after: MarginFigures
}

/** What is closed of each position, in steps of a lot. */
export interface Closing {
  readonly positions: readonly ClosablePosition[]
  /** Maintenance margin after closing so many lots of each position. */
  margin(lots: readonly number[]): number
  notional(lots: readonly number[]): number
}

/** A position that can be traded away. */
export interface ClosablePosition {
  readonly instrument: OrderInstrument
  readonly size: number
  /** How many lots it has: the last one may be smaller. */
  readonly lots: number
  /** Cash of notional per lot. */
  readonly notional: number
}

/**
 * The trades that bring maintenance margin back to 0 or more with little notional: again and again what gains most
 * margin per notional, alone or as a pair where each alone gains nothing; then less of whatever turns out not to
 * be needed. Sizes are whole `lot`s (of 1.0), or the whole position. When even closing all doesn't help,
 * the trades that close everything. Deterministic: of equal ones the first in the portfolio's order.
 */
export function closingTrades(market: RiskMarket, portfolio: Portfolio, lot = 1e-9): ClosingPlan {
  const base = createWhatIf(market, portfolio)
  const closing = createClosing(market, portfolio, base, finitePositive('lot', lot))
  const none = closing.positions.map(() => 0)
  const isHealthy = base.before.maintenanceMarginE6 >= 0n
  const greedy = isHealthy ? none : closeGreedily(closing)
  const lots =
    greedy === undefined ? closing.positions.map((position) => position.lots) : closeLess(closing, greedy)
  const trades = tradesOf(closing.positions, lots, lot)
  return {
    restoresHealth: greedy !== undefined,
    trades,
    notional: closing.notional(lots),
    before: base.before,
    after: base.after(trades),
  }
}

/** The smaller one of the greedy closing and that by cuts, each without what it doesn't need. */
function leastOf(closing: Closing, greedy: readonly number[], all: readonly number[]): number[] {
  const trimmed = takeBack(closing, greedy)
  const byCuts = closeByCuts(closing)
  if (byCuts === undefined) return trimmed
  const rounded = byCuts.map((count, i) => Math.min(all[i]!, -Math.floor(-count)))
  const healthy = closing.margin(rounded) >= 0 ? rounded : leastBetween(closing, rounded, all)
  if (closing.margin(healthy) < 0) return trimmed
  const least = takeBack(closing, healthy)
  return closing.notional(least) < closing.notional(trimmed) ? least : trimmed
}

/** From each position in turn, the dearest first, back to the least that is healthy. */
function takeBack(closing: Closing, lots: readonly number[]): number[] {
  let best = [...lots]
  const cost = (i: number) => best[i]! * closing.positions[i]!.notional
  const order = [...best.keys()].sort((a, b) => cost(b) - cost(a) || a - b)
  for (const i of order) {
    if (best[i] === 0) continue
    const without = best.map((count, at) => (at === i ? 0 : count))
    best = closing.margin(without) >= 0 ? without : leastBetween(closing, without, best)
  }
  return best
}

function createClosing(market: RiskMarket, portfolio: Portfolio, base: WhatIf, lot: number): Closing {
  const positions = heldPositions(market, portfolio).flatMap(({ instrument, size, underlying }) => {
    if (instrument.kind === 'collateral' || size === 0) return []
    const notional = lot * market.underlyings.spot[underlying]!
    return [{ instrument, size, lots: -Math.floor(-Math.abs(size) / lot), notional }]
  })
  return {
    positions,
    margin(lots) {
      const { maintenanceMargin, gross } = base.after(tradesOf(positions, lots, lot))
      return maintenanceMargin - ROUNDING_SHARE * gross
    },
    notional: (lots) => lots.reduce((sum, count, i) => sum + count * positions[i]!.notional, 0),
  }
}

/** As `toMicroCashDown`: with this left out, a margin of 0 or more is one in whole micro-cash too. */
const ROUNDING_SHARE = 1e-9

function tradesOf(positions: readonly ClosablePosition[], lots: readonly number[], lot: number): Trade[] {
  return positions.flatMap(({ instrument, size, lots: all }, i) => {
    if (lots[i] === 0) return []
    const closed = lots[i] === all ? Math.abs(size) : lots[i]! * lot
    return [{ instrument, size: size > 0 ? -closed : closed }]
  })
}
