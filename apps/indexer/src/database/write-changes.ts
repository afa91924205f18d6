import type { EntityManager, EntityMetadata } from 'typeorm'
import { mergeChanges, type Cell, type Change } from '../project/change.ts'
import { tables } from './tables.ts'

const ROWS_PER_STATEMENT = 2_000

type Columns = EntityMetadata['columns']
type Group = {
  table: keyof typeof tables
  overwrite: string[]
  least: string[]
  rows: Record<string, Cell>[]
}

/**
 * Writes changes inside the caller's transaction: one statement per table and set of overwritten columns.
 * Each column goes as one array, so that a statement's text and plan don't grow with its rows.
 */
export async function writeChanges(manager: EntityManager, changes: readonly Change[]): Promise<void> {
  for (const group of groupChanges(mergeChanges(changes))) {
    for (let start = 0; start < group.rows.length; start += ROWS_PER_STATEMENT) {
      await upsert(manager, group, group.rows.slice(start, start + ROWS_PER_STATEMENT))
    }
  }
}

function groupChanges(changes: readonly Change[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { table, key, once, set, least } of changes) {
    const [overwrite, lesser] = [Object.keys(set).sort(), Object.keys(least).sort()]
    const id = [table, ...overwrite, '', ...lesser].join(' ')
    const group = groups.get(id) ?? { table, overwrite, least: lesser, rows: [] }
    group.rows.push({ ...once, ...set, ...least, ...key })
    groups.set(id, group)
  }
  return [...groups.values()]
}

async function upsert(manager: EntityManager, group: Group, rows: Record<string, Cell>[]): Promise<void> {
  const metadata = manager.connection.getMetadata(tables[group.table])
  const columns = metadata.columns.filter(({ propertyName }) => rows.some((row) => propertyName in row))
  const names = columns.map(({ databaseName }) => quote(databaseName)).join(', ')
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${String(type)}[]`).join(', ')
  const keys = metadata.primaryColumns.map(({ databaseName }) => quote(databaseName)).join(', ')
  const sql = `INSERT INTO ${quote(metadata.tableName)} AS t (${names}) SELECT * FROM unnest(${arrays})
    ON CONFLICT (${keys}) ${conflict(columns, group)}`
  await manager.query(
    sql,
    columns.map((column) => rows.map((row) => toDatabase(row[column.propertyName], column))),
  )
}

function conflict(columns: Columns, { overwrite, least }: Group): string {
  const assignments = columns.flatMap(({ propertyName, databaseName }) => {
    const name = quote(databaseName)
    if (least.includes(propertyName)) return [`${name} = LEAST(t.${name}, EXCLUDED.${name})`]
    return overwrite.includes(propertyName) ? [`${name} = EXCLUDED.${name}`] : []
  })
  return assignments.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${assignments.join(', ')}`
}

/** A missing cell is the column's default: only some rows of a group may name it. */
function toDatabase(cell: Cell | undefined, column: Columns[number]): string | number | boolean | null {
  const value = cell === undefined ? ((column.default as Cell | undefined) ?? null) : cell
  return typeof value === 'bigint' ? value.toString() : value
}

function quote(name: string): string {
  return `"${name}"`
}
