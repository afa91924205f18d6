// Market-maker protection, per maker and underlying. Spec: docs/markets.md.
import { assert } from '@causeway/primitives'
import type { ProtectionLimits, ProtectionState } from './types.ts'

/** A maker whose quotes were not filled lately: where it begins, and where a reset brings it back. */
export const UNFILLED: ProtectionState = {
  windowStartSeconds: 0n,
  sizeE9: 0n,
  deltaE9: 0n,
  vegaE6: 0n,
  isFrozen: false,
}

/** What quotes of one block were filled: size unsigned, delta and vega signed as the maker now holds them. */
export interface ProtectedFill {
  readonly sizeE9: bigint
  readonly deltaE9: bigint
  readonly vegaE6: bigint
}

/**
 * The state after fills at a block time. A window begins with its first fill and is over `windowSeconds`
 * later. When a sum reaches its limit the maker is frozen: cancel its quotes, refuse new ones until it
 * resets.
 */
export function afterFill(
  state: ProtectionState,
  limits: ProtectionLimits,
  fill: ProtectedFill,
  nowSeconds: bigint,
): ProtectionState {
  assert(fill.sizeE9 >= 0n && limits.windowSeconds > 0n, 'a size filled has no sign, and a window is a time')
  if (fill.sizeE9 === 0n || state.isFrozen) return state
  const isOver = state.sizeE9 === 0n || nowSeconds >= state.windowStartSeconds + limits.windowSeconds
  const before = isOver ? { ...UNFILLED, windowStartSeconds: nowSeconds } : state
  const sizeE9 = before.sizeE9 + fill.sizeE9
  const deltaE9 = before.deltaE9 + fill.deltaE9
  const vegaE6 = before.vegaE6 + fill.vegaE6
  const isFrozen =
    reaches(sizeE9, limits.sizeE9Max) ||
    reaches(deltaE9, limits.deltaE9Max) ||
    reaches(vegaE6, limits.vegaE6Max)
  return { windowStartSeconds: before.windowStartSeconds, sizeE9, deltaE9, vegaE6, isFrozen }
}

function reaches(value: bigint, max: bigint): boolean {
  return max > 0n && (value < 0n ? -value : value) >= max
}
