// What holders do in markets, newest first.

import type { DataSource } from 'typeorm'
import { ownedBy, type OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import {
  flagOrNull,
  integer,
  integerOrNull,
  Parameters,
  select,
  text,
  textOrNull,
  type RawRow,
} from './rows.ts'

/** A holder's row about a market. */
type Held = {
  readonly account: string
  readonly subaccount: number
  readonly market: bigint
  readonly symbol: string | null
}

/** An order and its life. */
export type Order = Held & {
  readonly order: bigint
  readonly side: string | null
  readonly type: string | null
  readonly timeInForce: string | null
  readonly sizeE9: bigint | null
  readonly remainingE9: bigint
  readonly limitE9: bigint | null
  readonly expireSeconds: bigint | null
  readonly isPostOnly: boolean | null
  readonly isReduceOnly: boolean | null
  readonly isQuote: boolean | null
  readonly triggerE9: bigint | null
  readonly triggerIsAbove: boolean | null
  readonly nonce: bigint | null
  readonly status: string
  readonly reason: string | null
  readonly filledE9: bigint
  readonly filledNotionalE6: bigint
  readonly feeE6: bigint
  readonly transaction: string | null
  readonly openedHeight: bigint
  readonly openedNanoseconds: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

/** A fill. */
export type Fill = Held & {
  readonly height: bigint
  readonly position: number
  /** Null of an agreed trade. */
  readonly order: bigint | null
  readonly side: string
  readonly priceE9: bigint
  readonly sizeE9: bigint
  readonly notionalE6: bigint
  readonly feeE6: bigint
  readonly role: string
  readonly transaction: string | null
  readonly timeNanoseconds: bigint
}

/** A position as the tables have it. */
export type Position = Held & {
  readonly kind: string | null
  readonly underlying: bigint | null
  readonly expirySeconds: bigint | null
  readonly strikeE9: bigint | null
  readonly isCall: boolean | null
  readonly sizeE9: bigint
  readonly entryNotionalE6: bigint
  readonly realisedE6: bigint
  readonly feeE6: bigint
  readonly fundingE6: bigint
  readonly boughtE9: bigint
  readonly soldE9: bigint
  readonly openedHeight: bigint
  readonly height: bigint
}

/** Which orders. */
export type OrderFilter = {
  readonly owned: OwnedAccounts
  readonly market?: bigint | undefined
  readonly status?: string | undefined
}

/** Whose rows, and of which market. */
export type HeldFilter = {
  readonly owned?: OwnedAccounts | undefined
  readonly market?: bigint | undefined
}

/** A page of orders, newest first. */
export function pageOfOrders(
  database: DataSource,
  { owned, market, status }: OrderFilter,
  page: PageRequest,
): Promise<Page<Order>> {
  const parameters = new Parameters()
  const conditions = conditionsOf({ owned, market }, parameters, 'o')
  if (status !== undefined) conditions.push(`o.status = ${parameters.add(status)}`)
  const sql = 'SELECT o.*, m.symbol FROM market_order o LEFT JOIN market m ON m.market = o.market'
  const order = { order: ['o."order"'], direction: 'DESC' } as const
  const list = { sql, conditions, ...order, read: readOrder, cursorOf: (row: Order) => [row.order] }
  return pageOf(database, parameters, list, page)
}

/** A page of fills, newest first. */
export function pageOfFills(
  database: DataSource,
  filter: HeldFilter & { readonly order?: bigint | undefined },
  page: PageRequest,
): Promise<Page<Fill>> {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters, 'f')
  if (filter.order !== undefined)
    conditions.push(`f."order" = ${parameters.add(String(filter.order))}::numeric`)
  const sql = 'SELECT f.*, m.symbol FROM fill f LEFT JOIN market m ON m.market = f.market'
  return pageOf(database, parameters, { sql, conditions, ...newestFirst('f'), read: readFill }, page)
}

/** The fills that these conditions keep, oldest first; at most 1,000. */
export async function fillsOf(
  database: DataSource,
  conditions: readonly string[],
  parameters: Parameters,
): Promise<Fill[]> {
  const sql = `SELECT f.*, m.symbol FROM fill f LEFT JOIN market m ON m.market = f.market
    WHERE ${conditions.join(' AND ')} ORDER BY f.height, f.position LIMIT 1000`
  return (await select(database, sql, parameters.values)).map(readFill)
}

/** All positions of these accounts, open ones unless all are asked for; at most 1,000. */
export async function positionsOf(
  database: DataSource,
  owned: OwnedAccounts,
  isAll: boolean,
): Promise<Position[]> {
  const parameters = new Parameters()
  const conditions = [ownedBy(owned, parameters, 'p'), ...(isAll ? [] : ['p.size_e9 <> 0'])]
  const sql = `SELECT p.*, m.symbol, m.kind, m.underlying, m.expiry_seconds, m.strike_e9, m.is_call,
      coalesce(f.funding_e6, 0) AS funding_e6
    FROM market_position p LEFT JOIN market m ON m.market = p.market
    LEFT JOIN (SELECT account, subaccount, market, sum(amount_e6) AS funding_e6 FROM funding_payment x
      WHERE ${ownedBy(owned, parameters, 'x')} GROUP BY account, subaccount, market) f
      ON f.account = p.account AND f.subaccount = p.subaccount AND f.market = p.market
    WHERE ${conditions.join(' AND ')} ORDER BY p.account, p.subaccount, p.market LIMIT 1000`
  return (await select(database, sql, parameters.values)).map(readPosition)
}

/** SQL that keeps a holder's rows and a market's. */
export function conditionsOf({ owned, market }: HeldFilter, parameters: Parameters, alias: string): string[] {
  const conditions: string[] = []
  if (owned !== undefined) conditions.push(ownedBy(owned, parameters, alias))
  if (market !== undefined) conditions.push(`${alias}.market = ${parameters.add(String(market))}::numeric`)
  return conditions
}

/** The order of what happened: by block, then by place in it, newest first. */
export function newestFirst(alias: string) {
  return {
    order: [`${alias}.height`, `${alias}.position`],
    direction: 'DESC',
    cursorOf: (row: { readonly height: bigint; readonly position: number }) => [row.height, row.position],
  } as const
}

/** Whose row it is, and of which market. */
export function readHeld(row: RawRow): Held {
  return {
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    market: integer(row, 'market'),
    symbol: textOrNull(row, 'symbol'),
  }
}

function readOrder(row: RawRow): Order {
  return {
    ...readHeld(row),
    order: integer(row, 'order'),
    side: textOrNull(row, 'side'),
    type: textOrNull(row, 'type'),
    timeInForce: textOrNull(row, 'time_in_force'),
    sizeE9: integerOrNull(row, 'size_e9'),
    remainingE9: integer(row, 'remaining_e9'),
    limitE9: integerOrNull(row, 'limit_e9'),
    expireSeconds: integerOrNull(row, 'expire_seconds'),
    isPostOnly: flagOrNull(row, 'is_post_only'),
    isReduceOnly: flagOrNull(row, 'is_reduce_only'),
    isQuote: flagOrNull(row, 'is_quote'),
    triggerE9: integerOrNull(row, 'trigger_e9'),
    triggerIsAbove: flagOrNull(row, 'trigger_is_above'),
    nonce: integerOrNull(row, 'nonce'),
    status: text(row, 'status'),
    reason: textOrNull(row, 'reason'),
    filledE9: integer(row, 'filled_e9'),
    filledNotionalE6: integer(row, 'filled_notional_e6'),
    feeE6: integer(row, 'fee_e6'),
    transaction: textOrNull(row, 'transaction'),
    openedHeight: integer(row, 'opened_height'),
    openedNanoseconds: integer(row, 'opened_nanoseconds'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readFill(row: RawRow): Fill {
  const order = integer(row, 'order')
  return {
    ...readHeld(row),
    height: integer(row, 'height'),
    position: Number(row.position),
    order: order === 0n ? null : order,
    side: text(row, 'side'),
    priceE9: integer(row, 'price_e9'),
    sizeE9: integer(row, 'size_e9'),
    notionalE6: integer(row, 'notional_e6'),
    feeE6: integer(row, 'fee_e6'),
    role: text(row, 'role'),
    transaction: textOrNull(row, 'transaction'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readPosition(row: RawRow): Position {
  return {
    ...readHeld(row),
    kind: textOrNull(row, 'kind'),
    underlying: integerOrNull(row, 'underlying'),
    expirySeconds: integerOrNull(row, 'expiry_seconds'),
    strikeE9: integerOrNull(row, 'strike_e9'),
    isCall: flagOrNull(row, 'is_call'),
    sizeE9: integer(row, 'size_e9'),
    entryNotionalE6: integer(row, 'entry_notional_e6'),
    realisedE6: integer(row, 'realised_e6'),
    feeE6: integer(row, 'fee_e6'),
    fundingE6: integer(row, 'funding_e6'),
    boughtE9: integer(row, 'bought_e9'),
    soldE9: integer(row, 'sold_e9'),
    openedHeight: integer(row, 'opened_height'),
    height: integer(row, 'height'),
  }
}
