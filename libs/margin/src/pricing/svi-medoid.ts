import { marginErrors } from '../errors.ts'
import { logMoneyness } from './black76.ts'
import { TOTAL_VARIANCE_MAX, checkSvi, clampedMoneyness, sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

/** Where smiles are compared: log-moneyness of an expiry's common forward, the weighted median of all. */
export const MEDOID_MONEYNESS: readonly number[] = [-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1]

/** One opinion on an underlying: the smiles of the same expiries in the same order, and its weight. */
export interface WeightedSmiles {
  /** Above 0. */
  readonly weight: number
  readonly smiles: readonly SviSurface[]
}

/**
 * Which opinion differs least from all, by weight: the index of the least Σ weight·|Δvolatility| over all
 * expiries and nine fixed log-moneynesses; the first of equals. Compared is the volatility that a strike
 * gets, of each smile's own forward and tau: total variances alone would leave those to whoever is taken. A
 * whole opinion is taken, so what was free of arbitrage stays so; a median of each number alone would not.
 * n·log n in the number of opinions.
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
    const forward = medianForward(opinions, expiry)
    const shifts = opinions.map(({ smiles }) => logMoneyness(forward, smiles[expiry]!.forward))
    for (const k of MEDOID_MONEYNESS) {
      const volatilities = opinions.map(({ smiles }, i) => volatilityAt(smiles[expiry]!, k + shifts[i]!))
      addDistances(distance, volatilities, opinions)
    }
  }
  return leastIndex(distance)
}

/** What `sviVolatility` says; 0 where a variance is negative, so that no opinion makes it throw. */
function volatilityAt(surface: SviSurface, k: number): number {
  const variance = sviVariance(surface, clampedMoneyness(surface, k))
  if (!(variance > 0)) return 0
  return Math.sqrt((variance < TOTAL_VARIANCE_MAX ? variance : TOTAL_VARIANCE_MAX) / surface.tau)
}

/** The least forward that, with those below it, has half of the weight: a minority can't move it away. */
function medianForward(opinions: readonly WeightedSmiles[], expiry: number): number {
  const forwardOf = ({ smiles }: WeightedSmiles) => smiles[expiry]!.forward
  const ascending = [...opinions].sort((a, b) => forwardOf(a) - forwardOf(b))
  const total = ascending.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  const middle = ascending.find(({ weight }) => (below += weight) * 2 >= total)
  return forwardOf(middle ?? ascending.at(-1)!)
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
