import type {
  BlockRow,
  ClientRow,
  ClientUpdateRow,
  TransactionAddressRow,
  TransactionRow,
} from '../database/chain-entities.ts'
import type {
  AccountRow,
  AssetRow,
  BalanceChangeRow,
  BalanceRow,
  LineRow,
  PriceRow,
} from '../database/hub-entities.ts'
import type { PacketRow, TransferRow } from '../database/packet-entities.ts'

/** The row type of each projected table. */
export type Rows = {
  block: BlockRow
  transaction: TransactionRow
  transactionAddress: TransactionAddressRow
  client: ClientRow
  clientUpdate: ClientUpdateRow
  packet: PacketRow
  transfer: TransferRow
  account: AccountRow
  balance: BalanceRow
  balanceChange: BalanceChangeRow
  asset: AssetRow
  line: LineRow
  price: PriceRow
  priceHistory: PriceRow
}

/** The name of a projected table. */
export type TableName = keyof Rows

/**
 * One row change. `once` columns are written only when the row is new, `set` columns always: so two chains
 * can fill their own columns of one row in either order with the same outcome.
 */
export type Change = {
  readonly table: TableName
  readonly key: Readonly<Record<string, Cell>>
  readonly once: Readonly<Record<string, Cell>>
  readonly set: Readonly<Record<string, Cell>>
  /** Columns that keep the least of all values written. */
  readonly least: Readonly<Record<string, bigint>>
}

/** What a column may hold. */
export type Cell = string | bigint | number | boolean | null

/** Makes a change whose columns are checked against the table's row type. */
export function change<T extends TableName>(
  table: T,
  key: Partial<Rows[T]>,
  once: Partial<Rows[T]>,
  set: Partial<Rows[T]> = {},
  least: Partial<Rows[T]> = {},
): Change {
  return { table, key, once, set, least } as Change
}

/** Joins changes of the same row, in order, into one per row: the same outcome with fewer statements. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change>()
  for (const next of changes) {
    const id = rowId(next)
    const earlier = merged.get(id)
    merged.set(id, earlier === undefined ? next : join(earlier, next))
  }
  return [...merged.values()]
}

/** A text that names a change's row: table and key columns by name. */
export function rowId({ table, key }: Change): string {
  const parts = Object.keys(key).sort()
  return JSON.stringify([table, ...parts.map((name) => [name, String(key[name])])])
}

function join(earlier: Change, next: Change): Change {
  return {
    table: earlier.table,
    key: earlier.key,
    once: { ...next.once, ...earlier.once },
    set: { ...earlier.set, ...next.set },
    least: leastOf(earlier.least, next.least),
  }
}

/** The lesser of each column's values. */
export function leastOf(a: Change['least'], b: Change['least']): Change['least'] {
  const result = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const other = result[name]
    if (other === undefined || value < other) result[name] = value
  }
  return result
}
