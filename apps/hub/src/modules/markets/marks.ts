// The mark of a market as blocks go by it: perpetuals and futures keep theirs from block to block; options
// and spot have the fair value of the moment.
import type { ReadContext } from '../../block/context.ts'
import type { Market } from './market.ts'
import type { MarketsPorts } from './ports.ts'
import { MARKETS_STORE, readFigures } from './state.ts'
import { isLinear } from './trading-accounts.ts'

/** The mark now; nothing where there is none. */
export function marketMarkE9(context: ReadContext, ports: MarketsPorts, market: Market): bigint | undefined {
  if (!isLinear(market)) return ports.prices.fairE9(context, market)
  const { markE9 } = readFigures(context.store(MARKETS_STORE), market.id)
  return markE9 > 0n ? markE9 : undefined
}
