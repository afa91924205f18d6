import type { JsonObject } from './json-shape.ts'

/** The member as a finite number, written as one or as decimal text. Throws on anything else. */
export function numberAt(object: JsonObject, name: string): number {
  const value = object[name]
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Error(`${name} is no number`)
  return number
}

/**
 * Throws unless `got` is within the tolerance of `expected`, or within two roundings where doubles of that
 * size have no finer steps.
 */
export function expectNear(what: string, got: number, expected: number, tolerance: number): void {
  const finest = Math.abs(expected) * 2 ** -51
  if (!(Math.abs(got - expected) <= Math.max(tolerance, finest)))
    throw new Error(`${what} is ${got}, expected ${expected} ± ${tolerance}`)
}
