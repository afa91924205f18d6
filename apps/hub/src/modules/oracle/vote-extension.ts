import { U64_MAX } from '@causeway/primitives'
import type { SourcePrice } from './price-source.ts'

const PRICES_MAX = 256

/** What of a validator's prices goes into its vote extension: at most 256, nothing that can't be a price. */
export function usablePrices(prices: readonly SourcePrice[]): SourcePrice[] {
  const usable = prices.filter(({ priceE9 }) => priceE9 > 0n && priceE9 <= U64_MAX)
  return usable.slice(0, PRICES_MAX).map((price) => ({ ...price }))
}
