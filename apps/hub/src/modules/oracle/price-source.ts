// Where a validator's prices come from. The seeded source is for devnets and tests: its prices are simulated.
import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import type { SurfaceVote } from '@causeway/protocol/causeway/oracle/v1/oracle'

/** One price as a source gives it. */
export interface SourcePrice {
  readonly asset: bigint
  readonly priceE9: bigint
  readonly publishTimeSeconds: bigint
}

/**
 * A validator's view of prices at a block that it votes for; it must answer at once, from what it already
 * knows. A publish time is one of the real world: the block's own time is older by the time that the block
 * before it took, and a price stamped with it is stale on arrival where blocks are rare.
 */
export type PriceSource = (height: bigint, timeSeconds: bigint) => readonly SourcePrice[]

/** A validator's view of volatility surfaces, under the rules of `PriceSource`. */
export type SurfaceSource = (height: bigint, timeSeconds: bigint) => readonly SurfaceVote[]

/** An asset of the seeded source with the price that it moves around. */
export interface SeededAsset {
  readonly asset: bigint
  readonly priceE9: bigint
}

const STEP_SECONDS = 5n
// Around the base price, in parts per 10,000: far inside the per-block bound.
const SWING = 100n

/**
 * SIMULATED prices: each moves within ± 1 % of its base, a function of the seed and the block's time alone,
 * so that all validators of a devnet agree and a run can be repeated. They are published at `nowSeconds`; the
 * block's time serves where blocks are never 10 s apart.
 */
export function createSeededPriceSource(
  seed: string,
  assets: readonly SeededAsset[],
  nowSeconds?: () => bigint,
): PriceSource {
  return (_height, timeSeconds) => {
    const publishTimeSeconds = nowSeconds?.() ?? timeSeconds
    return assets.map(({ asset, priceE9 }) => {
      const step = timeSeconds / STEP_SECONDS
      const from = noise(seed, asset, step)
      const to = noise(seed, asset, step + 1n)
      const within = timeSeconds % STEP_SECONDS
      const swing = from + ((to - from) * within) / STEP_SECONDS
      return { asset, priceE9: priceE9 + (priceE9 * swing) / 10_000n, publishTimeSeconds }
    })
  }
}

/** −SWING … SWING, the same for the same arguments everywhere. */
function noise(seed: string, asset: bigint, step: bigint): bigint {
  const [high = 0, low = 0] = sha256(concatBytes(utf8(seed), be64(asset), be64(step)))
  return (BigInt(high * 256 + low) * (2n * SWING + 1n)) / 65_536n - SWING
}
