import { isCausewayCase, readCausewayCase } from './causeway-case.ts'
import { parseExactJson } from './exact-number.ts'
import { readLiquidationCase, type LiquidationCase } from './liquidation-case.ts'
import type { CaseContext, MarginCase } from './margin-case.ts'
import { readPmrmCase } from './pmrm-case.ts'
import { isPmrm2Case, readPmrm2Case } from './pmrm2-case.ts'
import { readStandardCase } from './standard-case.ts'

/** Public case formats, by the names of their models. */
export type CaseFormat = 'PMRM_2' | 'PMRM' | 'StandardManager' | 'liquidation' | 'causeway-margin/1'

/** One case of a file, not yet read: `read` throws `MarginError` 80 for what it misses. */
export type UnreadCase = { readonly name: string } & (
  | { readonly format: Exclude<CaseFormat, 'liquidation'>; read(context?: CaseContext): MarginCase }
  | { readonly format: 'liquidation'; read(context?: CaseContext): LiquidationCase }
)

/**
 * The cases of a file, told by its content: one PMRM_2 or `causeway-margin/1` case, or a table of cases by
 * name. Undefined for JSON of another kind. Throws `MarginError` 81 for a text that is no JSON.
 *
 *     for (const each of readMarginCases(text, 'a.json') ?? [])
 *       if (each.format !== 'liquidation') evaluateCase(each.read())
 */
export function readMarginCases(text: string, name: string): readonly UnreadCase[] | undefined {
  const file = parseExactJson(text)
  const single = unreadCase(file, name)
  if (single) return [single]
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return undefined
  const entries = Object.entries(file).map(([key, value]) => unreadCase(value, key))
  const cases = entries.filter((each) => each !== undefined)
  return cases.length > 0 && cases.length === entries.length ? cases : undefined
}

function unreadCase(value: unknown, name: string): UnreadCase | undefined {
  if (isCausewayCase(value))
    return { name, format: 'causeway-margin/1', read: () => readCausewayCase(value, name) }
  if (isPmrm2Case(value)) return { name, format: 'PMRM_2', read: () => readPmrm2Case(value, name) }
  if (hasMembers(value, 'InitialPortfolio', 'Actions'))
    return { name, format: 'liquidation', read: (context = {}) => readLiquidationCase(value, name, context) }
  const scenario = hasMembers(value, 'Scenario') ? value.Scenario : undefined
  if (hasMembers(scenario, 'OptionUnderlying'))
    return { name, format: 'StandardManager', read: (context = {}) => readStandardCase(value, name, context) }
  if (hasMembers(scenario, 'OptionExpiries'))
    return { name, format: 'PMRM', read: (context = {}) => readPmrmCase(value, name, context) }
  return undefined
}

function hasMembers(value: unknown, ...names: readonly string[]): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && names.every((name) => Object.hasOwn(value, name))
}
