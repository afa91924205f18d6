import type { EntityManager, EntitySchema } from 'typeorm'
import { mergeChanges, type Change } from '../project/change.ts'
import { tables } from './tables.ts'

const ROWS_PER_STATEMENT = 500

type Group = { table: keyof typeof tables; overwrite: string[]; rows: Record<string, unknown>[] }

/** Writes changes inside the caller's transaction: one statement per table and set of overwritten columns. */
export async function writeChanges(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  for (const group of groupChanges(mergeChanges(changes))) {
    for (let start = 0; start < group.rows.length; start += ROWS_PER_STATEMENT) {
      await upsert(manager, group, group.rows.slice(start, start + ROWS_PER_STATEMENT))
    }
  }
}

function groupChanges(changes: readonly Change[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { table, key, once, set } of changes) {
    const overwrite = Object.keys(set).sort()
    const id = [table, ...overwrite].join(' ')
    const group = groups.get(id) ?? { table, overwrite, rows: [] }
    group.rows.push({ ...once, ...set, ...key })
    groups.set(id, group)
  }
  return [...groups.values()]
}

async function upsert(manager: EntityManager, group: Group, rows: Record<string, unknown>[]): Promise<void> {
  const entity: EntitySchema<Record<string, unknown>> = tables[group.table] as never
  const { columns, primaryColumns } = manager.connection.getMetadata(entity)
  const insert = manager.createQueryBuilder().insert().into(entity).values(rows).updateEntity(false)
  if (group.overwrite.length === 0) {
    await insert.orIgnore().execute()
    return
  }
  const overwrite = columns.filter((column) => group.overwrite.includes(column.propertyName))
  await insert
    .orUpdate(
      overwrite.map((column) => column.databaseName),
      primaryColumns.map((column) => column.databaseName),
    )
    .execute()
}
