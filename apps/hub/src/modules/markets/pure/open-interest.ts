// What a market's size asks of everybody in it. Spec: docs/markets.md.
import { assert, mulDivCeil, mulDivFloor } from '@causeway/primitives'
import { ONE_E9 } from './bands.ts'
import { NOTIONAL_UNIT } from './grid.ts'

/** Parameters of a market. */
export interface OpenInterestTerms {
  /** Initial margin fraction up to `lowerE6` of open notional, 10⁻⁹. */
  readonly baseE9: bigint
  readonly lowerE6: bigint
  /** From here on it is 1. */
  readonly upperE6: bigint
}

/** Open notional of a market: long size (which is also the short) at the mark, rounded up. */
export function openNotionalE6(openInterestE9: bigint, markE9: bigint): bigint {
  assert(openInterestE9 >= 0n && markE9 >= 0n, 'open interest is not negative')
  return mulDivCeil(openInterestE9, markE9, NOTIONAL_UNIT)
}

/**
 * Initial margin fraction at an open notional, 10⁻⁹, rounded up: min(1, base + (1 − base)·max(0, (OI −
 * lower) ÷
 * (upper − lower))). The market's open notional, the same for every account: splitting gains nothing.
 */
export function initialMarginFractionE9(
  openE6: bigint,
  { baseE9, lowerE6, upperE6 }: OpenInterestTerms,
): bigint {
  assert(baseE9 >= 0n && baseE9 <= ONE_E9 && lowerE6 >= 0n && lowerE6 < upperE6, 'lower is below upper')
  if (openE6 <= lowerE6) return baseE9
  if (openE6 >= upperE6) return ONE_E9
  return baseE9 + mulDivCeil(ONE_E9 - baseE9, openE6 - lowerE6, upperE6 - lowerE6)
}

/**
 * By how much an owner may still move a market's position in the wanted direction under its cap, size in
 * 10⁻⁹, rounded down to lots. `positionE9` is the sum over all of the owner's accounts; what brings it nearer
 * to 0 always fits.
 */
export function ownerRoomE9(
  positionE9: bigint,
  isBuy: boolean,
  capE6: bigint,
  markE9: bigint,
  lotE9: bigint,
): bigint {
  assert(capE6 >= 0n && markE9 > 0n && lotE9 > 0n, 'a cap is cash at a mark')
  const cap = mulDivFloor(capE6, NOTIONAL_UNIT, markE9)
  const along = isBuy ? positionE9 : -positionE9
  const room = cap - along
  if (room >= 0n) return room - (room % lotE9)
  return 0n
}
