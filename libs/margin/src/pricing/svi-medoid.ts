import { marginErrors } from '../errors.ts'
import { checkSvi, sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

/** Where smiles are compared: log-moneyness of each smile's own forward. */
export const MEDOID_MONEYNESS: readonly number[] = [-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1]

/** One opinion on an underlying: the smiles of the same expiries in the same order, and its weight. */
export interface WeightedSmiles {
  /** Above 0. */
  readonly weight: number
  readonly smiles: readonly SviSurface[]
}

/**
 * Which opinion differs least from all, by weight: the index of the least Σ weight·|Δw| over all expiries and
 * nine fixed log-moneynesses; the first of equals. A whole opinion is taken, so what was free of arbitrage
 * stays so; a median of each number alone would not. n·log n in the number of opinions.
 *
 * Throws `MarginError` 22 without an opinion, 5 for opinions on different numbers of expiries, 4 for a weight
 * that is not positive, and like `checkSvi`.
 */
export function medoidOf(opinions: readonly WeightedSmiles[]): number {
  const [first] = opinions
  if (first === undefined) throw marginErrors.tooFewPoints({ have: 0, need: 1 })
  const expiries = first.smiles.length
  for (const { weight, smiles } of opinions) {
    if (!(weight > 0)) throw marginErrors.notPositive({ name: 'weight', value: weight })
    if (smiles.length !== expiries)
      throw marginErrors.columnLength({ name: 'smiles', length: smiles.length, need: expiries })
    smiles.forEach(checkSvi)
  }
  const distance = new Float64Array(opinions.length)
  for (let expiry = 0; expiry < expiries; expiry++) {
    for (const k of MEDOID_MONEYNESS) {
      const variances = opinions.map(({ smiles }) => sviVariance(smiles[expiry]!, k))
      addDistances(distance, variances, opinions)
    }
  }
  return leastIndex(distance)
}

/** Adds to each opinion Σ weight·|its value − the other's|: one pass over the sorted values. */
function addDistances(
  distance: Float64Array,
  values: readonly number[],
  opinions: readonly WeightedSmiles[],
): void {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b)
  let total = 0
  let moment = 0
  for (const i of order) {
    total += opinions[i]!.weight
    moment += opinions[i]!.weight * values[i]!
  }
  let [below, momentBelow] = [0, 0]
  for (const i of order) {
    const value = values[i]!
    // Below: value·W − Σ; above: Σ − value·W.
    distance[i]! += value * below - momentBelow + (moment - momentBelow - value * (total - below))
    below += opinions[i]!.weight
    momentBelow += opinions[i]!.weight * value
  }
}

function leastIndex(values: Float64Array): number {
  let least = 0
  for (let i = 1; i < values.length; i++) if (values[i]! < values[least]!) least = i
  return least
}
