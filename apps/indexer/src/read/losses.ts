// What insurance took in and paid, how bankrupt accounts ended, and what others bore; newest first.

import type { DataSource } from 'typeorm'
import type { OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { integer, integerOrNull, Parameters, select, text, textOrNull, type RawRow } from './rows.ts'
import { together } from './together.ts'
import { conditionsOf, newestFirst, readHeld } from './trading.ts'

/** A subaccount and a place in the hub's history. */
type Happened = {
  readonly account: string
  readonly subaccount: number
  readonly height: bigint
  readonly position: number
  readonly timeNanoseconds: bigint
}

/** A fund took in, or paid. */
export type InsuranceFlow = Happened & {
  readonly group: bigint
  readonly reason: string
  readonly amountE6: bigint
}

/** What a fund took in and paid in all, besides interest and what it was given. */
export type FundFlows = { readonly group: bigint; readonly receivedE6: bigint; readonly paidE6: bigint }

/** A bankrupt account that was resolved. */
export type Bankruptcy = Happened & {
  readonly deficitE6: bigint
  readonly insuredE6: bigint
  readonly deleveragedE6: bigint
  readonly socialisedE6: bigint
  /** Of all rows of a page they are read at once. */
  readonly charges: () => Promise<readonly DeficitCharge[]>
  readonly deleveragings: () => Promise<readonly Deleveraging[]>
}

/** What a group of markets was charged. */
export type DeficitCharge = {
  readonly group: bigint
  readonly amountE6: bigint
  readonly ownE6: bigint
  readonly commonE6: bigint
  readonly leftE6: bigint
}

/** A position that was closed against a bankrupt account. */
export type Deleveraging = Happened & {
  readonly market: bigint
  readonly symbol: string | null
  readonly ofAccount: string
  readonly ofSubaccount: number
  readonly sizeE9: bigint
  readonly lossE6: bigint
  readonly place: number
}

/** What all positive cash bore. */
export type SocialisedLoss = {
  readonly height: bigint
  readonly position: number
  readonly timeNanoseconds: bigint
  readonly amountE6: bigint
  readonly account: string | null
  readonly subaccount: number | null
  readonly line: bigint | null
  readonly asset: bigint | null
  readonly denom: string | null
  readonly lost: bigint | null
  readonly insured: bigint | null
  readonly insuredE6: bigint | null
}

/** Charges, and closed positions, that a bankruptcy lists itself. */
export const LISTED_MAX = 100

/** A page of what funds took in and paid. */
export function pageOfInsuranceFlows(
  database: DataSource,
  { owned, group }: { owned?: OwnedAccounts | undefined; group?: bigint | undefined },
  page: PageRequest,
): Promise<Page<InsuranceFlow>> {
  const parameters = new Parameters()
  const conditions = conditionsOf({ owned }, parameters, 't')
  if (group !== undefined) conditions.push(`t."group" = ${parameters.add(String(group))}::numeric`)
  const read = (row: RawRow): InsuranceFlow => ({
    ...readHappened(row),
    group: integer(row, 'group'),
    reason: text(row, 'reason'),
    amountE6: integer(row, 'amount_e6'),
  })
  const list = { sql: 'SELECT t.* FROM insurance_flow t', conditions, ...newestFirst('t'), read }
  return pageOf(database, parameters, list, page)
}

/** What each fund took in and paid by its events. */
export async function fundFlows(database: DataSource): Promise<FundFlows[]> {
  const sql = `SELECT "group", coalesce(sum(amount_e6) FILTER (WHERE amount_e6 > 0), 0) AS received_e6,
      coalesce(-sum(amount_e6) FILTER (WHERE amount_e6 < 0), 0) AS paid_e6
    FROM insurance_flow GROUP BY "group" ORDER BY "group"`
  return (await select(database, sql, [])).map((row) => ({
    group: integer(row, 'group'),
    receivedE6: integer(row, 'received_e6'),
    paidE6: integer(row, 'paid_e6'),
  }))
}

/** A page of accounts that were resolved: of an owner, or all. */
export async function pageOfBankruptcies(
  database: DataSource,
  owned: OwnedAccounts | undefined,
  page: PageRequest,
): Promise<Page<Bankruptcy>> {
  const parameters = new Parameters()
  const conditions = conditionsOf({ owned }, parameters, 't')
  const list = {
    ...{ sql: 'SELECT t.* FROM bankruptcy t', conditions },
    ...newestFirst('t'),
    read: readBankruptcy,
  }
  const { edges, pageInfo } = await pageOf(database, parameters, list, page)
  const rows = edges.map(({ node }) => node)
  const charges = together(rows, (all) => chargesOf(database, all))
  const closed = together(rows, (all) => deleveragingsFor(database, all))
  return {
    edges: edges.map(({ cursor, node }) => ({
      cursor,
      node: { ...node, charges: () => charges(node), deleveragings: () => closed(node) },
    })),
    pageInfo,
  }
}

/** A page of positions that were closed against bankrupt accounts: of an owner, of a market, or all. */
export function pageOfDeleveragings(
  database: DataSource,
  filter: { readonly owned?: OwnedAccounts | undefined; readonly market?: bigint | undefined },
  page: PageRequest,
): Promise<Page<Deleveraging>> {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters, 't')
  const sql = 'SELECT t.*, m.symbol FROM deleveraging t LEFT JOIN market m ON m.market = t.market'
  const list = { sql, conditions, ...newestFirst('t'), read: readDeleveraging }
  return pageOf(database, parameters, list, page)
}

