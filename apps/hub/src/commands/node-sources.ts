import type { PriceSource, SeededAsset, SurfaceSource } from '../modules/oracle/price-source.ts'
import { createSeededPriceSource } from '../modules/oracle/price-source.ts'
import { followPriceFeed } from '../price-feed/follow-price-feed.ts'
import { errors } from './command-errors.ts'
import type { FeedName } from './home.ts'

/** Where a node's prices and surfaces come from. */
export interface NodeSources {
  readonly priceSource: PriceSource
  readonly surfaceSource: SurfaceSource
  stop(): Promise<void>
}

/** What the command line says of them. */
export interface SourceOptions {
  readonly simulatedPrices: readonly SeededAsset[]
  readonly priceFeed?: string
  readonly log: (line: string) => void
}

/** The feeder if one is named, else SIMULATED prices of the assets that are named, if any. */
export function nodeSources(
  chainId: string,
  { simulatedPrices, priceFeed, log }: SourceOptions,
  feeds: readonly FeedName[],
): NodeSources {
  if (priceFeed === undefined) {
    const priceSource = createSeededPriceSource(chainId, simulatedPrices, nowSeconds)
    return { priceSource, surfaceSource: () => [], stop: async () => undefined }
  }
  const { prices, surfaces, stop } = followPriceFeed({
    ...{ url: priceFeed, log },
    // A genesis that names no asset here is refused when the chain starts.
    symbols: new Map(
      feeds.flatMap(({ asset, symbol }) => (/^\d{1,20}$/.test(asset) ? [[BigInt(asset), symbol]] : [])),
    ),
  })
  return { priceSource: prices, surfaceSource: surfaces, stop }
}

/**
 * Throws `hub/3` for simulated prices beside a feeder, and for one of an asset without a feed, which would
 * move around for nobody.
 */
export function requireSources(
  { simulatedPrices, priceFeed }: Pick<SourceOptions, 'simulatedPrices' | 'priceFeed'>,
  feeds: readonly FeedName[],
): void {
  if (priceFeed !== undefined && simulatedPrices.length > 0)
    throw errors.badOption({ option: '--simulated-price', expected: 'none beside --price-feed' })
  const unknown = simulatedPrices.find(({ asset }) => !feeds.some((feed) => feed.asset === String(asset)))
  if (unknown === undefined) return
  const known =
    feeds.length === 0
      ? 'the genesis of this chain has none'
      : `they are ${feeds.map((feed) => feed.asset).join(', ')}`
  throw errors.badOption({
    option: `--simulated-price ${unknown.asset}`,
    expected: `an asset with a price feed (${known})`,
  })
}

function nowSeconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000))
}
