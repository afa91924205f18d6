import type { EntitySchemaColumnOptions } from 'typeorm'

const toDatabase = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)
const fromDatabase = (value: unknown): unknown =>
  value === null || value === undefined ? null : BigInt(value as string)
const exact = { to: toDatabase, from: fromDatabase }

/** An amount in an asset's smallest unit: any integer up to 2²⁵⁶ − 1, with sign. */
export const amount: EntitySchemaColumnOptions = {
  type: 'numeric',
  precision: 78,
  scale: 0,
  transformer: exact,
}
/** An unsigned 64-bit integer: heights, sequences, identifiers. (`bigint` would lose the upper half.) */
export const u64: EntitySchemaColumnOptions = { type: 'numeric', precision: 20, scale: 0, transformer: exact }
/** A time in nanoseconds since 1970. A chain may claim any year from 1 to 9999: more than 64 bits hold. */
export const timeNanoseconds: EntitySchemaColumnOptions = {
  type: 'numeric',
  precision: 21,
  scale: 0,
  transformer: exact,
}
/** A small count or index. */
export const count: EntitySchemaColumnOptions = { type: 'integer' }
/** Text of any length; its bound is checked before it gets here. */
export const text: EntitySchemaColumnOptions = { type: 'text' }
/** A yes or no. */
export const flag: EntitySchemaColumnOptions = { type: 'boolean' }

/** The column is part of the primary key. */
export function key(column: EntitySchemaColumnOptions): EntitySchemaColumnOptions {
  return { ...column, primary: true }
}

/** The column may be null. */
export function optional(column: EntitySchemaColumnOptions): EntitySchemaColumnOptions {
  return { ...column, nullable: true }
}

/** Columns named in snake case as their properties: `priceE9` is `price_e9`. */
export function snakeCased<Row>(
  columns: Record<keyof Row & string, EntitySchemaColumnOptions>,
): Record<keyof Row & string, EntitySchemaColumnOptions> {
  const named = Object.entries<EntitySchemaColumnOptions>(columns).map(
    ([property, column]) => [property, { ...column, name: snake(property) }] as const,
  )
  return Object.fromEntries(named) as Record<keyof Row & string, EntitySchemaColumnOptions>
}

function snake(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
