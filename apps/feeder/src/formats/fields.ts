// Members of a source's JSON, each by its type. All throw `feeder/2` for what is missing or of another type.
import { errors } from '../errors.ts'
import { NumberText } from './strict-json.ts'
import type { StrictJson } from './strict-json.ts'

/** An object of JSON. */
export type JsonObject = ReadonlyMap<string, StrictJson>

/** The value as an object. */
export function objectOf(value: StrictJson | undefined, what: string): JsonObject {
  if (value instanceof Map) return value as JsonObject
  throw errors.badShape({ what, expected: 'an object' })
}

/** The value as an array. */
export function arrayOf(value: StrictJson | undefined, what: string): readonly StrictJson[] {
  if (Array.isArray(value)) return value as readonly StrictJson[]
  throw errors.badShape({ what, expected: 'an array' })
}

/** A member that is an object. */
export function objectIn(object: JsonObject, key: string): JsonObject {
  return objectOf(object.get(key), key)
}

/** A member that is an array. */
export function arrayIn(object: JsonObject, key: string): readonly StrictJson[] {
  return arrayOf(object.get(key), key)
}

/** A member that is a string. */
export function textIn(object: JsonObject, key: string): string {
  const value = object.get(key)
  if (typeof value === 'string') return value
  throw errors.badShape({ what: key, expected: 'a string' })
}

/** The text of a member that is a number, or a number as a string: as exchanges write prices. */
export function numberTextIn(object: JsonObject, key: string): string {
  const value = object.get(key)
  if (value instanceof NumberText) return value.text
  if (typeof value === 'string') return value
  throw errors.badShape({ what: key, expected: 'a number' })
}

/** Whether a member holds anything: neither missing, null nor an empty string. */
export function has(object: JsonObject, key: string): boolean {
  const value = object.get(key)
  return value !== undefined && value !== null && value !== ''
}

/** A member that is a whole number, as a number or as a string: below 2⁵³ either way. */
export function wholeIn(object: JsonObject, key: string): number {
  const text = numberTextIn(object, key)
  const value = Number(text)
  if (/^-?[0-9]{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  throw errors.badShape({ what: key, expected: 'a whole number' })
}

/** A member that is a time of RFC 3339 in UTC, Unix milliseconds, cut. */
export function timeIn(object: JsonObject, key: string): number {
  const text = textIn(object, key)
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text)
  const milliseconds = isTime ? Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN
  if (Number.isNaN(milliseconds)) throw errors.badShape({ what: key, expected: 'a time in UTC' })
  return milliseconds
}
