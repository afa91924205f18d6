import { hasMembers, isObject } from './json-shape.ts'
import type { JsonObject } from './json-shape.ts'
import type { VectorCase } from './vector-file.ts'

/** Whether a section is a list in which some row has these members: enough to know a format by. */
export function hasRowOf(json: JsonObject, section: string, ...members: readonly string[]): boolean {
  const rows = json[section]
  return Array.isArray(rows) && rows.some((row) => hasMembers(row, ...members))
}

/**
 * One case for each row of a section; none for a section that is absent. A section that is no list, and a
 * row that is no object or lacks what `check` reads, is a case that fails: damage never makes fewer cases.
 */
export function sectionCases(
  json: JsonObject,
  section: string,
  check: (row: JsonObject) => void,
): VectorCase[] {
  if (!Object.hasOwn(json, section)) return []
  const rows: unknown = json[section]
  if (!Array.isArray(rows)) return [{ name: section, run: () => refuse(`${section} is no list`) }]
  return rows.map((row: unknown, i) => ({
    name: `${section}[${i}]`,
    run: () => (isObject(row) ? check(row) : refuse('the row is no object')),
  }))
}

function refuse(reason: string): never {
  throw new Error(reason)
}
