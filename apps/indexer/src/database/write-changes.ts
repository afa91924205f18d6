import type { EntityManager, EntityMetadata } from 'typeorm'
import { mergeChanges, type Cell, type Change } from '../project/change.ts'
import { tables } from './tables.ts'

const ROWS_PER_STATEMENT = 2_000

type Columns = EntityMetadata['columns']
type Joins = { overwrite: string[]; least: string[]; most: string[]; sum: string[] }
type Group = { table: keyof typeof tables; joins: Joins; rows: Record<string, Cell>[] }

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
  for (const { table, key, once, set, least, most, sum } of changes) {
    const joins = { overwrite: names(set), least: names(least), most: names(most), sum: names(sum) }
    const id = [table, ...Object.values(joins).map((columns) => columns.join(' '))].join('/')
    const group = groups.get(id) ?? { table, joins, rows: [] }
    group.rows.push({ ...once, ...set, ...least, ...most, ...sum, ...key })
    groups.set(id, group)
  }
  return [...groups.values()]
}

function names(cells: object): string[] {
  return Object.keys(cells).sort()
}

async function upsert(manager: EntityManager, group: Group, rows: Record<string, Cell>[]): Promise<void> {
  const metadata = manager.connection.getMetadata(tables[group.table])
  const columns = metadata.columns.filter(({ propertyName }) => rows.some((row) => propertyName in row))
  const names = columns.map(({ databaseName }) => quote(databaseName)).join(', ')
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${String(type)}[]`).join(', ')
  const keys = metadata.primaryColumns.map(({ databaseName }) => quote(databaseName)).join(', ')
  const sql = `INSERT INTO ${quote(metadata.tableName)} AS t (${names}) SELECT * FROM unnest(${arrays})
    ON CONFLICT (${keys}) ${conflict(columns, group.joins)}`
  await manager.query(
    sql,
    columns.map((column) => rows.map((row) => toDatabase(row[column.propertyName], column))),
  )
}

function conflict(columns: Columns, { overwrite, least, most, sum }: Joins): string {
  const assignments = columns.flatMap(({ propertyName, databaseName }) => {
    const name = quote(databaseName)
    if (least.includes(propertyName)) return [`${name} = LEAST(t.${name}, EXCLUDED.${name})`]
    if (most.includes(propertyName)) return [`${name} = GREATEST(t.${name}, EXCLUDED.${name})`]
    if (sum.includes(propertyName)) return [`${name} = t.${name} + EXCLUDED.${name}`]
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
