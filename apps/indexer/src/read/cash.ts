// Cash of subaccounts: what it was after its last change, and interest since then.

import { mulDivCeil, mulDivFloor, sha256, toBech32, utf8 } from '@causeway/primitives'
import type { DataSource } from 'typeorm'
import { integer, select, text } from './rows.ts'

/** A subaccount's cash. */
export type CashBalance = {
  readonly account: string
  readonly subaccount: number
  readonly balanceE6: bigint
  /** Of its last change. */
  readonly height: bigint
  /** False where the tables begin after interest may have accrued: it may be off by that. */
  readonly isExact: boolean
}

/** What 1.0 of debt, and of credit, at the beginning has become, in 10⁻¹⁸. */
export type Indices = { readonly debt: bigint; readonly credit: bigint }

/** As the hub counts: shares times index over this are micro-cash. */
const SHARE_SCALE = 10n ** 36n
const START: Indices = { debt: 10n ** 18n, credit: 10n ** 18n }
/** The markets' own account: what they owe and are owed bears no interest. */
export const MARKETS_OWN = toBech32('cway', sha256(utf8('causeway/markets')).slice(0, 20))

/**
 * Cash of these accounts, or of all, after a block: of each the balance that its last event told, and the
 * interest since. Rows that changed later are left out.
 */
export async function cashAt(
  database: DataSource,
  accounts: readonly string[] | undefined,
  height: bigint,
): Promise<CashBalance[]> {
  const index = (before: string) => `(SELECT debt_index || ' ' || credit_index FROM cash_index i
    WHERE ${before} ORDER BY i.height DESC, i.position DESC LIMIT 1)`
  const told = index('(i.height, i.position) < (c.height, c.position)')
  const sql = `SELECT c.*, ${told} AS before, ${index('i.height <= $1::numeric')} AS after,
      (SELECT bool_and(root_height <= 1) FROM chain WHERE role = 'hub') AS is_whole FROM cash c
    WHERE c.height <= $1::numeric ${accounts === undefined ? '' : 'AND c.account = ANY($2::text[])'}`
  const parameters = accounts === undefined ? [String(height)] : [String(height), [...accounts]]
  const rows = await select(database, sql, parameters)
  return rows.map((row) => {
    const [account, subaccount] = [text(row, 'account'), Number(row.subaccount)]
    const balanceE6 = integer(row, 'balance_e6')
    const shares = sharesOfCash(account, balanceE6, indicesIn(row.before))
    const now = cashOfShares(account, shares, indicesIn(row.after))
    const isExact = row.before !== null || row.is_whole === true
    return { account, subaccount, balanceE6: now, height: integer(row, 'height'), isExact }
  })
}

/** Cash of shares: micro-cash rounded against the account, as the hub does; without a pool at the start. */
export function cashOfShares(account: string, shares: bigint, indices: Indices = START): bigint {
  if (account === MARKETS_OWN) return shares
  if (shares < 0n) return -mulDivCeil(-shares, indices.debt, SHARE_SCALE)
  return mulDivFloor(shares, indices.credit, SHARE_SCALE)
}

/** Shares that the hub writes for so much cash; without a pool at the start. */
export function sharesOfCash(account: string, cashE6: bigint, { debt, credit }: Indices = START): bigint {
  if (account === MARKETS_OWN) return cashE6
  if (cashE6 < 0n) return -mulDivFloor(-cashE6, SHARE_SCALE, debt)
  return mulDivCeil(cashE6, SHARE_SCALE, credit)
}

function indicesIn(cell: unknown): Indices {
  if (typeof cell !== 'string') return START
  const [debt, credit] = cell.split(' ').map(BigInt)
  return { debt: debt!, credit: credit! }
}
