import type { DataSource } from 'typeorm'
import { entities } from './tables.ts'

/** Rows and a digest of each table's whole content, equal on every database that holds the same rows. */
export type TableChecksum = { table: string; rows: number; digest: string }

/** Digests every table in primary-key order. Two indexers that read the same chains agree in all of them. */
export async function checksumTables(database: DataSource): Promise<TableChecksum[]> {
  const checksums: TableChecksum[] = []
  for (const { options } of entities) {
    const table = options.tableName ?? options.name
    const columns = Object.values(options.columns).map(
      (column) => column as { name?: string; primary?: boolean },
    )
    const names = Object.entries(options.columns).map(([property, column]) => column?.name ?? property)
    const order = names
      .filter((_, index) => columns[index]?.primary === true)
      .map((name) => `${quote(name)} `)
    const row = `ROW(${names.map(quote).join(', ')})::text`
    // COLLATE "C": the order of text must not depend on the server's language.
    const sorted = order.map((name) => `${name}::text COLLATE "C"`).join(', ')
    const digest = `coalesce(md5(string_agg(md5(${row}), '' ORDER BY ${sorted})), '')`
    const sql = `SELECT count(*)::int AS rows, ${digest} AS digest
      FROM ${quote(table)}`
    const [result] = (await database.query(sql)) as { rows: number; digest: string }[]
    checksums.push({ table, rows: result?.rows ?? 0, digest: result?.digest ?? '' })
  }
  return checksums
}

function quote(name: string): string {
  return `"${name}"`
}
