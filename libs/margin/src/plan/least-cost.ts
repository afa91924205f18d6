/**
 * The cheapest shares y, each within 0 to 1, with rows·y ≥ needs: a linear program, solved by the simplex
 * method on its dual (all costs are above 0, so the dual begins feasible). `rows` has one list of as many
 * numbers as there are costs for each need. Undefined when no shares suffice. Exact up to rounding; pivots
 * by Bland's rule, so that it ends.
 */
export function leastCost(
  costs: readonly number[],
  rows: readonly (readonly number[])[],
  needs: readonly number[],
): number[] | undefined {
  const count = costs.length
  // Columns: a price of each need, of each bound y ≤ 1, slacks, right-hand side
  const width = rows.length + 2 * count + 1
  const tableau = costs.map((cost, i) => {
    const line = new Float64Array(width)
    rows.forEach((row, k) => (line[k] = row[i]!))
    line[rows.length + i] = -1
    line[rows.length + count + i] = 1
    line[width - 1] = cost
    return line
  })
  const gain = new Float64Array(width)
  needs.forEach((need, k) => (gain[k] = -need))
  for (let i = 0; i < count; i++) gain[rows.length + i] = 1
  const basis = costs.map((_, i) => rows.length + count + i)
  for (let pivots = 0; pivots < PIVOTS_MAX; pivots++) {
    const entering = gain.subarray(0, width - 1).findIndex((each) => each < -TOLERANCE)
    if (entering < 0) return [...gain.subarray(rows.length + count, width - 1)].map(share)
    const leaving = leavingRow(tableau, basis, entering)
    if (leaving < 0) return undefined
    pivot(tableau, gain, leaving, entering)
    basis[leaving] = entering
  }
  return undefined
}

const PIVOTS_MAX = 5_000
const TOLERANCE = 1e-11

function leavingRow(tableau: readonly Float64Array[], basis: readonly number[], entering: number): number {
  let [leaving, least] = [-1, Number.POSITIVE_INFINITY]
  for (const [i, line] of tableau.entries()) {
    const rate = line[entering]!
    if (rate <= TOLERANCE) continue
    const ratio = line.at(-1)! / rate
    const isLess = ratio < least || (ratio === least && basis[i]! < basis[leaving]!)
    if (isLess) [leaving, least] = [i, ratio]
  }
  return leaving
}

function pivot(
  tableau: readonly Float64Array[],
  gain: Float64Array,
  leaving: number,
  entering: number,
): void {
  const line = tableau[leaving]!
  const rate = line[entering]!
  for (let c = 0; c < line.length; c++) line[c]! /= rate
  for (const other of [...tableau, gain]) {
    const factor = other[entering]!
    if (other === line || factor === 0) continue
    for (let c = 0; c < line.length; c++) other[c]! -= factor * line[c]!
  }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
