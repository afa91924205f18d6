// What validators say in their extensions, by asset, as far as it counts.
import type { ProvenVote } from '../../block/composition.ts'
import { FRESH_SECONDS } from './accept-price.ts'
import type { WeightedSurface } from './accept-surface.ts'
import type { WeightedPrice } from './median.ts'
import { SURFACES_MAX, isNearIndex, isSound } from './surface-vote.ts'

/** Valid prices by asset: one a validator and asset, positive, published within 10 s of the block. */
export function collectPrices(
  votes: readonly ProvenVote[],
  timeSeconds: bigint,
): ReadonlyMap<bigint, readonly WeightedPrice[]> {
  return collect(votes, ({ extension, validator }) =>
    extension.prices.map(({ asset, priceE9, publishTimeSeconds }) => {
      const age = timeSeconds - publishTimeSeconds
      const counts = priceE9 !== 0n && age <= FRESH_SECONDS && age >= -FRESH_SECONDS
      return [asset, counts ? { priceE9, power: validator.power } : undefined]
    }),
  )
}

/**
 * Sound surfaces by underlying: one a validator and underlying. `indexE9` gives the index of an underlying, 0
 * without one.
 */
export function collectSurfaces(
  votes: readonly ProvenVote[],
  timeSeconds: bigint,
  indexE9: (asset: bigint) => bigint,
): ReadonlyMap<bigint, readonly WeightedSurface[]> {
  return collect(votes, ({ extension, validator }) =>
    extension.surfaces.slice(0, SURFACES_MAX).map((vote) => {
      const counts = isSound(vote, timeSeconds) && isNearIndex(vote.smiles, indexE9(vote.asset))
      return [vote.asset, counts ? { smiles: vote.smiles, power: validator.power } : undefined]
    }),
  )
}

/** A validator's first word on an asset counts, so that nobody votes twice. */
function collect<Item>(
  votes: readonly ProvenVote[],
  words: (vote: ProvenVote) => readonly (readonly [asset: bigint, item: Item | undefined])[],
): ReadonlyMap<bigint, readonly Item[]> {
  const byAsset = new Map<bigint, Item[]>()
  for (const vote of votes) {
    const named = new Set<bigint>()
    for (const [asset, item] of words(vote)) {
      if (named.has(asset)) continue
      named.add(asset)
      if (item === undefined) continue
      const list = byAsset.get(asset)
      if (list === undefined) byAsset.set(asset, [item])
      else list.push(item)
    }
  }
  return byAsset
}
