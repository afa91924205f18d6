import { marginErrors } from '../errors.ts'
import type { E18, RiskModel } from '../model/risk-model.ts'
import { columnOf } from './column.ts'
import { linearCharges, type LinearCharges } from './linear-charges.ts'
import type { MarketSnapshot, UnderlyingSnapshot } from './market-snapshot.ts'

/** Underlyings, ascending by name. */
export interface UnderlyingTable {
  readonly names: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly spot: Float64Array
  /** Mark of the perpetual; NaN where there is none (no position can refer to it). */
  readonly perp: Float64Array
  /** What 1.0 of the perpetual requires. */
  readonly perpCharges: readonly LinearCharges[]
  /** Offset group, by underlying; each that the model doesn't name has its own. */
  readonly group: Int32Array
  /** By group: λ, and its underlyings, ascending. */
  readonly lambda: Float64Array
  readonly members: readonly (readonly number[])[]
  /** Spot confidence, and that of spot and perpetual together. */
  readonly spotConfidence: readonly E18[]
  readonly linearConfidence: readonly E18[]
}

/** The table of a snapshot's underlyings under a model. */
export function underlyingTable(model: RiskModel, snapshot: MarketSnapshot): UnderlyingTable {
  const rows = [...snapshot.underlyings].sort((a, b) => (a.name < b.name ? -1 : 1))
  const names = rows.map(({ name }) => name)
  const column = (of: (row: UnderlyingSnapshot, index: number) => number) => columnOf(rows, of)
  const spotConfidence = rows.map((row) => row.spotConfidence)
  const linearConfidence = rows.map(({ perp, spotConfidence: spot }) => lesser(spot, perp?.confidence))
  return {
    names,
    indexOf: new Map(names.map((name, index) => [name, index])),
    spot: column(({ spot }) => spot),
    perp: column(({ perp }) => perp?.price ?? Number.NaN),
    perpCharges: rows.map(({ name, spot, perp }, index) =>
      linearCharges(model, {
        underlying: name,
        spot,
        mark: perp?.price ?? 0,
        confidence: linearConfidence[index]!,
        openInterest: perp?.openInterest ?? 0,
      }),
    ),
    ...groupsOf(model, names),
    spotConfidence,
    linearConfidence,
  }
}

/** The index of an underlying. Throws `MarginError` 61 for one that isn't in the market. */
export function underlyingIndex(table: UnderlyingTable, name: string): number {
  const index = table.indexOf.get(name)
  if (index === undefined) throw marginErrors.unknownInstrument({ instrument: String(name).slice(0, 80) })
  return index
}

/** The index of an underlying that has a perpetual. Throws `MarginError` 61 otherwise. */
export function perpIndex(table: UnderlyingTable, name: string): number {
  const index = underlyingIndex(table, name)
  if (Number.isNaN(table.perp[index]))
    throw marginErrors.unknownInstrument({ instrument: `the perpetual of ${name}` })
  return index
}

/** The lesser of two confidences; one that is missing doesn't count. */
export function lesser(a: E18, b: E18 | undefined): E18 {
  return b !== undefined && b < a ? b : a
}

function groupsOf(
  model: RiskModel,
  names: readonly string[],
): Pick<UnderlyingTable, 'group' | 'lambda' | 'members'> {
  const groups = model.kind === 'scenario' ? model.offsetGroups : []
  const lambda = groups.map((group) => group.lambda)
  const group = Int32Array.from(names, (name) => {
    const found = groups.findIndex(({ underlyings }) => underlyings.includes(name))
    return found >= 0 ? found : lambda.push(0) - 1
  })
  const members = lambda.map((): number[] => [])
  group.forEach((g, underlying) => members[g]!.push(underlying))
  return { group, lambda: Float64Array.from(lambda), members }
}
