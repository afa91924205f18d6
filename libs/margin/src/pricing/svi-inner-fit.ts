import { solveLinear } from './linear-system.ts'
import { WING_SLOPE_MAX } from './svi-arbitrage.ts'

/** A point of a smile: total variance w at log-moneyness k. */
export interface SmilePoint {
  readonly k: number
  readonly w: number
  readonly weight: number
}

/** The best a, b, ρ for given m and σ. */
export interface SmileFit {
  readonly a: number
  readonly b: number
  readonly rho: number
  /** Weighted sum of squared errors in total variance. */
  readonly error: number
}

/*
 * With y = (k − m) ÷ σ the smile is linear: w = a + d·y + c·√(y² + 1), where c = b·σ and d = ρ·b·σ. Its
 * conditions are linear too: |ρ| ≤ 1 is |d| ≤ c, the wings' slope c + |d| ≤ 2σ, and w ≥ 0 everywhere
 * follows from a + c ≥ |d|.
 */

type Triple = readonly [a: number, d: number, c: number]

/** A condition n·(a, d, c) + offset ≥ 0. */
interface HalfSpace {
  readonly normal: Triple
  readonly offset: number
}

/**
 * The best fit for given m and σ. A convex quadratic over a polytope has its least value inside or on a
 * face; there are few: each is solved exactly and the best that meets all conditions wins.
 */
export function fitSmile(points: readonly SmilePoint[], m: number, sigma: number): SmileFit {
  const sums = momentsOf(points, m, sigma)
  const limits = halfSpaces(sigma)
  let best: Triple = [0, 0, 0]
  let least = squaresOf(sums, best)
  for (const face of faces) {
    const found = solveOn(
      sums,
      face.map((i) => limits[i]!),
    )
    if (found === undefined || !limits.every((limit) => slack(limit, found) >= -1e-12)) continue
    const error = squaresOf(sums, found)
    if (error < least) [best, least] = [found, error]
    // The least of all, if it lies inside: no face of a convex problem has less.
    if (face.length === 0) break
  }
  const [a, d, c] = best
  const rho = c > 0 ? d / c : 0
  return { a, b: c / sigma, rho: rho > 1 ? 1 : rho < -1 ? -1 : rho, error: least > 0 ? least : 0 }
}

function halfSpaces(sigma: number): readonly HalfSpace[] {
  const wings = WING_SLOPE_MAX * sigma
  return [
    { normal: [0, -1, 1], offset: 0 },
    { normal: [0, 1, 1], offset: 0 },
    { normal: [0, -1, -1], offset: wings },
    { normal: [0, 1, -1], offset: wings },
    { normal: [1, -1, 1], offset: 0 },
    { normal: [1, 1, 1], offset: 0 },
  ]
}

/** Every set of at most three of the six conditions. */
const faces: readonly (readonly number[])[] = Array.from({ length: 64 }, (_, bits) =>
  [0, 1, 2, 3, 4, 5].filter((i) => (bits >> i) & 1),
).filter((face) => face.length <= 3)

function slack({ normal, offset }: HalfSpace, [a, d, c]: Triple): number {
  return normal[0] * a + normal[1] * d + normal[2] * c + offset
}

/** The quadratic: x·matrix·x − 2·x·right + constant. */
interface Moments {
  readonly matrix: readonly Triple[]
  readonly right: Triple
  readonly constant: number
}

function momentsOf(points: readonly SmilePoint[], m: number, sigma: number): Moments {
  let [n, y1, y2, z1, yz, z2] = [0, 0, 0, 0, 0, 0]
  let [w1, wy, wz, w2] = [0, 0, 0, 0]
  for (const { k, w, weight } of points) {
    const y = (k - m) / sigma
    const z = Math.sqrt(y * y + 1)
    n += weight
    y1 += weight * y
    y2 += weight * y * y
    z1 += weight * z
    yz += weight * y * z
    z2 += weight * z * z
    w1 += weight * w
    wy += weight * w * y
    wz += weight * w * z
    w2 += weight * w * w
  }
  return {
    matrix: [
      [n, y1, z1],
      [y1, y2, yz],
      [z1, yz, z2],
    ],
    right: [w1, wy, wz],
    constant: w2,
  }
}

function squaresOf({ matrix, right, constant }: Moments, x: Triple): number {
  const quadratic = x.reduce(
    (sum, xi, i) => sum + xi * x.reduce((row, xj, j) => row + matrix[i]![j]! * xj, 0),
    0,
  )
  return quadratic - 2 * (x[0] * right[0] + x[1] * right[1] + x[2] * right[2]) + constant
}

/** The least of the quadratic where these conditions are met exactly (Lagrange's multipliers). */
function solveOn({ matrix, right }: Moments, face: readonly HalfSpace[]): Triple | undefined {
  const rows = [0, 1, 2].map((i) => [...[...matrix[i]!, ...face.map(({ normal }) => normal[i]!)], right[i]!])
  for (const { normal, offset } of face) rows.push([...normal, ...face.map(() => 0), -offset])
  const solution = solveLinear(rows)
  return solution === undefined ? undefined : [solution[0]!, solution[1]!, solution[2]!]
}
