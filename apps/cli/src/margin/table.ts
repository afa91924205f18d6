/** Rows as aligned lines: the first column to the left, the others, which are numbers, to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, c) => (widths[c] = Math.max(widths[c] ?? 0, cell.length)))
  return rows.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** Micro-cash as cash with all six decimals. */
export function cashE6(amountE6: bigint): string {
  const digits = String(amountE6 < 0n ? -amountE6 : amountE6).padStart(7, '0')
  return `${amountE6 < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

/** A double in cash, to two decimals. */
export function cash(amount: number): string {
  const text = amount.toFixed(2)
  return text === '-0.00' ? '0.00' : text
}

/** A size as it reads back. */
export function size(amount: number): string {
  return String(amount)
}
