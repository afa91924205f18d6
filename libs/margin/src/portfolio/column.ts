/**
 * A number of each row as a column: `Float64Array.from` would step through an iterator, at five times the
 * cost.
 */
export function columnOf<Row>(rows: readonly Row[], of: (row: Row, index: number) => number): Float64Array {
  const column = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) column[i] = of(rows[i]!, i)
  return column
}
