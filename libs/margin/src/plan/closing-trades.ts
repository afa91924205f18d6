import { heldPositions } from '../explain/held-positions.ts'
import { finitePositive } from '../errors.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { RiskMarket } from '../portfolio/risk-market.ts'
import { leastClosing, type ClosablePosition, type Closing } from './least-closing.ts'
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

/**
 * The trades that bring maintenance margin back to 0 or more with little notional (`leastClosing`). Sizes are
 * whole `lot`s (of 1.0), or the whole position. When nothing helps, the trades that close everything.
 * Deterministic: of equal ones the first in the portfolio's order.
 */
export function closingTrades(market: RiskMarket, portfolio: Portfolio, lot = 1e-9): ClosingPlan {
  const base = createWhatIf(market, portfolio)
  const closing = createClosing(market, portfolio, base, finitePositive('lot', lot))
  const least = base.before.maintenanceMarginE6 >= 0n ? closing.positions.map(() => 0) : leastClosing(closing)
  const lots = least ?? closing.positions.map((position) => position.lots)
  const trades = tradesOf(closing.positions, lots, lot)
  return {
    restoresHealth: least !== undefined,
    trades,
    notional: closing.notional(lots),
    before: base.before,
    after: base.after(trades),
  }
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
