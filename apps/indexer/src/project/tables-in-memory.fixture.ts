import { rowId, type Change } from './change.ts'
import { projectBlock } from './project-block.ts'
import type { ChainBlock } from './block.ts'

/** Rows by id: a naive second implementation of what changes mean, as oracle for the databases. */
export type Tables = Map<string, Record<string, unknown>>

/** Applies one change at a time. */
export function applyChanges(tables: Tables, changes: readonly Change[]): void {
  for (const change of changes) {
    const id = rowId(change)
    const row = tables.get(id)
    const { key, once, set, least, most, sum } = change
    if (row === undefined) tables.set(id, { ...once, ...set, ...least, ...most, ...sum, ...key })
    else tables.set(id, { ...row, ...set, ...joined(row, change) })
  }
}

function joined(row: Record<string, unknown>, { least, most, sum }: Change): Record<string, bigint> {
  const rules = [
    [least, (a: bigint, b: bigint) => (a < b ? a : b)],
    [most, (a: bigint, b: bigint) => (a > b ? a : b)],
    [sum, (a: bigint, b: bigint) => a + b],
  ] as const
  const entries = rules.flatMap(([cells, rule]) =>
    Object.entries(cells).map(
      ([name, value]) => [name, row[name] === undefined ? value : rule(row[name] as bigint, value)] as const,
    ),
  )
  return Object.fromEntries(entries)
}

/** Projects blocks in the given order, with what each chain tells of its clients. */
export function projectAll(blocks: readonly ChainBlock[]): { changes: Change[]; problems: number } {
  const tracked = new Map<string, string>()
  let problems = 0
  const changes = blocks.flatMap((block) => {
    const projection = projectBlock(block, (chainId, clientId) => tracked.get(`${chainId}/${clientId}`))
    for (const [clientId, chainId] of projection.tracked) tracked.set(`${block.chainId}/${clientId}`, chainId)
    problems += projection.problems.length
    return [...projection.changes]
  })
  return { changes, problems }
}

/** Rows in an order that doesn't depend on how they came. */
export function sortedRows(tables: Tables): [string, Record<string, unknown>][] {
  return [...tables].sort(([a], [b]) => (a < b ? -1 : 1))
}