/** A page of what all positive cash bore. */
export function pageOfSocialisedLosses(
  database: DataSource,
  page: PageRequest,
): Promise<Page<SocialisedLoss>> {
  const list = {
    sql: 'SELECT t.*, a.denom FROM socialised_loss t LEFT JOIN asset a ON a.asset = t.asset',
    ...{ conditions: [], ...newestFirst('t'), read: readSocialised },
  }
  return pageOf(database, new Parameters(), list, page)
}

type Resolved = Omit<Bankruptcy, 'charges' | 'deleveragings'>

async function chargesOf(
  database: DataSource,
  rows: readonly Resolved[],
): Promise<(readonly [number, DeficitCharge])[]> {
  const found = await detailsOf(database, rows, {
    ...{
      select: 't.*',
      from: 'deficit_charge t',
      of: 't.account = k.account AND t.subaccount = k.subaccount',
    },
  })
  return found.map(([index, row]) => {
    const charge = {
      group: integer(row, 'group'),
      amountE6: integer(row, 'amount_e6'),
      ownE6: integer(row, 'own_e6'),
      commonE6: integer(row, 'common_e6'),
      leftE6: integer(row, 'left_e6'),
    }
    return [index, charge]
  })
}

async function deleveragingsFor(
  database: DataSource,
  rows: readonly Resolved[],
): Promise<(readonly [number, Deleveraging])[]> {
  const found = await detailsOf(database, rows, {
    select: 't.*, m.symbol',
    from: 'deleveraging t LEFT JOIN market m ON m.market = t.market',
    of: 't.of_account = k.account AND t.of_subaccount = k.subaccount',
  })
  return found.map(([index, row]) => [index, readDeleveraging(row)])
}

/** Rows that tell of each bankruptcy in its block, in one statement. An account is resolved once a block. */
async function detailsOf(
  database: DataSource,
  rows: readonly Resolved[],
  { select: columns, from, of }: { readonly select: string; readonly from: string; readonly of: string },
): Promise<(readonly [number, RawRow])[]> {
  const sql = `SELECT d.*, k.n FROM unnest($1::text[], $2::integer[], $3::numeric[])
      WITH ORDINALITY AS k (account, subaccount, height, n)
    JOIN LATERAL (SELECT ${columns} FROM ${from} WHERE ${of} AND t.height = k.height
      ORDER BY t.position LIMIT ${LISTED_MAX}) d ON true ORDER BY k.n, d.position`
  const found = await select(database, sql, [
    rows.map(({ account }) => account),
    rows.map(({ subaccount }) => subaccount),
    rows.map(({ height }) => String(height)),
  ])
  return found.map((row) => [Number(row.n) - 1, row])
}

function readHappened(row: RawRow): Happened {
  return {
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    height: integer(row, 'height'),
    position: Number(row.position),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readBankruptcy(row: RawRow): Resolved {
  return {
    ...readHappened(row),
    deficitE6: integer(row, 'deficit_e6'),
    insuredE6: integer(row, 'insured_e6'),
    deleveragedE6: integer(row, 'deleveraged_e6'),
    socialisedE6: integer(row, 'socialised_e6'),
  }
}

function readDeleveraging(row: RawRow): Deleveraging {
  return {
    ...readHappened(row),
    ...readHeld(row),
    ofAccount: text(row, 'of_account'),
    ofSubaccount: Number(row.of_subaccount),
    sizeE9: integer(row, 'size_e9'),
    lossE6: integer(row, 'loss_e6'),
    place: Number(row.place),
  }
}

function readSocialised(row: RawRow): SocialisedLoss {
  return {
    height: integer(row, 'height'),
    position: Number(row.position),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
    amountE6: integer(row, 'amount_e6'),
    account: textOrNull(row, 'account'),
    subaccount: row.subaccount === null ? null : Number(row.subaccount),
    line: integerOrNull(row, 'line'),
    asset: integerOrNull(row, 'asset'),
    denom: textOrNull(row, 'denom'),
    lost: integerOrNull(row, 'lost'),
    insured: integerOrNull(row, 'insured'),
    insuredE6: integerOrNull(row, 'insured_e6'),
  }
}
