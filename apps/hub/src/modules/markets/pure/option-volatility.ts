// How far the hub's own quotes may move an option's volatility. Spec: docs/markets.md.
import { assert } from '@causeway/primitives'

/** 5 points: the furthest that quotes move a volatility from the oracle's, 10⁻⁹. */
export const QUOTED_VOLATILITY_BAND_E9 = 50_000_000n
/** Blocks that are looked back on. */
export const PRESENCE_BLOCKS = 100n
/** Of which so many must have had size on both sides … */
export const PRESENCE_BLOCKS_MIN = 80
/** … from so many owners. */
export const TWO_SIDED_OWNERS_MIN = 3
/** What each of them rests on a side is worth at least 10,000 cash of the underlying at its index. */
export const QUOTED_NOTIONAL_E6 = 10_000_000_000n

const ALL_BLOCKS = (1n << PRESENCE_BLOCKS) - 1n
const NOTIONAL_UNIT = 10n ** 12n

/** A resting order of an option. `owner` is the same for all accounts of linked wallets. */
export interface RestingQuote {
  readonly owner: string
  readonly priceE9: bigint
  readonly lots: number
}

/** What an owner has to rest on a side to count, in lots, rounded up. */
export function quotedLotsMin(indexE9: bigint, lotE9: bigint): number {
  assert(indexE9 > 0n && lotE9 > 0n, 'a market has an index and a lot')
  const worthE9 = indexE9 * lotE9
  // Beyond 2⁵³ it is rounded, and more than a side can hold.
  return Number((QUOTED_NOTIONAL_E6 * NOTIONAL_UNIT + worthE9 - 1n) / worthE9)
}

/**
 * The price that quotes of both sides, best first, say: of every owner who rests `lotsMin` on each the
 * middle of the prices down to which it does, and of these the median, the lower of two. Nothing from fewer
 * than three owners: one of three moves it no further than to another's.
 */
export function quotedPriceE9(
  bids: Iterable<RestingQuote>,
  asks: Iterable<RestingQuote>,
  lotsMin: number,
): bigint | undefined {
  const bought = sizedPrices(bids, lotsMin)
  if (bought.size < TWO_SIDED_OWNERS_MIN) return undefined
  const sold = sizedPrices(asks, lotsMin)
  const middles: bigint[] = []
  for (const [owner, bidE9] of bought) {
    const askE9 = sold.get(owner)
    if (askE9 !== undefined) middles.push((bidE9 + askE9) / 2n)
  }
  if (middles.length < TWO_SIDED_OWNERS_MIN) return undefined
  middles.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return middles[(middles.length - 1) >> 1]
}

/** The last 100 blocks, a bit each, the newest lowest: some blocks later. Starts at 0. */
export function nextPresence(presence: bigint, isPresent: boolean, blocks = 1n): bigint {
  assert(presence >= 0n && presence <= ALL_BLOCKS, 'presence is of 100 blocks')
  assert(blocks >= 0n, 'blocks go forward')
  const shift = blocks < PRESENCE_BLOCKS ? blocks : PRESENCE_BLOCKS
  return ((presence << shift) | (isPresent ? (1n << shift) - 1n : 0n)) & ALL_BLOCKS
}

/** Whether quotes were two-sided in at least 80 of the last 100 blocks. */
export function isEstablished(presence: bigint): boolean {
  let count = 0
  for (let rest = presence; rest !== 0n; rest &= rest - 1n) count++
  return count >= PRESENCE_BLOCKS_MIN
}

/** The volatility that an option is marked at: what is quoted, within 5 points of the oracle's. */
export function markVolatilityE9(oracleE9: bigint, quotedE9: bigint): bigint {
  const low = oracleE9 > QUOTED_VOLATILITY_BAND_E9 ? oracleE9 - QUOTED_VOLATILITY_BAND_E9 : 0n
  const high = oracleE9 + QUOTED_VOLATILITY_BAND_E9
  return quotedE9 < low ? low : quotedE9 > high ? high : quotedE9
}

/** Of each owner with that size on a side: the worst price that it needs for it. */
function sizedPrices(quotes: Iterable<RestingQuote>, lotsMin: number): Map<string, bigint> {
  const sums = new Map<string, number>()
  const prices = new Map<string, bigint>()
  for (const { owner, priceE9, lots } of quotes) {
    const before = sums.get(owner) ?? 0
    if (before >= lotsMin) continue
    sums.set(owner, before + lots)
    if (before + lots >= lotsMin) prices.set(owner, priceE9)
  }
  return prices
}
