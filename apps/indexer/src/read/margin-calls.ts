// How subaccounts stand, standby lines, and the margin calls that pull them.

import type { DataSource } from 'typeorm'
import { ownedBy, type OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { integer, integerOrNull, Parameters, select, text, textOrNull, type RawRow } from './rows.ts'
import { newestFirst } from './trading.ts'

type Holder = { readonly account: string; readonly subaccount: number }

/** How a subaccount stands since its level last changed. */
export type Health = Holder & {
  readonly level: string
  readonly maintenanceMarginE6: bigint | null
  readonly maintenanceRequirementE6: bigint | null
  readonly changedHeight: bigint | null
  readonly overdraft: string
}

/** A change of level. */
export type LevelChange = Holder & {
  readonly height: bigint
  readonly position: number
  readonly level: string
  readonly before: string
  readonly maintenanceMarginE6: bigint
  readonly maintenanceRequirementE6: bigint
  readonly timeNanoseconds: bigint
}

/** A standby line, under the account that its wallet belongs to now. */
export type StandbyLine = Holder & {
  readonly client: string
  readonly chainId: string | null
  readonly line: string
  readonly token: string
  readonly amount: bigint
  readonly expirySeconds: bigint
  readonly status: string
  readonly openedHeight: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

/** A margin call, and what became of it. */
export type MarginCall = Holder & {
  readonly client: string
  readonly chainId: string | null
  readonly line: string
  readonly sequence: bigint
  readonly asset: bigint
  readonly denom: string | null
  readonly amount: bigint
  readonly pulled: bigint | null
  readonly status: string
  readonly sentHeight: bigint
  readonly sentPosition: number
  readonly sentNanoseconds: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
  /** Who was paid for bringing in what the line gave, and how much of it. */
  readonly relayer: string | null
  readonly reward: bigint | null
}

/** Which calls: of an owner, or that changed within these blocks. */
export type CallFilter = {
  readonly owned?: OwnedAccounts | undefined
  readonly changed?: { readonly from: bigint; readonly to: bigint } | undefined
}

/** Liquidation waits for a line since then, or did until. */
export type WaitChange = Holder & {
  readonly height: bigint
  readonly position: number
  readonly status: string
  readonly timeNanoseconds: bigint
}

/** Subaccounts that one list shows. */
export const HEALTH_MAX = 1_000

/** Subaccounts at a level other than healthy, or of an owner whatever their level; by account. */
export async function healthOf(
  database: DataSource,
  { owned, level }: { owned?: OwnedAccounts | undefined; level?: string | undefined },
): Promise<Health[]> {
  const parameters = new Parameters()
  const conditions: string[] = []
  if (owned !== undefined) conditions.push(ownedBy(owned, parameters, 'f'))
  if (level !== undefined) conditions.push(`f.level = ${parameters.add(level)}`)
  if (conditions.length === 0) conditions.push(`f.level <> 'healthy'`)
  const sql = `SELECT f.* FROM account_flag f WHERE ${conditions.join(' AND ')}
    ORDER BY f.account, f.subaccount LIMIT ${HEALTH_MAX}`
  return (await select(database, sql, parameters.values)).map((row) => ({
    ...readHolder(row),
    level: text(row, 'level'),
    maintenanceMarginE6: integerOrNull(row, 'maintenance_margin_e6'),
    maintenanceRequirementE6: integerOrNull(row, 'maintenance_requirement_e6'),
    changedHeight: integerOrNull(row, 'changed_height'),
    overdraft: text(row, 'overdraft'),
  }))
}

/** A page of an owner's changes of level, newest first. */
export function pageOfLevelChanges(
  database: DataSource,
  owned: OwnedAccounts,
  page: PageRequest,
): Promise<Page<LevelChange>> {
  const parameters = new Parameters()
  const conditions = [ownedBy(owned, parameters, 't')]
  const list = { sql: 'SELECT t.* FROM margin_level t', conditions, ...newestFirst('t'), read: readLevel }
  return pageOf(database, parameters, list, page)
}

/** The changes of level of an owner within these blocks, oldest first; at most 1,000. */
export async function levelChangesWithin(
  database: DataSource,
  owned: OwnedAccounts,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Promise<LevelChange[]> {
  const parameters = new Parameters()
  const mine = ownedBy(owned, parameters, 't')
  const sql = `SELECT t.* FROM margin_level t WHERE ${mine}
    AND t.height BETWEEN ${parameters.add(String(from))}::numeric AND ${parameters.add(String(to))}::numeric
    ORDER BY t.height, t.position LIMIT 1000`
  return (await select(database, sql, parameters.values)).map(readLevel)
}

/** All standby lines of an owner that are known, newest first; at most 1,000. */
export async function standbyLinesOf(
  database: DataSource,
  hubChainId: string,
  owned: OwnedAccounts,
): Promise<StandbyLine[]> {
  const parameters = new Parameters()
  const hub = parameters.add(hubChainId)
  const accounts = parameters.add([...owned.accounts])
  const only = owned.subaccount === undefined ? '' : `AND s.subaccount = ${parameters.add(owned.subaccount)}`
  // A line stays under the wallet for which it was locked: what was linked since leads to the account.
  const sql = `SELECT s.*, coalesce(w.account, s.account) AS owner, c.tracked_chain_id FROM standby_line s
    LEFT JOIN wallet w ON w.wallet = s.account
    LEFT JOIN client c ON c.chain_id = ${hub} AND c.client_id = s.client
    WHERE (s.account = ANY(${accounts}::text[])
        OR s.account IN (SELECT wallet FROM wallet WHERE account = ANY(${accounts}::text[])))
      AND coalesce(w.account, s.account) = ANY(${accounts}::text[]) ${only}
    ORDER BY s.height DESC, s.client, s.line LIMIT 1000`
  return (await select(database, sql, parameters.values)).map((row) => ({
    account: text(row, 'owner'),
    subaccount: Number(row.subaccount),
    client: text(row, 'client'),
    chainId: textOrNull(row, 'tracked_chain_id'),
    line: text(row, 'line'),
    token: text(row, 'token'),
    amount: integer(row, 'amount'),
    expirySeconds: integer(row, 'expiry_seconds'),
    status: text(row, 'status'),
    openedHeight: integer(row, 'opened_height'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }))
}

/** A page of margin calls, newest first. */
export function pageOfMarginCalls(
  database: DataSource,
  hubChainId: string,
  filter: CallFilter,
  page: PageRequest,
): Promise<Page<MarginCall>> {
  const parameters = new Parameters()
  const { sql, conditions } = callsOf(hubChainId, filter, parameters)
  const list = {
    ...{ sql, conditions, order: ['m.sent_height', 'm.sent_position'], direction: 'DESC' as const },
    read: readCall,
    cursorOf: (row: MarginCall) => [row.sentHeight, row.sentPosition],
  }
  return pageOf(database, parameters, list, page)
}

/** The calls that a filter keeps, oldest first; at most 1,000. */
export async function marginCallsOf(
  database: DataSource,
  hubChainId: string,
  filter: CallFilter,
): Promise<MarginCall[]> {
  const parameters = new Parameters()
  const { sql, conditions } = callsOf(hubChainId, filter, parameters)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sorted = `${sql} ${where} ORDER BY m.sent_height, m.sent_position LIMIT 1000`
  return (await select(database, sorted, parameters.values)).map(readCall)
}

/** A page of an owner's waits for lines, newest first: when they began, and why they ended. */
export function pageOfWaits(
  database: DataSource,
  owned: OwnedAccounts,
  page: PageRequest,
): Promise<Page<WaitChange>> {
  const parameters = new Parameters()
  const conditions = [ownedBy(owned, parameters, 't')]
  const read = (row: RawRow): WaitChange => ({ ...readHappened(row), status: text(row, 'status') })
  const list = { sql: 'SELECT t.* FROM margin_wait t', conditions, ...newestFirst('t'), read }
  return pageOf(database, parameters, list, page)
}

function callsOf(hubChainId: string, { owned, changed }: CallFilter, parameters: Parameters) {
  const hub = parameters.add(hubChainId)
  const conditions = owned === undefined ? [] : [ownedBy(owned, parameters, 'm')]
  if (changed !== undefined) {
    const [from, to] = [changed.from, changed.to].map((height) => parameters.add(String(height)))
    conditions.push(`m.height BETWEEN ${from}::numeric AND ${to}::numeric`)
  }
  // A line has one call at a time: the reward of its last block is this call's.
  const sql = `SELECT m.*, c.tracked_chain_id, a.denom, r.relayer, r.amount AS reward FROM margin_call m
    LEFT JOIN client c ON c.chain_id = ${hub} AND c.client_id = m.client
    LEFT JOIN asset a ON a.asset = m.asset
    LEFT JOIN call_reward r ON m.status = 'delivered' AND r.client = m.client AND r.line = m.line
      AND r.height = m.height`
  return { sql, conditions }
}

function readHolder(row: RawRow): Holder {
  return { account: text(row, 'account'), subaccount: Number(row.subaccount) }
}

function readHappened(row: RawRow) {
  return {
    ...readHolder(row),
    height: integer(row, 'height'),
    position: Number(row.position),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readLevel(row: RawRow): LevelChange {
  return {
    ...readHappened(row),
    level: text(row, 'level'),
    before: text(row, 'before'),
    maintenanceMarginE6: integer(row, 'maintenance_margin_e6'),
    maintenanceRequirementE6: integer(row, 'maintenance_requirement_e6'),
  }
}

function readCall(row: RawRow): MarginCall {
  return {
    ...readHolder(row),
    client: text(row, 'client'),
    chainId: textOrNull(row, 'tracked_chain_id'),
    line: text(row, 'line'),
    sequence: integer(row, 'sequence'),
    asset: integer(row, 'asset'),
    denom: textOrNull(row, 'denom'),
    amount: integer(row, 'amount'),
    pulled: integerOrNull(row, 'pulled'),
    status: text(row, 'status'),
    sentHeight: integer(row, 'sent_height'),
    sentPosition: Number(row.sent_position),
    sentNanoseconds: integer(row, 'sent_nanoseconds'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
    relayer: textOrNull(row, 'relayer'),
    reward: integerOrNull(row, 'reward'),
  }
}
