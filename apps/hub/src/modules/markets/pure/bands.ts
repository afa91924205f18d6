import { assert, mulDivCeil, mulDivFloor } from '@causeway/primitives'
import type { ByTier, MarketKind, Tier } from './types.ts'

/** 10⁹: 1.0 of a price, a size or a share. */
export const ONE_E9 = 1_000_000_000n
/** How far from the mark an auction may clear and a linear trade by RFQ may be: 5, 10, 20 %. */
export const CLEARING_BAND_E9: ByTier = [50_000_000n, 100_000_000n, 200_000_000n]
/** How far from the index a perpetual's mark may be: 0.5, 1, 2.5 %. */
export const MARK_BAND_E9: ByTier = [5_000_000n, 10_000_000n, 25_000_000n]
/** How far from the mark a market order may fill: 5 %. */
export const MARKET_ORDER_BAND_E9 = 50_000_000n
/** How far from the mark a linear trade may be that is to count as risk-reducing: 1 %. */
export const REDUCING_BAND_E9 = 10_000_000n
/**
 * How far from its mark an option may trade outside the auctions: the larger of 20 % of mark, 1 % of index.
 */
export const OPTION_BAND = { markShareE9: 200_000_000n, indexShareE9: 10_000_000n } as const

const BAND_E9_MAX = 10n ** 18n

/** What a price is judged against. */
export interface BandTerms {
  readonly kind: MarketKind
  readonly tier: Tier
  readonly markE9: bigint
  readonly indexE9: bigint
}

/** The tier's figure. */
export function ofTier(figures: ByTier, tier: Tier): bigint {
  return figures[tier - 1]!
}

/** Whether |price − mark| ≤ band · mark, exactly. */
export function isWithinBand(priceE9: bigint, markE9: bigint, bandE9: bigint): boolean {
  return distance(priceE9, markE9) * ONE_E9 <= markE9 * bandE9
}

/** A price moved into mark ± band: never outside by rounding. */
export function clampToBand(priceE9: bigint, markE9: bigint, bandE9: bigint): bigint {
  const low = mulDivCeil(markE9, ONE_E9 - bandE9, ONE_E9)
  const high = mulDivFloor(markE9, ONE_E9 + bandE9, ONE_E9)
  return priceE9 < low ? low : priceE9 > high ? high : priceE9
}

/**
 * How far from the mark an auction may clear, in 10⁻⁹ of the mark, rounded down, at most 10⁹ times the mark:
 * 5, 10 or 20 % by tier. An option has its RFQ band, the larger of 20 % of mark and 1 % of index: 5 % of a
 * cheap option's mark can lie between two ticks, and then it could never trade (decision 12).
 */
export function clearingBandE9({ kind, tier, markE9, indexE9 }: BandTerms): bigint {
  if (kind !== 'option') return ofTier(CLEARING_BAND_E9, tier)
  assert(markE9 > 0n, 'an option that trades has a mark')
  const ofIndex = (indexE9 * OPTION_BAND.indexShareE9) / markE9
  if (ofIndex > BAND_E9_MAX) return BAND_E9_MAX
  return ofIndex > OPTION_BAND.markShareE9 ? ofIndex : OPTION_BAND.markShareE9
}

/** Whether a trade by RFQ, or one that a venue sends to clear, is near enough to the mark. */
export function isRfqPrice(priceE9: bigint, terms: BandTerms): boolean {
  if (terms.kind === 'option') return isOptionPrice(priceE9, terms)
  return isWithinBand(priceE9, terms.markE9, ofTier(CLEARING_BAND_E9, terms.tier))
}

/** Whether a price is near enough to the mark for a trade that counts as risk-reducing. */
export function isReducingPrice(priceE9: bigint, terms: BandTerms): boolean {
  if (terms.kind === 'option') return isOptionPrice(priceE9, terms)
  return isWithinBand(priceE9, terms.markE9, REDUCING_BAND_E9)
}

/** The worst price of a market order: what was asked for, but at most 5 % beyond the mark. */
export function marketOrderLimitE9(isBuy: boolean, askedE9: bigint | undefined, markE9: bigint): bigint {
  const furthest = isBuy
    ? mulDivFloor(markE9, ONE_E9 + MARKET_ORDER_BAND_E9, ONE_E9)
    : mulDivCeil(markE9, ONE_E9 - MARKET_ORDER_BAND_E9, ONE_E9)
  if (askedE9 === undefined) return furthest
  return isBuy === askedE9 < furthest ? askedE9 : furthest
}

function isOptionPrice(priceE9: bigint, { markE9, indexE9 }: BandTerms): boolean {
  const ofMark = markE9 * OPTION_BAND.markShareE9
  const ofIndex = indexE9 * OPTION_BAND.indexShareE9
  return distance(priceE9, markE9) * ONE_E9 <= (ofMark > ofIndex ? ofMark : ofIndex)
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b
}
