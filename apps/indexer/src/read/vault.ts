// The liquidity vault by its events.

import type { DataSource } from 'typeorm'
import { ownedBy, type OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { integer, integerOrNull, Parameters, select, text, type RawRow } from './rows.ts'

type Holder = { readonly account: string; readonly subaccount: number }

/** What the vault, and 1.0 of its shares, were worth in a minute. */
export type VaultWorth = {
  readonly minute: bigint
  readonly worthE6: bigint
  readonly shares: bigint
  readonly closeE18: bigint
  readonly highE18: bigint
  readonly lowE18: bigint
}

/** A deposit or a withdrawal. */
export type VaultRequest = Holder & {
  readonly request: bigint
  readonly kind: string
  readonly amount: bigint
  readonly rest: bigint
  readonly status: string
  readonly cashE6: bigint
  readonly shares: bigint
  readonly shareE18: bigint | null
  readonly requestedSeconds: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

/** Shares of a subaccount, and what they cost and are worth by the last minute. */
export type VaultHolding = Holder & {
  readonly shares: bigint
  /** In withdrawals that wait. */
  readonly waitingShares: bigint
  readonly depositedE6: bigint
  readonly withdrawnE6: bigint
  /** Null before the first minute. */
  readonly worthE6: bigint | null
}

/** As the hub counts: shares (10⁻¹²) times what 1.0 is worth (10⁻¹⁸) over this are micro-cash. */
const WORTH_SCALE = 10n ** 24n

/** A page of minutes, the newest first, or of the last minutes of hours. */
export function pageOfVaultWorth(
  database: DataSource,
  isHourly: boolean,
  page: PageRequest,
): Promise<Page<VaultWorth>> {
  const list = {
    sql: 'SELECT w.* FROM vault_worth w',
    conditions: isHourly ? ['w.minute % 60 = 59'] : [],
    ...{ order: ['w.minute'], direction: 'DESC' as const },
    read: (row: RawRow): VaultWorth => ({
      minute: integer(row, 'minute'),
      worthE6: integer(row, 'worth_e6'),
      shares: integer(row, 'shares'),
      closeE18: integer(row, 'close_e18'),
      highE18: integer(row, 'high_e18'),
      lowE18: integer(row, 'low_e18'),
    }),
    cursorOf: (row: VaultWorth) => [row.minute],
  }
  return pageOf(database, new Parameters(), list, page)
}

/** A page of an owner's deposits and withdrawals, newest first. */
export function pageOfVaultRequests(
  database: DataSource,
  owned: OwnedAccounts,
  page: PageRequest,
): Promise<Page<VaultRequest>> {
  const parameters = new Parameters()
  const list = {
    sql: 'SELECT r.* FROM vault_request r',
    conditions: [ownedBy(owned, parameters, 'r')],
    ...{ order: ['r.request'], direction: 'DESC' as const },
    read: readRequest,
    cursorOf: (row: VaultRequest) => [row.request],
  }
  return pageOf(database, parameters, list, page)
}

/** What an owner's subaccounts hold, or held, of the vault; by account. */
export async function vaultHoldingsOf(database: DataSource, owned: OwnedAccounts): Promise<VaultHolding[]> {
  const parameters = new Parameters()
  const sql = `SELECT h.*, coalesce(w.waiting, 0) AS waiting,
      (SELECT close_e18 FROM vault_worth ORDER BY minute DESC LIMIT 1) AS close_e18
    FROM vault_holding h LEFT JOIN (SELECT account, subaccount, sum(rest) AS waiting FROM vault_request r
        WHERE r.kind = 'withdrawal' AND r.status = 'waiting' AND ${ownedBy(owned, parameters, 'r')}
        GROUP BY account, subaccount) w USING (account, subaccount)
    WHERE ${ownedBy(owned, parameters, 'h')} ORDER BY h.account, h.subaccount LIMIT 1000`
  return (await select(database, sql, parameters.values)).map((row) => {
    const [shares, waitingShares] = [integer(row, 'shares'), integer(row, 'waiting')]
    const closeE18 = integerOrNull(row, 'close_e18')
    return {
      account: text(row, 'account'),
      subaccount: Number(row.subaccount),
      ...{ shares, waitingShares },
      depositedE6: integer(row, 'deposited_e6'),
      withdrawnE6: integer(row, 'withdrawn_e6'),
      worthE6: closeE18 === null ? null : ((shares + waitingShares) * closeE18) / WORTH_SCALE,
    }
  })
}

function readRequest(row: RawRow): VaultRequest {
  return {
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    request: integer(row, 'request'),
    kind: text(row, 'kind'),
    amount: integer(row, 'amount'),
    rest: integer(row, 'rest'),
    status: text(row, 'status'),
    cashE6: integer(row, 'cash_e6'),
    shares: integer(row, 'shares'),
    shareE18: integerOrNull(row, 'share_e18'),
    requestedSeconds: integer(row, 'requested_seconds'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}
