/** One price with the power behind it. */
export interface WeightedPrice {
  readonly priceE9: bigint
  readonly power: bigint
}

/**
 * Stake-weighted median: the lowest price at which at least half of the power stands at or below. Less than
 * half of the power can't move it beyond the prices of the rest. Nothing for no prices.
 */
export function weightedMedian(prices: readonly WeightedPrice[]): bigint | undefined {
  const ascending = [...prices].sort((a, b) => (a.priceE9 < b.priceE9 ? -1 : a.priceE9 > b.priceE9 ? 1 : 0))
  const total = ascending.reduce((sum, { power }) => sum + power, 0n)
  let reached = 0n
  for (const { priceE9, power } of ascending) {
    reached += power
    if (reached * 2n >= total) return priceE9
  }
  return undefined
}
