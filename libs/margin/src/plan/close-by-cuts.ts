import type { Closing } from './closing-trades.ts'
import { leastCost } from './least-cost.ts'

/** Positions beyond which only the greedy closing is sought. */
const POSITIONS_MAX = 64
const CUTS_MAX = 80
/** A share of a position, so small that margin is linear across it. */
const NUDGE = 1e-6
/** How short of 0, as a share of the first shortfall, is near enough. */
const NEAR = 1e-7

/**
 * The closing of least notional, by cutting planes (J. E. Kelley, 1960): margin is concave in what is closed, so
 * that its slope at any point bounds it from above everywhere. Each round asks for the cheapest closing that all
 * slopes so far allow to be healthy, and adds the slope there if it isn't. Where margin isn't concave (a skew that
 * gains; the standard model) the answer may be none or not the least. In lots, not rounded.
 */
export function closeByCuts(closing: Closing): number[] | undefined {
  const { positions } = closing
  if (positions.length > POSITIONS_MAX) return undefined
  const costs = positions.map(({ lots, notional }) => lots * notional)
  const most = costs.reduce((sum, cost) => sum + cost, 0)
  const lotsOf = (shares: readonly number[]) => shares.map((share, i) => share * positions[i]!.lots)
  const marginAt = (shares: readonly number[]) => closing.margin(lotsOf(shares))
  const rows: number[][] = []
  const needs: number[] = []
  let shares = positions.map(() => 0)
  const first = marginAt(shares)
  for (let margin = first; margin < first * NEAR && rows.length < CUTS_MAX; margin = marginAt(shares)) {
    const slope = slopeAt(marginAt, shares, margin)
    const scale = slope.reduce((greatest, each) => Math.max(greatest, Math.abs(each)), 0)
    if (scale === 0) return undefined
    rows.push(slope.map((each) => each / scale))
    needs.push((slope.reduce((sum, each, i) => sum + each * shares[i]!, 0) - margin) / scale)
    const cheapest = leastCost(
      costs.map((cost) => cost / most),
      rows,
      needs,
    )
    if (cheapest === undefined) return undefined
    shares = cheapest
  }
  return lotsOf(shares)
}

/** By how much margin grows per whole position closed, one by one; never beyond the whole. */
function slopeAt(
  marginAt: (shares: readonly number[]) => number,
  shares: readonly number[],
  margin: number,
): number[] {
  return shares.map((share, i) => {
    const nudge = share + NUDGE <= 1 ? NUDGE : -NUDGE
    const near = shares.map((each, at) => (at === i ? each + nudge : each))
    return (marginAt(near) - margin) / nudge
  })
}
