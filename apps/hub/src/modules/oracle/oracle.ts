// Prices and volatility surfaces from vote extensions: per asset the stake-weighted median, bounded per
// block; per underlying the stake-weighted medoid.
import type { Feed } from '@causeway/protocol/causeway/oracle/v1/oracle'
import type { ProvenVote, VoteExtensionPart } from '../../block/composition.ts'
import type { Context, ReadContext } from '../../block/context.ts'
import type { SetMember } from '../../block/transaction-zero.ts'
import { sviFromIntegers } from '@causeway/margin'
import type { SviSurface } from '@causeway/margin'
import { FRESH_SECONDS, acceptPrice, priceState } from './accept-price.ts'
import type { PriceState } from './accept-price.ts'
import { acceptedSmiles } from './accept-surface.ts'
import { collectPrices, collectSurfaces } from './collect-votes.ts'
import { emitPrice, emitSurface } from './events.ts'
import { weightedMedian } from './median.ts'
import type { WeightedPrice } from './median.ts'
import type { PriceSource, SurfaceSource } from './price-source.ts'
import { ORACLE_STORE, feeds, readFeed, readSurface, writeFeed, writeSurface } from './state.ts'
import { usablePrices, usableSurfaces } from './vote-extension.ts'

/** A price as other modules use it. */
export interface OraclePrice {
  /** 0 when there is none. */
  readonly priceE9: bigint
  readonly state: PriceState
}

/** What is known of one expiry of an underlying. */
export interface OracleExpiry {
  readonly expirySeconds: bigint
  /** The index times the forward's ratio to it; 0 without an index. */
  readonly forwardE9: bigint
  /** Continuous yearly rate. */
  readonly rateE9: bigint
  readonly surface: SviSurface
}

/** The surface of an underlying as other modules use it. */
export interface OracleSurface {
  /** Of the surface alone; the index has its own. */
  readonly state: 'fresh' | 'stale' | 'none'
  /** Ascending by expiry; expiries that are over may be among them. */
  readonly expiries: readonly OracleExpiry[]
}

/** What other parts of the chain ask the oracle. */
export interface Oracle extends VoteExtensionPart {
  /** The price of an asset at the context's time. */
  price(context: ReadContext, asset: bigint): OraclePrice
  /** Forwards, rates and smiles of an underlying at the context's time. */
  surface(context: ReadContext, asset: bigint): OracleSurface
}

/** Makes the oracle; the sources are this validator's own. */
export function createOracle(priceSource: PriceSource, surfaceSource: SurfaceSource = () => []): Oracle {
  return {
    extend: ({ height, timeSeconds }) => ({
      prices: usablePrices(priceSource(height, timeSeconds)),
      surfaces: usableSurfaces(surfaceSource(height, timeSeconds), timeSeconds),
    }),
    apply,
    surface,
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
  const indexE9 = (asset: bigint) => readFeed(store, asset)?.price?.priceE9 ?? 0n
  const surfaces = collectSurfaces(votes, context.timeSeconds, indexE9)
  for (const { asset } of feeds(store)) {
    const smiles = acceptedSmiles(surfaces.get(asset) ?? [], total)
    if (smiles === undefined) continue
    const { height, timeSeconds } = context
    const accepted = { asset, height, timeSeconds, smiles: [...smiles] }
    writeSurface(store, accepted)
    emitSurface(context, accepted)
  }
}

function surface(context: ReadContext, asset: bigint): OracleSurface {
  const store = context.store(ORACLE_STORE)
  const stored = readSurface(store, asset)
  if (stored === undefined) return { state: 'none', expiries: [] }
  const indexE9 = readFeed(store, asset)?.price?.priceE9 ?? 0n
  return {
    state: context.timeSeconds - stored.timeSeconds <= FRESH_SECONDS ? 'fresh' : 'stale',
    expiries: stored.smiles.map((smile) => ({
      expirySeconds: smile.expirySeconds,
      forwardE9: (indexE9 * smile.forwardRatioE9) / E9,
      rateE9: smile.rateE9,
      surface: sviFromIntegers(smile),
    })),
  }
}

const E9 = 1_000_000_000n

function medianWithQuorum(prices: readonly WeightedPrice[], total: bigint): bigint | undefined {
  const power = prices.reduce((sum, price) => sum + price.power, 0n)
  return power * 3n > total * 2n ? weightedMedian(prices) : undefined
}

function isNewPrice(feed: Feed, context: Context): boolean {
  return feed.price?.height === context.height
}
