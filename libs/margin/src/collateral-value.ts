/** One balance with what prices it. All numbers are whole and non-negative. */
export interface Collateral {
  /** Base units. */
  readonly amount: bigint
  /** Base units of 1.0 = 10^decimals. */
  readonly decimals: number
  /** Cash per 1.0, times 10⁹. */
  readonly priceE9: bigint
  /** What counts of the value, in basis points: 10,000 = all of it. */
  readonly weightBps: number
}

const BASIS_POINTS = 10_000n
const E9_PER_E6 = 1_000n

/**
 * Value of a balance as collateral in micro-cash (10⁻⁶), rounded down, against the account. One division, so
 * that nothing is rounded twice. Throws `RangeError` for numbers outside their range: callers read them from
 * validated state.
 *
 *     const usd = { amount: 1_500_000n, decimals: 6, priceE9: 2_000_000_000n }
 *     collateralValueE6({ ...usd, weightBps: 9_000 }) // 2_700_000n: 2.70
 */
export function collateralValueE6({ amount, decimals, priceE9, weightBps }: Collateral): bigint {
  if (amount < 0n || priceE9 < 0n) throw new RangeError('amount and price are not negative')
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 18)
    throw new RangeError('decimals lie within 0 to 18')
  if (!Number.isInteger(weightBps) || weightBps < 0 || weightBps > 10_000) {
    throw new RangeError('a weight lies within 0 to 10,000 basis points')
  }
  const denominator = 10n ** BigInt(decimals) * E9_PER_E6 * BASIS_POINTS
  return (amount * priceE9 * BigInt(weightBps)) / denominator
}

/** Sum of the values of several balances, each rounded down. */
export function totalCollateralValueE6(collateral: readonly Collateral[]): bigint {
  return collateral.reduce((sum, item) => sum + collateralValueE6(item), 0n)
}
