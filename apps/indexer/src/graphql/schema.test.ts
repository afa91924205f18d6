import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql/index.js'
import { describe, expect, it } from 'vitest'
import { buildSchema } from './schema.ts'

const path = join(import.meta.dirname, '../../schema.graphql')

describe('the schema', () => {
  it('is the contract in schema.graphql (UPDATE_SCHEMA=1 rewrites it)', () => {
    const printed = `${printSchema(lexicographicSortSchema(buildSchema()))}\n`
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(path, printed)
    expect(printed).toBe(readFileSync(path, 'utf8'))
  })

  it('describes every type and has no field that takes a number for an amount', () => {
    const types = buildSchema().getTypeMap() as Record<string, { description?: string | null }>
    const own = Object.entries(types).filter(
      ([name]) => !/^__|Connection$|Edge$|^PageInfo$|^(Query|Subscription|Node)$/.test(name),
    )
    expect(own.filter(([, type]) => !type.description).map(([name]) => name)).toEqual([])
    const printed = printSchema(buildSchema())
    expect(printed).not.toMatch(/(amount|price|value|equity|margin|height)\w*: (Int|Float)/i)
  })
})
