import { assert } from '@causeway/primitives'

/**
 * Splits a whole number in proportion to weights, to the last unit: each part rounded down, then one more to
 * those with the largest remainders, of equal ones to the first. At least one weight is above 0.
 */
export function splitByWeights(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n)
  assert(total >= 0n && sum > 0n && weights.every((weight) => weight >= 0n), 'parts have weights')
  const parts = weights.map((weight) => (total * weight) / sum)
  const remainders = weights.map((weight) => (total * weight) % sum)
  const missing = total - parts.reduce((all, part) => all + part, 0n)
  const byRemainder = remainders
    .map((_, i) => i)
    .sort((a, b) => (remainders[a] === remainders[b] ? a - b : remainders[a]! > remainders[b]! ? -1 : 1))
  for (const i of byRemainder.slice(0, Number(missing))) parts[i]! += 1n
  return parts
}
