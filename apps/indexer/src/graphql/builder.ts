import SchemaBuilder from '@pothos/core'
import RelayPlugin from '@pothos/plugin-relay'
import type { GraphqlContext } from './context.ts'
import { timeText } from './formats.ts'

/** Scalars as resolvers give them: exact numbers are `bigint` inside and text outside. */
type Scalars = {
  ID: { Input: string; Output: string }
  UInt64: { Input: never; Output: bigint }
  Amount: { Input: never; Output: bigint }
  Decimal: { Input: never; Output: string }
  Time: { Input: never; Output: bigint }
  Hex: { Input: never; Output: string }
}

/**
 * Makes the schema builder with its scalars; a new one each time, so that a schema can be built more than
 * once.
 */
export function createBuilder() {
  const builder = new SchemaBuilder<{
    Context: GraphqlContext
    Scalars: Scalars
    DefaultFieldNullability: false
  }>({
    plugins: [RelayPlugin],
    defaultFieldNullability: false,
    relay: { nodesQueryOptions: false, nodeQueryOptions: { nullable: true } },
  })
  addScalars(builder)
  return builder
}

/** The builder that types and queries are added to. */
export type Builder = ReturnType<typeof createBuilder>

function addScalars(builder: Builder): void {
  const outputOnly = {
    parseValue: (): never => {
      throw new Error('not an input')
    },
  }
  builder.scalarType('UInt64', {
    description: 'An unsigned 64-bit integer as decimal text: heights, sequences, identifiers.',
    serialize: String,
    ...outputOnly,
  })
  builder.scalarType('Amount', {
    description: "An amount in the token's smallest unit, as decimal text; up to 2^256 - 1.",
    serialize: String,
    ...outputOnly,
  })
  builder.scalarType('Decimal', {
    description: 'An exact decimal as text. Its field says how many places it has.',
    serialize: String,
    ...outputOnly,
  })
  builder.scalarType('Time', {
    description: 'A block time: RFC 3339 in UTC with nine decimals.',
    serialize: (value) => timeText(value as bigint),
    ...outputOnly,
  })
  builder.scalarType('Hex', { description: 'Bytes as lower-case hex.', serialize: String, ...outputOnly })
}
