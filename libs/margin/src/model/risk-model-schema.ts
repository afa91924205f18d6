import { linearModelShape, standardModelShape } from './parameter-shapes.ts'
import { scenarioModelShape } from './scenario-shape.ts'
import type { JsonSchema } from './shape.ts'

const base = (bound: JsonSchema): JsonSchema => ({ properties: { base: bound } })
const skew: JsonSchema = { properties: { vol: { enum: ['linearSkew', 'absoluteSkew'] } } }
const sides = (long: JsonSchema, short: JsonSchema): JsonSchema => ({
  properties: { staticDiscount: { properties: { long, short } } },
})

/**
 * JSON schema (draft 2020-12) of a risk model. It refuses what `readRiskModel` refuses, but for three rules
 * that compare members with one another: an underlying is in one offset group and one open-interest row
 * only, and the row's `upper` is above its `lower`.
 */
export const riskModelSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Causeway risk model',
  type: 'object',
  required: ['kind'],
  oneOf: [
    {
      ...scenarioModelShape.schema,
      allOf: [
        {
          if: { properties: { swapped: { const: true } }, required: ['swapped'] },
          then: sides(base({ minimum: 1 }), base({ maximum: 1 })),
          else: sides(base({ maximum: 1 }), base({ minimum: 1 })),
        },
        {
          properties: {
            basis: { properties: { spotUp: { minimum: 1 }, spotDown: { maximum: 1 } } },
            scenarios: { items: { if: skew, then: { properties: { spot: { const: 1 } } } } },
          },
        },
      ],
    },
    standardModelShape.schema,
    linearModelShape.schema,
  ],
}
