// As much of JSON schema (draft 2020-12) as the risk model's schema uses, for tests: throws at a keyword
// that it doesn't know, so that nothing is accepted because it was overlooked.

type Check = (value: unknown, argument: never, schema: Schema) => boolean
type Schema = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const ifNumber = (value: unknown, test: (number: number) => boolean) =>
  typeof value !== 'number' || test(value)
const ifText = (value: unknown, test: (text: string) => boolean) => typeof value !== 'string' || test(value)
const ifList = (value: unknown, test: (list: unknown[]) => boolean) => !Array.isArray(value) || test(value)
const ifObject = (value: unknown, test: (object: Record<string, unknown>) => boolean) =>
  !isObject(value) || test(value)

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isInteger,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
}

const CHECKS: Readonly<Record<string, Check>> = {
  $schema: () => true,
  title: () => true,
  type: (value, type: string) => TYPES[type]!(value),
  enum: (value, items: unknown[]) => items.includes(value),
  const: (value, constant) => value === constant,
  minimum: (value, min: number) => ifNumber(value, (number) => number >= min),
  maximum: (value, max: number) => ifNumber(value, (number) => number <= max),
  exclusiveMinimum: (value, min: number) => ifNumber(value, (number) => number > min),
  minLength: (value, min: number) => ifText(value, (text) => text.length >= min),
  maxLength: (value, max: number) => ifText(value, (text) => text.length <= max),
  minItems: (value, min: number) => ifList(value, (list) => list.length >= min),
  maxItems: (value, max: number) => ifList(value, (list) => list.length <= max),
  items: (value, item: Schema) => ifList(value, (list) => list.every((each) => accepts(item, each))),
  required: (value, names: string[]) =>
    ifObject(value, (object) => names.every((name) => Object.hasOwn(object, name))),
  properties: (value, properties: Record<string, Schema>) =>
    ifObject(value, (object) =>
      Object.entries(properties).every(
        ([name, schema]) => !Object.hasOwn(object, name) || accepts(schema, object[name]),
      ),
    ),
  additionalProperties: (value, allowed: boolean, { properties }) =>
    allowed ||
    ifObject(value, (object) =>
      Object.keys(object).every((name) => Object.hasOwn(properties as object, name)),
    ),
  allOf: (value, schemas: Schema[]) => schemas.every((schema) => accepts(schema, value)),
  oneOf: (value, schemas: Schema[]) => schemas.filter((schema) => accepts(schema, value)).length === 1,
  if: (value, condition: Schema, schema) => {
    const branch = (accepts(condition, value) ? schema.then : schema.else) as Schema | undefined
    return branch === undefined || accepts(branch, value)
  },
  then: () => true,
  else: () => true,
}

/** Whether a schema accepts a value. */
export function accepts(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    const check = CHECKS[keyword]
    if (!check) throw new Error(`the schema uses ${keyword}, which this checker doesn't know`)
    return check(value, argument as never, schema)
  })
}
