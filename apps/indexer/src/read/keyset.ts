import type { DataSource } from 'typeorm'
import { readCursor, requireInteger, rowLimit, toPage, type Page, type PageRequest } from './page.ts'
import { select, type Parameters, type RawRow } from './rows.ts'

/** A list that is read page by page: `sql` up to its WHERE, and the columns that order it. */
export type Keyset<Row> = {
  readonly sql: string
  readonly conditions: readonly string[]
  /** Integer columns, the first one deciding; together they name one row. */
  readonly order: readonly string[]
  readonly direction: 'ASC' | 'DESC'
  readonly read: (row: RawRow) => Row
  readonly cursorOf: (row: Row) => readonly (bigint | number)[]
}

/** One page of a list, in one statement. Throws `PAGE_SIZE`, `INVALID_CURSOR`. */
export async function pageOf<Row>(
  database: DataSource,
  parameters: Parameters,
  list: Keyset<Row>,
  page: PageRequest,
): Promise<Page<Row>> {
  const { order, direction } = list
  const conditions = [...list.conditions]
  const after = readCursor(page, order.length)
  if (after !== undefined) {
    const values = after.map((value) => `${parameters.add(requireInteger(value))}::numeric`)
    conditions.push(`(${order.join(', ')}) ${direction === 'ASC' ? '>' : '<'} (${values.join(', ')})`)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sorted = order.map((column) => `${column} ${direction}`).join(', ')
  const sql = `${list.sql} ${where} ORDER BY ${sorted} LIMIT ${parameters.add(rowLimit(page))}`
  const rows = await select(database, sql, parameters.values)
  return toPage(page, rows.map(list.read), (row) => list.cursorOf(row).map(String))
}
