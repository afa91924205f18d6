// Native price discovery, bounded by the index. Spec: docs/markets.md.
import { assert, mulDivCeil, mulDivFloor } from '@causeway/primitives'
import { MARK_BAND_E9, clampToBand, ofTier } from './bands.ts'
import { ONE_E18, exponentialDecayE18, halfLifeDecayE18 } from './decay.ts'
import { NOTIONAL_UNIT } from './grid.ts'
import type { Basis, DepthOrder, Tier } from './types.ts'

/** 10,000 cash: how much must stand on a side for it to have a price. */
export const IMPACT_NOTIONAL_E6 = 10_000_000_000n
/**
 * Blocks that an order has rested before it counts for an impact price: an entry at height h counts from h
 * + 2.
 */
export const IMPACT_BLOCKS = 2n
/** Time constant of the basis while the book fills the impact notional. */
export const BASIS_TIME_NANOSECONDS = 150_000_000_000n
/** Half-life of the basis while it doesn't. */
export const BASIS_HALF_LIFE_NANOSECONDS = 60_000_000_000n

/** What both sides of the book say; nothing where a side is too thin. */
export interface ImpactPrices {
  readonly bidE9: bigint | undefined
  readonly askE9: bigint | undefined
}

/**
 * The average price at which `notionalE6` would fill one side, best price first: a bid's rounded down, an
 * ask's up. Nothing if the side holds less. Reads no further than it needs.
 */
export function impactPriceE9(
  side: Iterable<DepthOrder>,
  isBid: boolean,
  notionalE6: bigint = IMPACT_NOTIONAL_E6,
): bigint | undefined {
  const wanted = notionalE6 * NOTIONAL_UNIT
  let [size, cash] = [0n, 0n]
  for (const { priceE9, sizeE9 } of side) {
    const more = priceE9 * sizeE9
    if (cash + more < wanted) {
      size += sizeE9
      cash += more
      continue
    }
    // The last order fills in part: wanted ÷ (size + (wanted − cash) ÷ price), both times its price
    const divide = isBid ? mulDivFloor : mulDivCeil
    return divide(wanted, priceE9, size * priceE9 + wanted - cash)
  }
  return undefined
}

/** The middle of the impact prices, rounded down; nothing where a side has none. */
export function impactMidE9({ bidE9, askE9 }: ImpactPrices): bigint | undefined {
  return bidE9 === undefined || askE9 === undefined ? undefined : (bidE9 + askE9) / 2n
}

/**
 * The basis one block later: drawn towards impactMid ÷ index − 1 as a 150 s average, or, where the book has
 * no middle, halved towards 0 every 60 s.
 */
export function nextBasis(
  { basisE18 }: Basis,
  indexE9: bigint,
  midE9: bigint | undefined,
  elapsedNanoseconds: bigint,
): Basis {
  assert(indexE9 > 0n, 'a market has an index')
  if (midE9 === undefined)
    return {
      basisE18: (basisE18 * halfLifeDecayE18(elapsedNanoseconds, BASIS_HALF_LIFE_NANOSECONDS)) / ONE_E18,
    }
  const target = ((midE9 - indexE9) * ONE_E18) / indexE9
  const kept = exponentialDecayE18(elapsedNanoseconds, BASIS_TIME_NANOSECONDS)
  return { basisE18: target + ((basisE18 - target) * kept) / ONE_E18 }
}

/**
 * A perpetual's mark: the median of index, index·(1 + basis) and the middle of the book (for a book without
 * one, index·(1 + basis) stands in), within index ± 0.5, 1 or 2.5 %.
 */
export function perpetualMarkE9(
  indexE9: bigint,
  { basisE18 }: Basis,
  midE9: bigint | undefined,
  tier: Tier,
): bigint {
  assert(indexE9 > 0n, 'a market has an index')
  const smoothed = mulDivFloor(indexE9, ONE_E18 + basisE18, ONE_E18)
  return clampToBand(median(indexE9, smoothed, midE9 ?? smoothed), indexE9, ofTier(MARK_BAND_E9, tier))
}

function median(a: bigint, b: bigint, c: bigint): bigint {
  const [low, high] = a < b ? [a, b] : [b, a]
  return c < low ? low : c > high ? high : c
}
