import type { RiskMarket } from '../portfolio/risk-market.ts'

/**
 * Whether two markets list the same instruments under the same model: then their tables correspond row by
 * row, and what a move between them costs can be bounded.
 */
export function isComparable(a: RiskMarket, b: RiskMarket): boolean {
  return (
    a.model === b.model &&
    sameTexts(a.underlyings.names, b.underlyings.names) &&
    sameColumn(a.underlyings.perp.map(isPresent), b.underlyings.perp.map(isPresent)) &&
    sameColumn(a.expiries.underlying, b.expiries.underlying) &&
    sameColumn(a.expiries.expirySeconds, b.expiries.expirySeconds) &&
    sameColumn(a.options.expiry, b.options.expiry) &&
    sameColumn(a.options.strike, b.options.strike) &&
    sameColumn(a.options.isCall, b.options.isCall) &&
    sameTexts(a.assets.names, b.assets.names) &&
    sameColumn(a.assets.underlying, b.assets.underlying) &&
    sameColumn(a.assets.cancelsRisk, b.assets.cancelsRisk)
  )
}

type Column = Float64Array | Int32Array | Uint8Array

/** 1 for the mark of a perpetual that there is. */
function isPresent(mark: number): number {
  return Number.isNaN(mark) ? 0 : 1
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}

function sameColumn(a: Column, b: Column): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
