import type { DataSource } from 'typeorm'
import { invalidText } from './query-errors.ts'

/** A row as the database driver gives it: exact numbers are text. */
export type RawRow = Record<string, string | number | boolean | null>

/**
 * Runs one read; every read of the GraphQL layer goes through here. Throws `INVALID_ARGUMENT` for a text
 * that no column can hold.
 */
export async function select(
  database: DataSource,
  sql: string,
  parameters: readonly unknown[],
): Promise<RawRow[]> {
  if (parameters.flat().some((value) => typeof value === 'string' && value.includes('\0')))
    throw invalidText()
  return (await database.query(sql, [...parameters])) as RawRow[]
}

/** The text of a column that is never null. */
export function text(row: RawRow, column: string): string {
  return String(row[column] ?? '')
}

/** The text of a column, or null. */
export function textOrNull(row: RawRow, column: string): string | null {
  const value = row[column]
  return value === null || value === undefined ? null : String(value)
}

/** An exact integer. */
export function integer(row: RawRow, column: string): bigint {
  return BigInt(text(row, column))
}

/** An exact integer, or null. */
export function integerOrNull(row: RawRow, column: string): bigint | null {
  const value = textOrNull(row, column)
  return value === null ? null : BigInt(value)
}

/** A yes or no, or null. */
export function flagOrNull(row: RawRow, column: string): boolean | null {
  const value = row[column]
  return typeof value === 'boolean' ? value : null
}

/** Numbers the parameters of a statement as they are added. */
export class Parameters {
  readonly values: unknown[] = []

  /** Adds a value; answers its placeholder. */
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}
