import { fromBase64 } from '@causeway/primitives'

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is an object (no array, no null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is an object with all these members. */
export function hasMembers(value: unknown, ...names: readonly string[]): value is JsonObject {
  return isObject(value) && names.every((name) => Object.hasOwn(value, name))
}

/** Whether a value is an array that isn't empty and whose items are all objects with these members. */
export function isListOf(value: unknown, ...names: readonly string[]): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => hasMembers(item, ...names))
}

/** Whether a value is an object that isn't empty and whose members are all objects. */
export function isTable(value: unknown): value is Readonly<Record<string, JsonObject>> {
  return isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(isObject)
}

/** The member as an object. Throws when it is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  if (!isObject(value)) throw new Error(`${name} is no object`)
  return value
}

/** The member as an array. Throws when it is none. */
export function listAt(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name]
  if (!Array.isArray(value)) throw new Error(`${name} is no array`)
  return value
}

/** The member as a text. Throws when it is none. */
export function textAt(object: JsonObject, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new Error(`${name} is no text`)
  return value
}

/** The member as an integer, written as a number or a decimal text; absent is 0. Throws on anything else. */
export function integerAt(object: JsonObject, name: string): bigint {
  const value = object[name] ?? 0
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?[0-9]+$/.test(value)) return BigInt(value)
  throw new Error(`${name} is no integer`)
}

/** The member as bytes written in base64; absent or null is empty. Throws on anything else. */
export function base64At(object: JsonObject, name: string): Uint8Array {
  const value = object[name] ?? ''
  if (typeof value !== 'string') throw new Error(`${name} is no base64`)
  return fromBase64(value)
}
