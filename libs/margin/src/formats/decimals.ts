// Reading the public case formats: decimals (as numbers or texts) and integers scaled by 10¹⁸.
import type { E18 } from '../model/risk-model.ts'
import { malformed, objectOf } from '../model/shape.ts'
import { ExactNumber, nearestDouble, parseDecimal, toE18Down, type Decimal } from './exact-number.ts'

/** A JSON object that is read by the paths of its members; unknown members are left alone. */
export interface CaseReader {
  readonly path: string
  has(name: string): boolean
  /** A decimal as the nearest double. */
  number(name: string): number
  /** A decimal, exact. */
  e18(name: string): E18
  whole(name: string): number
  text(name: string): string
  flag(name: string): boolean
  object(name: string): CaseReader
  objects(name: string): readonly CaseReader[]
  /** A list whose items each are read by a reader's methods under the name `item`. */
  list<T>(name: string, read: (item: CaseReader) => T): readonly T[]
  raw(name: string): unknown
}

/** How numbers stand in a case: as they are, or as integers in units of 10⁻¹⁸. */
export type Scaling = 'plain' | 'e18'

/**
 * A reader over a value from `parseExactJson`. Its methods throw `MarginError` 80 with the path of what is
 * missing or of another kind.
 */
export function caseReader(value: unknown, path: string, scaling: Scaling = 'plain'): CaseReader {
  const object = objectOf(value, path)
  const at = (name: string) => `${path}.${name}`
  const decimal = (name: string) => scaled(readDecimal(object[name], at(name)), scaling)
  const items = (name: string): readonly unknown[] => {
    const found = object[name]
    if (!Array.isArray(found)) throw malformed(at(name), 'a list', found)
    return found
  }
  return {
    path,
    has: (name) => object[name] !== undefined && object[name] !== null,
    number: (name) => nearestDouble(decimal(name)),
    e18: (name) => toE18Down(decimal(name)),
    whole: (name) => readWhole(object[name], at(name)),
    text: (name) => readText(object[name], at(name)),
    flag: (name) => readFlag(object[name], at(name)),
    object: (name) => caseReader(object[name], at(name), scaling),
    objects: (name) => items(name).map((item, index) => caseReader(item, `${at(name)}[${index}]`, scaling)),
    list: (name, read) =>
      items(name).map((item, index) => read(caseReader({ item }, `${at(name)}[${index}]`, scaling))),
    raw: (name) => object[name],
  }
}

function scaled({ digits, scale }: Decimal, scaling: Scaling): Decimal {
  return { digits, scale: scaling === 'e18' ? scale + 18 : scale }
}

function readDecimal(value: unknown, path: string): Decimal {
  const written =
    value instanceof ExactNumber ? value.text : typeof value === 'number' ? String(value) : value
  const decimal = typeof written === 'string' ? parseDecimal(written) : undefined
  if (decimal === undefined) throw malformed(path, 'a decimal', value)
  return decimal
}

function readWhole(value: unknown, path: string): number {
  const { digits, scale } = readDecimal(value, path)
  const unit = 10n ** BigInt(scale)
  const number = Number(digits / unit)
  if (digits % unit !== 0n || !Number.isSafeInteger(number)) throw malformed(path, 'a whole number', value)
  return number
}

function readText(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length <= 200) return value
  throw malformed(path, 'a text', value)
}

/** Flags stand as true and false or as 1 and 0. */
function readFlag(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value
  const whole = readWhole(value, path)
  if (whole !== 0 && whole !== 1) throw malformed(path, 'true or false', value)
  return whole === 1
}
