import { assert } from '@causeway/primitives'
import type { Grid } from './types.ts'

/** 10¹²: what size (10⁻⁹) times price (10⁻⁹) is divided by to be cash (10⁻⁶). */
export const NOTIONAL_UNIT = 1_000_000_000_000n
/** Most lots in one order: 2³⁶, so that 2¹⁷ orders sum exactly in a double. */
export const ORDER_LOTS_MAX = 2 ** 36
/** Most ticks in a price. */
export const PRICE_TICKS_MAX = 2 ** 52

/** Whether a market can have this grid: tick and lot above 0, and every fill's notional whole micro-cash. */
export function isGrid({ tickE9, lotE9 }: Grid): boolean {
  return tickE9 > 0n && lotE9 > 0n && (tickE9 * lotE9) % NOTIONAL_UNIT === 0n
}

/** Whether a price is a multiple of the tick, above 0, and not too large for an auction. */
export function isPrice(priceE9: bigint, { tickE9 }: Grid): boolean {
  return priceE9 > 0n && priceE9 % tickE9 === 0n && priceE9 / tickE9 <= BigInt(PRICE_TICKS_MAX)
}

/** Whether an unsigned size is a multiple of the lot, above 0, and not too large for one order. */
export function isOrderSize(sizeE9: bigint, { lotE9 }: Grid): boolean {
  return sizeE9 > 0n && sizeE9 % lotE9 === 0n && sizeE9 / lotE9 <= BigInt(ORDER_LOTS_MAX)
}

/**
 * A price in whole ticks, towards filling less: a buyer's limit down, a seller's up. Exact for prices that
 * `isPrice` lets through.
 */
export function toTicks(limitE9: bigint, isBuy: boolean, { tickE9 }: Grid): number {
  assert(limitE9 >= 0n && tickE9 > 0n, 'a limit is not negative')
  const ticks = isBuy ? limitE9 / tickE9 : (limitE9 + tickE9 - 1n) / tickE9
  assert(ticks <= BigInt(PRICE_TICKS_MAX), 'a limit is at most 2^52 ticks')
  return Number(ticks)
}

/** A size that `isOrderSize` lets through, in lots. */
export function toLots(sizeE9: bigint, grid: Grid): number {
  assert(isOrderSize(sizeE9, grid), 'a size is a positive multiple of the lot, at most 2^36 of them')
  return Number(sizeE9 / grid.lotE9)
}

/**
 * Cash of a trade, 10⁻⁶, with the sign of the size: exact, since tick·lot is a multiple of 10¹². Only a bug
 * brings a price or size off the grid here.
 */
export function tradeNotionalE6(sizeE9: bigint, priceE9: bigint): bigint {
  const product = sizeE9 * priceE9
  assert(product % NOTIONAL_UNIT === 0n, "a trade's notional is whole micro-cash")
  return product / NOTIONAL_UNIT
}
