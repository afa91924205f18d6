import { black76 } from '@causeway/margin'
import type { Market } from '../modules/markets/market.ts'
import { UNDERLYINGS } from './assets.fixture.ts'
import type { PlannedBlock } from './scenarios.fixture.ts'

/** Fair value by the world's prices, whatever the chain was told. */
export function fairOf(
  market: Market,
  { prices, volatilityFactor }: PlannedBlock,
  nowSeconds: bigint,
): number {
  const { name, volatility } = UNDERLYINGS.find(({ id }) => id === market.underlying)!
  const spot = prices[name]!
  if (market.kind !== 'option') return spot
  const years = Number(market.expirySeconds - nowSeconds) / (365 * 86_400)
  const total = volatility * volatilityFactor * Math.sqrt(years)
  return black76(spot, Number(market.strikeE9) / 1e9, total, 1, market.isCall)
}
