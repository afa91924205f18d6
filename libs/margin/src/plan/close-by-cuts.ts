import type { Closing } from './least-closing.ts'
import { leastCost } from './least-cost.ts'

/** Positions beyond which only the greedy closing is sought. */
const POSITIONS_MAX = 64
const CUTS_MAX = 80
/** A share of a position, so small that margin is linear across it. */
const NUDGE = 1e-8
/** How far beside a point its slope is taken: the cheapest closings lie just where margin bends. */
const BESIDE = 1e-6
/** What is aimed for beyond 0, as a share of the shortfall: so much is lost, and the search ends. */
const NEAR = 1e-4

/**
 * The closing of least notional, by cutting planes (J. E. Kelley, 1960): margin is concave in what is
 * closed, so that its slope at any point bounds it from above everywhere. Each round asks for the cheapest
 * closing that all slopes so far allow to be healthy, and adds the slope there if it isn't. Where margin
 * isn't concave (a skew that gains; the standard model) the answer may be none or not the least. In lots,
 * not rounded.
 */
export function closeByCuts(closing: Closing): number[] | undefined {
  const { positions } = closing
  if (positions.length > POSITIONS_MAX) return undefined
  const costs = positions.map(({ lots, notional }) => lots * notional)
  const most = costs.reduce((sum, cost) => sum + cost, 0)
  const lotsOf = (shares: readonly number[]) => shares.map((share, i) => share * positions[i]!.lots)
  let shares = positions.map(() => 0)
  const first = closing.margin(shares)
  const marginAt = (at: readonly number[]) => closing.margin(lotsOf(at)) + first * NEAR
  const rows: number[][] = []
  const needs: number[] = []
  while (marginAt(shares) < first * NEAR && rows.length < CUTS_MAX) {
    const beside = shares.map(besides)
    const at = marginAt(beside)
    const slope = slopeAt(marginAt, beside, at)
    const scale = slope.reduce((greatest, each) => Math.max(greatest, Math.abs(each)), 0)
    if (scale === 0) return undefined
    rows.push(slope.map((each) => each / scale))
    needs.push((slope.reduce((sum, each, i) => sum + each * beside[i]!, 0) - at) / scale)
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

/**
 * A share a little further in, by another little for each position, so that no two outcomes are equally
 * bad.
 */
function besides(share: number, i: number): number {
  const little = BESIDE * (1 + ((i * 61) % 97) / 97)
  return share + little <= 1 ? share + little : share - little
}

/** By how much margin grows per whole position closed, one by one. */
function slopeAt(
  marginAt: (shares: readonly number[]) => number,
  shares: readonly number[],
  margin: number,
): number[] {
  return shares.map((share, i) => {
    const near = shares.with(i, share + NUDGE)
    return (marginAt(near) - margin) / NUDGE
  })
}
