import type { RiskModel } from '../model/risk-model.ts'

/**
 * Initial share of notional that a market's open notional asks for:
 * min(1, base + (1 − base)·max(0, (open interest − lower) ÷ (upper − lower))); 0 where the model says nothing
 * about the underlying. It holds for every account alike: splitting accounts gains nothing. Spec:
 * docs/markets.md.
 */
export function openInterestFraction(model: RiskModel, underlying: string, openInterest: number): number {
  const rows = model.openInterest
  const row =
    rows.find((each) => each.underlying === underlying) ?? rows.find((each) => each.underlying === '*')
  if (!row) return 0
  const grown = Math.max(0, (openInterest - row.lower) / (row.upper - row.lower))
  return Math.min(1, row.base + (1 - row.base) * grown)
}
