import { assert } from './errors.ts'

/** Plain data that `canonicalJson` can write. */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

/**
 * One text for one value: keys sorted by code unit, no white space, bigints as decimal strings, undefined
 * members left out. Numbers must be safe integers.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'bigint') return JSON.stringify(value.toString())
  if (typeof value === 'number')
    assert(Number.isSafeInteger(value), 'canonical JSON holds safe integers only')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join(',')}]`
  const members = Object.entries(value as { readonly [key: string]: JsonValue | undefined })
    .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}
