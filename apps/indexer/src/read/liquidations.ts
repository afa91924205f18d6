// Accounts under liquidation, what happened to them, and what was bid; newest first.

import type { DataSource } from 'typeorm'
import { OVER } from '../project/fold-liquidation.ts'
import { ownedBy, type OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { integer, integerOrNull, Parameters, select, text, textOrNull, type RawRow } from './rows.ts'
import { together } from './together.ts'
import { newestFirst } from './trading.ts'

type Holder = { readonly account: string; readonly subaccount: number }

/** A liquidation and what it came to. */
export type Liquidation = Holder & {
  readonly beganHeight: bigint
  readonly beganPosition: number
  readonly beganNanoseconds: bigint
  readonly beganValueE6: bigint
  readonly stage: string
  readonly reason: string
  readonly valueE6: bigint
  readonly underlying: bigint
  readonly closingBlocks: number
  readonly closingOrders: number
  readonly sales: number
  readonly priceE6: bigint
  readonly paidE6: bigint
  readonly feeE6: bigint
  readonly worthE6: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
  /** Its steps and bids, oldest first; of all rows of a page they are read at once. */
  readonly steps: () => Promise<readonly LiquidationStep[]>
  readonly bids: () => Promise<readonly LiquidationBid[]>
}

/** A stage that it came to, or closing orders that were placed. */
export type LiquidationStep = {
  readonly height: bigint
  readonly position: number
  readonly stage: string
  readonly reason: string | null
  readonly valueE6: bigint | null
  readonly orders: number | null
  readonly timeNanoseconds: bigint
}

/** A bid, and what became of it. */
export type LiquidationBid = Holder & {
  readonly height: bigint
  readonly position: number
  readonly bidder: string
  readonly bidderSubaccount: number
  readonly shareE9: bigint
  readonly maxPriceE6: bigint
  readonly status: string
  readonly reason: string | null
  readonly soldShareE9: bigint | null
  readonly underlying: bigint | null
  readonly priceE6: bigint | null
  readonly paidE6: bigint | null
  readonly feeE6: bigint | null
  readonly worthE6: bigint | null
  readonly transaction: string | null
  readonly timeNanoseconds: bigint
}

/** Which liquidations. */
export type LiquidationFilter = {
  readonly owned?: OwnedAccounts | undefined
  /** Only those that go on, or only those that are over. */
  readonly isLive?: boolean | undefined
  /** Only those that changed within these blocks. */
  readonly changed?: { readonly from: bigint; readonly to: bigint } | undefined
}

/** Steps, and bids, that a liquidation lists itself. */
export const LISTED_MAX = 100

/** A page of liquidations. */
export async function pageOfLiquidations(
  database: DataSource,
  filter: LiquidationFilter,
  page: PageRequest,
): Promise<Page<Liquidation>> {
  const parameters = new Parameters()
  const { sql, conditions } = liquidationsOf(filter, parameters)
  const list = {
    ...{ sql, conditions, order: ['l.began_height', 'l.began_position'], direction: 'DESC' as const },
    read: readLiquidation,
    cursorOf: (row: Summary) => [row.beganHeight, row.beganPosition],
  }
  const { edges, pageInfo } = await pageOf(database, parameters, list, page)
  const whole = withDetails(
    database,
    edges.map(({ node }) => node),
  )
  return { edges: edges.map(({ cursor }, index) => ({ cursor, node: whole[index]! })), pageInfo }
}

/** The liquidations that changed within these blocks; at most 1,000. */
export async function changedLiquidations(
  database: DataSource,
  filter: LiquidationFilter,
): Promise<Liquidation[]> {
  const parameters = new Parameters()
  const { sql, conditions } = liquidationsOf(filter, parameters)
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const rows = await select(
    database,
    `${sql} ${where} ORDER BY l.height, l.began_height LIMIT 1000`,
    parameters.values,
  )
  return withDetails(database, rows.map(readLiquidation))
}

/** A page of bids: for an owner's accounts, by an owner's, or all. */
export function pageOfLiquidationBids(
  database: DataSource,
  { owned, bidders }: { owned?: OwnedAccounts | undefined; bidders?: OwnedAccounts | undefined },
  page: PageRequest,
): Promise<Page<LiquidationBid>> {
  const parameters = new Parameters()
  const conditions: string[] = []
  if (owned !== undefined) conditions.push(ownedBy(owned, parameters, 'b'))
  if (bidders !== undefined)
    conditions.push(ownedBy(bidders, parameters, 'b', ['bidder', 'bidder_subaccount']))
  const list = { sql: 'SELECT b.* FROM liquidation_bid b', conditions, ...newestFirst('b'), read: readBid }
  return pageOf(database, parameters, list, page)
}

type Summary = Omit<Liquidation, 'steps' | 'bids'>

function liquidationsOf({ owned, isLive, changed }: LiquidationFilter, parameters: Parameters) {
  const conditions: string[] = []
  if (owned !== undefined) conditions.push(ownedBy(owned, parameters, 'l'))
  if (isLive !== undefined) conditions.push(`l.stage ${isLive ? '<>' : '='} '${OVER}'`)
  if (changed !== undefined) {
    const [from, to] = [changed.from, changed.to].map((height) => parameters.add(String(height)))
    conditions.push(`l.height BETWEEN ${from}::numeric AND ${to}::numeric`)
  }
  return { sql: 'SELECT l.* FROM liquidation l', conditions }
}

function withDetails(database: DataSource, rows: readonly Summary[]): Liquidation[] {
  const steps = together(rows, (all) => detailsOf(database, 'liquidation_step', all, readStep))
  const bids = together(rows, (all) => detailsOf(database, 'liquidation_bid', all, readBid))
  return rows.map((row) => ({ ...row, steps: () => steps(row), bids: () => bids(row) }))
}

/** Rows of a table within each of these liquidations, oldest first, in one statement. */
async function detailsOf<Item>(
  database: DataSource,
  table: string,
  rows: readonly Summary[],
  read: (row: RawRow) => Item,
): Promise<(readonly [number, Item])[]> {
  const sql = `SELECT d.*, k.n FROM unnest($1::text[], $2::integer[], $3::numeric[], $4::numeric[])
      WITH ORDINALITY AS k (account, subaccount, first_height, last_height, n)
    JOIN LATERAL (SELECT t.* FROM ${table} t WHERE t.account = k.account AND t.subaccount = k.subaccount
        AND t.height BETWEEN k.first_height AND coalesce(k.last_height, t.height)
      ORDER BY t.height, t.position LIMIT ${LISTED_MAX}) d ON true ORDER BY k.n, d.height, d.position`
  const found = await select(database, sql, [
    rows.map(({ account }) => account),
    rows.map(({ subaccount }) => subaccount),
    rows.map(({ beganHeight }) => String(beganHeight)),
    rows.map(({ stage, height }) => (stage === OVER ? String(height) : null)),
  ])
  return found.map((row) => [Number(row.n) - 1, read(row)])
}

function readLiquidation(row: RawRow): Summary {
  return {
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    beganHeight: integer(row, 'began_height'),
    beganPosition: Number(row.began_position),
    beganNanoseconds: integer(row, 'began_nanoseconds'),
    beganValueE6: integer(row, 'began_value_e6'),
    stage: text(row, 'stage'),
    reason: text(row, 'reason'),
    valueE6: integer(row, 'value_e6'),
    underlying: integer(row, 'underlying'),
    closingBlocks: Number(row.closing_blocks),
    closingOrders: Number(row.closing_orders),
    sales: Number(row.sales),
    priceE6: integer(row, 'price_e6'),
    paidE6: integer(row, 'paid_e6'),
    feeE6: integer(row, 'fee_e6'),
    worthE6: integer(row, 'worth_e6'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readStep(row: RawRow): LiquidationStep {
  return {
    height: integer(row, 'height'),
    position: Number(row.position),
    stage: text(row, 'stage'),
    reason: textOrNull(row, 'reason'),
    valueE6: integerOrNull(row, 'value_e6'),
    orders: row.orders === null ? null : Number(row.orders),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readBid(row: RawRow): LiquidationBid {
  return {
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    height: integer(row, 'height'),
    position: Number(row.position),
    bidder: text(row, 'bidder'),
    bidderSubaccount: Number(row.bidder_subaccount),
    shareE9: integer(row, 'share_e9'),
    maxPriceE6: integer(row, 'max_price_e6'),
    status: text(row, 'status'),
    reason: textOrNull(row, 'reason'),
    soldShareE9: integerOrNull(row, 'sold_share_e9'),
    underlying: integerOrNull(row, 'underlying'),
    priceE6: integerOrNull(row, 'price_e6'),
    paidE6: integerOrNull(row, 'paid_e6'),
    feeE6: integerOrNull(row, 'fee_e6'),
    worthE6: integerOrNull(row, 'worth_e6'),
    transaction: textOrNull(row, 'transaction'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}
