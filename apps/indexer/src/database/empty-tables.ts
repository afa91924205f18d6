import type { DataSource } from 'typeorm'
import { entities } from './tables.ts'

/** Deletes every row, cursors included, in one transaction: the next start reads everything again. */
export async function emptyTables(database: DataSource): Promise<void> {
  const names = entities.map(({ options }) => `"${options.tableName ?? options.name}"`)
  await database.query(`TRUNCATE ${names.join(', ')}`)
}
