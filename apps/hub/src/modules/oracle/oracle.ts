// Prices from vote extensions: per asset the stake-weighted median, bounded per block.
import type { Feed } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { ProvenVote, VoteExtensionPart } from '../../block/composition.ts'
import type { Context, ReadContext } from '../../block/context.ts'
import type { SetMember } from '../../block/transaction-zero.ts'
import { FRESH_SECONDS, acceptPrice, priceState } from './accept-price.ts'
import type { PriceState } from './accept-price.ts'
import { emitPrice } from './events.ts'
import { weightedMedian } from './median.ts'
import type { WeightedPrice } from './median.ts'
import type { PriceSource } from './price-source.ts'
import { ORACLE_STORE, feeds, readFeed, writeFeed } from './state.ts'
import { usablePrices } from './vote-extension.ts'

/** A price as other modules use it. */
export interface OraclePrice {
  /** 0 when there is none. */
  readonly priceE9: bigint
  readonly state: PriceState
}

/** What other parts of the chain ask the oracle. */
export interface Oracle extends VoteExtensionPart {
  /** The price of an asset at the context's time. */
  price(context: ReadContext, asset: bigint): OraclePrice
}

/** Makes the oracle; the source is this validator's own. */
export function createOracle(priceSource: PriceSource): Oracle {
  return {
    extend: ({ height, timeSeconds }) => ({ prices: usablePrices(priceSource(height, timeSeconds)) }),
    apply,
    price(context, asset) {
      const feed = readFeed(context.store(ORACLE_STORE), asset)
      if (feed?.price === undefined) return { priceE9: 0n, state: 'none' }
      return { priceE9: feed.price.priceE9, state: priceState(feed, context.timeSeconds) }
    },
  }
}

function apply(context: Context, votes: readonly ProvenVote[], validators: readonly SetMember[]): void {
  const total = validators.reduce((sum, { power }) => sum + power, 0n)
  const prices = collectPrices(votes, context.timeSeconds)
  const store = context.store(ORACLE_STORE)
  for (const feed of feeds(store)) {
    const next = acceptPrice(feed, medianWithQuorum(prices.get(feed.asset) ?? [], total), context)
    writeFeed(store, next)
    if (isNewPrice(next, context)) emitPrice(context, next)
  }
}

/** Valid prices by asset: one a validator and asset, positive, published within 10 s of the block. */
function collectPrices(votes: readonly ProvenVote[], timeSeconds: bigint): Map<bigint, WeightedPrice[]> {
  const byAsset = new Map<bigint, WeightedPrice[]>()
  for (const { validator, extension } of votes) {
    const named = new Set<bigint>()
    for (const { asset, priceE9, publishTimeSeconds } of extension.prices) {
      // A validator's first word on an asset counts, so that nobody votes twice.
      if (named.has(asset)) continue
      named.add(asset)
      const age = timeSeconds - publishTimeSeconds
      if (priceE9 === 0n || age > FRESH_SECONDS || age < -FRESH_SECONDS) continue
      const list = byAsset.get(asset)
      const price = { priceE9, power: validator.power }
      if (list === undefined) byAsset.set(asset, [price])
      else list.push(price)
    }
  }
  return byAsset
}

function medianWithQuorum(prices: readonly WeightedPrice[], total: bigint): bigint | undefined {
  const power = prices.reduce((sum, price) => sum + price.power, 0n)
  return power * 3n > total * 2n ? weightedMedian(prices) : undefined
}

function isNewPrice(feed: Feed, context: Context): boolean {
  return feed.price?.height === context.height
}
