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

const ALL_BLOCKS = (1n << PRESENCE_BLOCKS) - 1n

/** A resting quote of an option. `owner` is the same for linked wallets. */
export interface RestingQuote {
  readonly owner: string
  readonly isBuy: boolean
  readonly sizeE9: bigint
}

/** Whether at least three unlinked owners each rest at least `sizeE9Min` on both sides. */
export function isTwoSided(quotes: Iterable<RestingQuote>, sizeE9Min: bigint): boolean {
  const resting = new Map<string, { bid: bigint; ask: bigint }>()
  for (const { owner, isBuy, sizeE9 } of quotes) {
    const sides = resting.get(owner) ?? { bid: 0n, ask: 0n }
    sides[isBuy ? 'bid' : 'ask'] += sizeE9
    resting.set(owner, sides)
  }
  let owners = 0
  for (const { bid, ask } of resting.values())
    if (bid > 0n && ask > 0n && bid >= sizeE9Min && ask >= sizeE9Min) owners++
  return owners >= TWO_SIDED_OWNERS_MIN
}

/** The last 100 blocks, a bit each, the newest lowest: one block later. Starts at 0. */
export function nextPresence(presence: bigint, isPresent: boolean): bigint {
  assert(presence >= 0n && presence <= ALL_BLOCKS, 'presence is of 100 blocks')
  return ((presence << 1n) | (isPresent ? 1n : 0n)) & ALL_BLOCKS
}

/** Whether quotes were two-sided in at least 80 of the last 100 blocks. */
export function isEstablished(presence: bigint): boolean {
  let count = 0
  for (let rest = presence; rest !== 0n; rest &= rest - 1n) count++
  return count >= PRESENCE_BLOCKS_MIN
}

/**
 * The volatility that an option is marked at: the quoted one where established, within 5 points of the
 * oracle's.
 */
export function markVolatilityE9(oracleE9: bigint, quotedE9: bigint | undefined, presence: bigint): bigint {
  if (quotedE9 === undefined || !isEstablished(presence)) return oracleE9
  const low = oracleE9 > QUOTED_VOLATILITY_BAND_E9 ? oracleE9 - QUOTED_VOLATILITY_BAND_E9 : 0n
  const high = oracleE9 + QUOTED_VOLATILITY_BAND_E9
  return quotedE9 < low ? low : quotedE9 > high ? high : quotedE9
}
