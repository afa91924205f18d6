import { marginErrors } from '../errors.ts'
import { logMoneyness } from './black76.ts'
import { TOTAL_VARIANCE_MAX, checkSvi, clampedMoneyness, sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

/** Where smiles are compared: log-moneyness of an expiry's common forward, the weighted median of all. */
export const MEDOID_MONEYNESS: readonly number[] = [-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1]
/** And in standard deviations at the money, the weighted median of all: what an expiry's last day needs. */
export const MEDOID_DEVIATIONS: readonly number[] = [-3, -2, -1, 1, 2, 3]

/** One opinion on an underlying: the smiles of the same expiries in the same order, and its weight. */
export interface WeightedSmiles {
  /** Above 0. */
  readonly weight: number
  readonly smiles: readonly SviSurface[]
}

/**
 * Which opinion differs least from all, by weight: the index of the least Σ weight·|Δvolatility| over all
 * expiries and fifteen log-moneynesses, nine of them fixed; the first of equals. Compared is the volatility
 * that a strike gets, of each smile's own forward and tau: total variances alone would leave those to whoever
 * is taken. A whole opinion is taken, so what was free of arbitrage stays so; a median of each number alone
 * would not.
 * n·log n in the number of opinions.
 *
 * DIFFERS FROM SPEC: the nine alone say nothing of a smile whose deviation is a hundredth: all but one are
 * read at its clamp, four deviations out.
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
    const smilesOf = opinions.map(({ smiles }) => smiles[expiry]!)
    const forward = median(
      opinions,
      smilesOf.map((smile) => smile.forward),
    )
    const deviation = median(opinions, smilesOf.map(deviationOf))
    const shifts = smilesOf.map((smile) => logMoneyness(forward, smile.forward))
    for (const k of [...MEDOID_MONEYNESS, ...MEDOID_DEVIATIONS.map((count) => count * deviation)]) {
      const volatilities = smilesOf.map((smile, i) => volatilityAt(smile, k + shifts[i]!))
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

/** Of log-moneyness, at the smile's own forward; none where the variance is negative. */
function deviationOf(smile: SviSurface): number {
  const variance = sviVariance(smile, 0)
  return variance > 0 ? Math.sqrt(variance) : 0
}

/** The least value that, with those below it, has half of the weight: a minority can't move it away. */
function median(opinions: readonly WeightedSmiles[], values: readonly number[]): number {
  const ascending = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const total = opinions.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  const middle = ascending.find((i) => (below += opinions[i]!.weight) * 2 >= total)
  return values[middle ?? ascending.at(-1)!]!
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
