// The mark of a market as blocks go by it: perpetuals and futures keep theirs from block to block; options
// and spot have the fair value of the moment.
import type { ReadContext } from '../../block/context.ts'
import type { Market, MarketFigures } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { MARK_BAND_E9, clampToBand, ofTier } from './pure/bands.ts'
import { MARKETS_STORE, readFigures } from './state.ts'
import { isLinear } from './trading-accounts.ts'

/** The mark now; nothing where there is none. */
export function marketMarkE9(context: ReadContext, ports: MarketsPorts, market: Market): bigint | undefined {
  if (!isLinear(market)) return ports.prices.fairE9(context, market)
  const { markE9 } = readFigures(context.store(MARKETS_STORE), market.id)
  return markE9 > 0n ? markE9 : undefined
}

/** A market's figures now: options and spot have the fair value of the moment, not a mark that is stored. */
export function currentFigures(context: ReadContext, ports: MarketsPorts, market: Market): MarketFigures {
  const figures = readFigures(context.store(MARKETS_STORE), market.id)
  if (isLinear(market)) return figures
  const { priceE9: indexE9 } = ports.prices.index(context, market.underlying)
  return { ...figures, indexE9, markE9: marketMarkE9(context, ports, market) ?? 0n }
}

/**
 * The mark within its band round what the oracle says now: until a block's auctions have set it anew, a
 * perpetual's or future's is that of the block before, and the index may have moved by 5 % since. What is
 * judged and liquidated goes by this one.
 */
export function currentMarkE9(context: ReadContext, ports: MarketsPorts, market: Market): bigint | undefined {
  const markE9 = marketMarkE9(context, ports, market)
  if (markE9 === undefined || !isLinear(market)) return markE9
  const { priceE9 } = ports.prices.index(context, market.underlying)
  const referenceE9 = market.kind === 'perpetual' ? priceE9 : ports.prices.fairE9(context, market)
  if (referenceE9 === undefined || referenceE9 <= 0n) return markE9
  return clampToBand(markE9, referenceE9, ofTier(MARK_BAND_E9, market.tier))
}
