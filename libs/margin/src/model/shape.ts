// Values read from JSON: what is read and what the JSON schema says come from one description.
import { marginErrors } from '../errors.ts'
import { ExactNumber, nearestDouble, parseDecimal, toE18Down, type Decimal } from '../formats/exact-number.ts'

/** A JSON schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** How one kind of value is read, and the schema that accepts the same values. */
export interface Shape<T> {
  readonly schema: JsonSchema
  /** Throws `MarginError` 80 with the path, what was expected and what was there. */
  read(value: unknown, path: string): T
}

/** Shapes by the names of their members. A member that may be missing has a `fallback`. */
export type Members<T> = {
  readonly [Name in keyof T]-?: Shape<T[Name]> & { readonly fallback?: T[Name] | undefined }
}

/** Bounds of a number, both within. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

/** A number within bounds, as the nearest double. */
export function number({ min, max }: Bounds): Shape<number> {
  return {
    schema: { type: 'number', minimum: min, maximum: max },
    read(value, path) {
      const double = nearestDouble(decimalOf(value, path))
      if (double >= min && double <= max) return double
      throw malformed(path, `a number within ${min} to ${max}`, value)
    },
  }
}

/** A number above zero, at most `max`. */
export function positive(max: number): Shape<number> {
  const { read } = number({ min: 0, max })
  return {
    schema: { type: 'number', exclusiveMinimum: 0, maximum: max },
    read(value, path) {
      const double = read(value, path)
      if (double > 0) return double
      throw malformed(path, 'a number above zero', value)
    },
  }
}

/** A whole number within bounds. */
export function whole(bounds: Bounds): Shape<number> {
  const { schema, read } = number(bounds)
  return {
    schema: { ...schema, type: 'integer' },
    read(value, path) {
      const { digits, scale } = decimalOf(value, path)
      if (digits % 10n ** BigInt(scale) !== 0n) throw malformed(path, 'a whole number', value)
      return read(value, path)
    },
  }
}

/** A number that is compared with others exactly: in units of 10⁻¹⁸, what is beyond cut off downwards. */
export function exact({ min, max }: Bounds): Shape<bigint> {
  const { schema, read } = number({ min, max })
  return {
    schema,
    read(value, path) {
      read(value, path)
      return toE18Down(decimalOf(value, path))
    },
  }
}

/** True or false. */
export const flag: Shape<boolean> = {
  schema: { type: 'boolean' },
  read(value, path) {
    if (typeof value === 'boolean') return value
    throw malformed(path, 'true or false', value)
  },
}

/** A text of 1 to 64 characters. */
export const text: Shape<string> = {
  schema: { type: 'string', minLength: 1, maxLength: 64 },
  read(value, path) {
    if (typeof value === 'string' && value.length >= 1 && value.length <= 64) return value
    throw malformed(path, 'a text of 1 to 64 characters', value)
  },
}

/** One of these texts. */
export function oneOf<const T extends string>(...texts: readonly T[]): Shape<T> {
  return {
    schema: { enum: texts },
    read(value, path) {
      const found = texts.find((item) => item === value)
      if (found !== undefined) return found
      throw malformed(path, `one of ${texts.join(', ')}`, value)
    },
  }
}

/** A list of `min` to `max` items. */
export function list<T>(item: Shape<T>, { min, max }: Bounds): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema, minItems: min, maxItems: max },
    read(value, path) {
      if (!Array.isArray(value) || value.length < min || value.length > max)
        throw malformed(path, `a list of ${min} to ${max} items`, value)
      return value.map((each: unknown, index) => item.read(each, `${path}[${index}]`))
    },
  }
}

/** An object with these members and no others. */
export function record<T>(members: Members<T>): Shape<T> {
  const names = Object.keys(members) as (keyof T & string)[]
  const required = names.filter((name) => !Object.hasOwn(members[name], 'fallback'))
  const properties = Object.fromEntries(names.map((name) => [name, members[name].schema]))
  return {
    schema: { type: 'object', properties, required, additionalProperties: false },
    read(value, path) {
      const object = objectOf(value, path)
      const unknown = Object.keys(object).find((name) => !Object.hasOwn(members, name))
      if (unknown !== undefined)
        throw malformed(`${path}.${unknown}`, `no other member than ${names.join(', ')}`, object[unknown])
      const entries = names.map((name) => {
        const member = members[name]
        if (Object.hasOwn(object, name)) return [name, member.read(object[name], `${path}.${name}`)]
        if (Object.hasOwn(member, 'fallback')) return [name, member.fallback]
        throw malformed(`${path}.${name}`, 'a value', undefined)
      })
      return Object.fromEntries(entries.filter(([, member]) => member !== undefined)) as T
    },
  }
}

/** A member that may be missing, and then is. */
export function missing<T>(shape: Shape<T>): Shape<T> & { readonly fallback: undefined } {
  return { ...shape, fallback: undefined }
}

/** A member that may be missing, and then has a value. */
export function optional<T>(shape: Shape<T>, fallback: T): Shape<T> & { readonly fallback: T } {
  return { ...shape, fallback }
}

/** The value as an object. Throws `MarginError` 80 otherwise. */
export function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber))
    return value as Readonly<Record<string, unknown>>
  throw malformed(path, 'an object', value)
}

/** The list when it is one of objects. Throws `MarginError` 80 otherwise. */
export function objectsOf<T>(value: readonly T[], path: string): readonly T[] {
  if (!Array.isArray(value)) throw malformed(path, 'a list', value)
  for (let i = 0; i < value.length; i++)
    if (typeof value[i] !== 'object' || value[i] === null) objectOf(value[i], `${path}[${i}]`)
  return value as readonly T[]
}

/** The decimal that a JSON number is; a double counts as the shortest decimal that reads back as it. */
export function decimalOf(value: unknown, path: string): Decimal {
  const digits = value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : ''
  const decimal = parseDecimal(digits)
  if (decimal === undefined) throw malformed(path, 'a number', value)
  return decimal
}

/** What was there instead of what was expected. */
export function malformed(path: string, expected: string, value: unknown): Error {
  return marginErrors.malformed({ path, expected, got: printed(value) })
}

function printed(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof ExactNumber) return value.text.slice(0, 80)
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80))
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
