/** What `jsonOf` makes of a result: bigints as decimal texts, typed arrays as lists. */
export type JsonOf<T> = T extends bigint
  ? string
  : T extends Float64Array | Int32Array
    ? number[]
    : T extends readonly (infer Item)[]
      ? JsonOf<Item>[]
      : T extends object
        ? { [Name in keyof T]: JsonOf<T[Name]> }
        : T

/**
 * A result of this library as JSON can hold it: whole micro-cash as decimal texts (a JSON number would lose
 * digits), columns as lists.
 *
 *     JSON.stringify(jsonOf(explain(model, snapshot, account)))
 */
export function jsonOf<T>(value: T): JsonOf<T> {
  return plain(value) as JsonOf<T>
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Float64Array || value instanceof Int32Array) return [...value]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}
