/**
 * What belongs to rows of one page, read for all of them in one statement when the first of them is asked
 * for it.
 */
export function together<Row, Item>(
  rows: readonly Row[],
  read: (rows: readonly Row[]) => Promise<readonly (readonly [row: number, item: Item])[]>,
): (row: Row) => Promise<readonly Item[]> {
  let reading: Promise<Map<Row, Item[]>> | undefined
  const all = async (): Promise<Map<Row, Item[]>> => {
    const found = new Map<Row, Item[]>()
    for (const [index, item] of await read(rows)) {
      const row = rows[index]!
      const known = found.get(row)
      if (known === undefined) found.set(row, [item])
      else known.push(item)
    }
    return found
  }
  return async (row) => (await (reading ??= all())).get(row) ?? []
}
