// Whole units shared out by weights: each its floor, what is left to the largest remainders.
import { assert } from '@causeway/primitives'

/** So many units to each weight; the sum is exactly `units`. Of equal remainders the first. */
export function apportion(units: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n)
  assert(units >= 0n && sum > 0n && weights.every((weight) => weight >= 0n), 'weights share something out')
  const parts = weights.map((weight) => (units * weight) / sum)
  const left = units - parts.reduce((total, part) => total + part, 0n)
  const remainders = weights.map((weight, i) => ({ i, remainder: (units * weight) % sum }))
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1))
  for (const { i } of remainders.slice(0, Number(left))) parts[i]! += 1n
  return parts
}
