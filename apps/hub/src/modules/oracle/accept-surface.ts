// The surface of a block out of the validators' surfaces. Spec: docs/oracle.md, "Surfaces".
import { medoidOf, sviFromIntegers } from '@causeway/margin'
import type { ExpirySmile } from '@causeway/protocol/causeway/oracle/v1/oracle'
import { weightedMedian } from './median.ts'

/** One validator's sound surface and the power behind it. */
export interface WeightedSurface {
  readonly power: bigint
  /** Ascending by expiry. */
  readonly smiles: readonly ExpirySmile[]
}

/**
 * The smiles that a block accepts: of as many expiries as more than two thirds of the power know together,
 * the medoid of the surfaces that have them all, whole; forward and rate of each expiry are medians. Nothing
 * without a quorum.
 */
export function acceptedSmiles(
  surfaces: readonly WeightedSurface[],
  totalPower: bigint,
): readonly ExpirySmile[] | undefined {
  const complete = commonSurfaces(surfaces, totalPower)
  if (complete.length === 0) return undefined
  const opinions = complete.map(({ power, smiles }) => ({
    weight: Number(power),
    smiles: smiles.map(sviFromIntegers),
  }))
  const { smiles } = complete[medoidOf(opinions)]!
  return smiles.map((smile, i) => ({
    ...smile,
    forwardRatioE9: medianOf(complete, (all) => all[i]!.forwardRatioE9),
    rateE9: medianOf(complete, (all) => all[i]!.rateE9),
  }))
}

/**
 * The surfaces of a quorum, cut to the expiries that they all have: from the best known expiry on, each one
 * that leaves a quorum. Empty when there is none.
 */
function commonSurfaces(surfaces: readonly WeightedSurface[], totalPower: bigint): WeightedSurface[] {
  let common = [...surfaces]
  const chosen = new Set<bigint>()
  for (const expiry of byPower(surfaces)) {
    const having = common.filter(({ smiles }) => smiles.some((smile) => smile.expirySeconds === expiry))
    if (sumPower(having) * 3n <= totalPower * 2n) continue
    common = having
    chosen.add(expiry)
  }
  if (chosen.size === 0) return []
  return common.map(({ power, smiles }) => ({
    power,
    smiles: smiles.filter(({ expirySeconds }) => chosen.has(expirySeconds)),
  }))
}

/** Expiries by the power that knows them, descending; of equals the sooner first. */
function byPower(surfaces: readonly WeightedSurface[]): bigint[] {
  const known = new Map<bigint, bigint>()
  for (const { power, smiles } of surfaces)
    for (const { expirySeconds } of smiles) known.set(expirySeconds, (known.get(expirySeconds) ?? 0n) + power)
  return [...known]
    .sort(([a, powerA], [b, powerB]) => (powerA === powerB ? (a < b ? -1 : 1) : powerA > powerB ? -1 : 1))
    .map(([expiry]) => expiry)
}

function medianOf(
  surfaces: readonly WeightedSurface[],
  figure: (smiles: readonly ExpirySmile[]) => bigint,
): bigint {
  return weightedMedian(surfaces.map(({ power, smiles }) => ({ priceE9: figure(smiles), power })))!
}

function sumPower(surfaces: readonly WeightedSurface[]): bigint {
  return surfaces.reduce((sum, { power }) => sum + power, 0n)
}
