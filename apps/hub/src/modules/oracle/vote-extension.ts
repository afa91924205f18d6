import { U64_MAX } from '@causeway/primitives'
import { SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { SourcePrice } from './price-source.ts'
import { SURFACES_MAX, isSound } from './surface-vote.ts'

const PRICES_MAX = 256
const SURFACE_BYTES_MAX = 8 * 1024

/** What of a validator's prices goes into its vote extension: at most 256, nothing that can't be a price. */
export function usablePrices(prices: readonly SourcePrice[]): SourcePrice[] {
  const usable = prices.filter(({ priceE9 }) => priceE9 > 0n && priceE9 <= U64_MAX)
  return usable.slice(0, PRICES_MAX).map((price) => ({ ...price }))
}

/**
 * What of a validator's surfaces goes into its vote extension: at most 16 in 8 KiB, which leaves room for the
 * rest of it, and none that the others would drop.
 */
export function usableSurfaces(surfaces: readonly SurfaceVote[], timeSeconds: bigint): SurfaceVote[] {
  const usable: SurfaceVote[] = []
  let bytes = 0
  for (const vote of surfaces) {
    if (usable.length === SURFACES_MAX) break
    if (vote.asset === 0n || !isSound(vote, timeSeconds)) continue
    bytes += SurfaceVote.encode(vote).finish().length
    if (bytes > SURFACE_BYTES_MAX) break
    usable.push(vote)
  }
  return usable
}
