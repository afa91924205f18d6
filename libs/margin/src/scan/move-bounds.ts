import type { RiskMarket } from '../portfolio/risk-market.ts'
import { boundLinear } from './bound-linear.ts'
import { boundOptions } from './bound-options.ts'
import { boundStandardOptions } from './bound-standard-options.ts'
import { isComparable } from './is-comparable.ts'
import { setSlot, type Move, type MoveBounds } from './slot-move.ts'
import { slotsOf } from './slots.ts'

/*
 * What a move of the market can do to any account at all, worked out once for all accounts. Health at share w
 * is maintenance margin − w·requirement = value + pending credit + (1 + w)·(factor·worst − charges). Minima,
 * maxima and sums are the only things in it that join positions, and for those a difference is bounded by the
 * least (greatest) difference of its members. What is left is linear in each position, so that
 *
 *     health(B) − health(A) ≥ Σ amount · (amount ≥ 0 ? least[slot] : greatest[slot])
 *
 * with [least, greatest] the hull of a position's derivative over scenarios and branches: docs/margin.md,
 * "Health bound and scanning", has the proof.
 */

/**
 * Bounds of a move for health at a share of the requirement in basis points; undefined between markets that
 * don't correspond row by row.
 */
export function moveBounds(from: RiskMarket, to: RiskMarket, shareBps = 0): MoveBounds | undefined {
  if (!isComparable(from, to)) return undefined
  const slots = slotsOf(from)
  const sensitivity = new Float64Array(2 * slots.count)
  const move: Move = { from, to, weight: 1 + shareBps / 10_000, slots, sensitivity }
  setSlot(move, 0, { least: 0, greatest: 0, gross: 1, size: 1 })
  boundLinear(move)
  const { model } = from
  if (model.kind === 'scenario') boundOptions(move, model)
  else if (model.kind === 'standard') boundStandardOptions(move, model)
  return move
}
