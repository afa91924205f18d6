/**
 * Solves A·x = b by Gauss with partial pivoting. `rows` are [A | b] and are used up. Undefined when A is
 * singular to within rounding.
 */
export function solveLinear(rows: number[][]): number[] | undefined {
  const n = rows.length
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    }
    const chosen = rows[pivot]!
    if (!(Math.abs(chosen[column]!) > 1e-13)) return undefined
    rows[pivot] = rows[column]!
    rows[column] = chosen
    for (let i = column + 1; i < n; i++) {
      const row = rows[i]!
      const factor = row[column]! / chosen[column]!
      for (let j = column; j <= n; j++) row[j] = row[j]! - factor * chosen[j]!
    }
  }
  const x = Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i--) {
    let rest = rows[i]![n]!
    for (let j = i + 1; j < n; j++) rest -= rows[i]![j]! * x[j]!
    x[i] = rest / rows[i]![i]!
  }
  return x
}
