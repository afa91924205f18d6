import type { DataSource } from 'typeorm'
import { accountOfWallet, type Owner } from './owner.ts'
import { select, text } from './rows.ts'

/** The accounts of an owner, and the only subaccount if it names one. */
export type OwnedAccounts = { readonly accounts: readonly string[]; readonly subaccount: number | undefined }

const ACCOUNTS_MAX = 20

/**
 * The accounts that an owner's address names, linked wallets resolved to their account. An address on a
 * connected chain also names the accounts that it deposited into.
 */
export async function accountsOf(
  database: DataSource,
  hubChainId: string,
  owner: Owner,
): Promise<OwnedAccounts> {
  const own = owner.kind === 'account' ? owner.account : accountOfWallet(owner.text)
  const deposited =
    owner.kind === 'account'
      ? ''
      : `UNION SELECT t.account FROM transfer t
          JOIN packet p USING (source_chain_id, source_client, destination_client, sequence)
          WHERE t.sender = $2 AND t.account IS NOT NULL AND p.destination_chain_id = $3`
  const sql = `SELECT DISTINCT coalesce(w.account, n.account) AS account, n.account = $1 AS is_own
    FROM (SELECT $1::text AS account ${deposited}) n
    LEFT JOIN wallet w ON w.wallet = n.account WHERE n.account IS NOT NULL
    ORDER BY is_own DESC, account LIMIT ${ACCOUNTS_MAX}`
  const parameters = owner.kind === 'account' ? [own] : [own ?? null, owner.text, hubChainId]
  const rows = await select(database, sql, parameters)
  const accounts = [...new Set(rows.map((row) => text(row, 'account')))]
  return { accounts, subaccount: owner.kind === 'account' ? owner.subaccount : undefined }
}

/** Subaccounts of accounts that the tables know to have, or to have had, cash, a position or an order. */
export async function subaccountsOf(
  database: DataSource,
  accounts: readonly string[],
): Promise<Map<string, number[]>> {
  const of = (table: string) => `SELECT account, subaccount FROM ${table} WHERE account = ANY($1::text[])`
  const sql = `${of('cash')} UNION ${of('market_position')} UNION ${of('account_flag')}
    UNION SELECT account, subaccount FROM market_order WHERE status = 'open' AND account = ANY($1::text[])`
  const known = new Map<string, number[]>()
  for (const row of await select(database, sql, [[...accounts]])) {
    const account = text(row, 'account')
    known.set(account, [...(known.get(account) ?? []), Number(row.subaccount)])
  }
  return known
}

/** Wallets that were linked to an account, beside its first. */
export async function walletsOf(database: DataSource, account: string): Promise<string[]> {
  const rows = await select(database, 'SELECT wallet FROM wallet WHERE account = $1 ORDER BY wallet', [
    account,
  ])
  return rows.map((row) => text(row, 'wallet'))
}

/** SQL that keeps rows of these accounts, of a table named `alias`; by which of its columns. */
export function ownedBy(
  { accounts, subaccount }: OwnedAccounts,
  parameters: { add(value: unknown): string },
  alias: string,
  [account, number]: readonly [string, string] = ['account', 'subaccount'],
): string {
  const owned = `${alias}.${account} = ANY(${parameters.add([...accounts])}::text[])`
  if (subaccount === undefined) return owned
  return `${owned} AND ${alias}.${number} = ${parameters.add(subaccount)}`
}
