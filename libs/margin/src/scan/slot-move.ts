import type { RiskMarket } from '../portfolio/risk-market.ts'
import type { Slots } from './slots.ts'

/** A move from one market to a comparable one, as a lower bound of what it adds to health. */
export interface MoveBounds {
  readonly from: RiskMarket
  readonly to: RiskMarket
  /** 1 + w: what the requirement counts with in health. */
  readonly weight: number
  /**
   * [2·slot] by 1.0 that is held, [2·slot + 1] by 1.0 that is owed (to be multiplied by the amount below 0).
   */
  readonly sensitivity: Float64Array
}

/** Sensitivities in the making. */
export interface Move extends MoveBounds {
  readonly slots: Slots
}

/** What 1.0 of a slot does. */
export interface SlotMove {
  /** Hull of the change of health. */
  readonly least: number
  readonly greatest: number
  /** What it adds to `gross` at B. */
  readonly gross: number
  /** No term of 1.0 in either valuation is larger. */
  readonly size: number
}

/**
 * Share of the sizes of all terms by which two valuations and the bound may be wrong together: at most 10,000
 * positions and some 50 further operations deep, 3·10⁴·2⁻⁵³ each, is below 10⁻¹¹.
 */
const ROUNDING = 1e-10
/**
 * `toMicroCashDown` and `toMicroCashUp` lay 10⁻⁹ of gross on; the rest is for what gross itself is wrong by.
 */
const LAID_ON = 1.001e-9

/** Sets a slot's interval, widened by what rounding and quantisation may take. */
export function setSlot(move: Move, slot: number, { least, greatest, gross, size }: SlotMove): void {
  const spare = move.weight * (LAID_ON * gross + ROUNDING * size)
  move.sensitivity[2 * slot] = least - spare
  move.sensitivity[2 * slot + 1] = greatest + spare
}
