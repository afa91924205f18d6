// What happened in markets and to cash, newest first.

import type { DataSource } from 'typeorm'
import { ownedBy, type OwnedAccounts } from './accounts-of.ts'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { integer, Parameters, select, text, textOrNull, type RawRow } from './rows.ts'
import { conditionsOf, newestFirst, readHeld, type HeldFilter } from './trading.ts'

/** A place in the hub's history. */
type Happened = { readonly height: bigint; readonly position: number; readonly timeNanoseconds: bigint }
type Held = ReturnType<typeof readHeld>
type Holder = { readonly account: string; readonly subaccount: number }

/** An auction that cleared, or a trade agreed on elsewhere. */
export type Trade = Happened & {
  readonly market: bigint
  readonly symbol: string | null
  readonly kind: string
  readonly priceE9: bigint
  readonly sizeE9: bigint
  readonly fills: number
  readonly transaction: string | null
}

/** The auctions of a market within some seconds. */
export type Candle = {
  readonly startSeconds: bigint
  readonly openE9: bigint
  readonly highE9: bigint
  readonly lowE9: bigint
  readonly closeE9: bigint
  readonly volumeE9: bigint
  readonly notionalE6: bigint
  readonly auctions: bigint
}

/** What a perpetual pays from a block on. */
export type FundingRate = {
  readonly height: bigint
  readonly rateE9: bigint
  readonly markE9: bigint
  readonly indexE9: bigint
  readonly timeNanoseconds: bigint
}

/** Funding of a position. */
export type FundingPayment = Happened & Held & { readonly amountE6: bigint }

/** A position that ended with its market. */
export type Settlement = Happened &
  Held & {
    readonly sizeE9: bigint
    readonly valueE6: bigint
    readonly feeE6: bigint
    readonly priceE9: bigint | null
    readonly rule: string | null
  }

/** A change of a subaccount's cash. */
export type CashChange = Happened &
  Holder & {
    readonly reason: string
    readonly deltaE6: bigint
    readonly balanceE6: bigint
    readonly transaction: string | null
  }

/** A withdrawal that waited. */
export type Withdrawal = Holder & {
  readonly id: bigint
  readonly line: bigint
  readonly asset: bigint
  readonly receiver: string
  readonly amount: bigint
  readonly status: string
  readonly queuedHeight: bigint
  readonly queuedNanoseconds: bigint
  readonly height: bigint
  readonly timeNanoseconds: bigint
}

const WITH_SYMBOL = (table: string) =>
  `SELECT t.*, m.symbol FROM ${table} t LEFT JOIN market m ON m.market = t.market`

/** A page of a market's trades, or of one kind of them. */
export function pageOfTrades(
  database: DataSource,
  { market, kind }: { readonly market: bigint; readonly kind?: string | undefined },
  page: PageRequest,
): Promise<Page<Trade>> {
  const parameters = new Parameters()
  const conditions = conditionsOf({ market }, parameters, 't')
  if (kind !== undefined) conditions.push(`t.kind = ${parameters.add(kind)}`)
  const list = { sql: WITH_SYMBOL('trade'), conditions, ...newestFirst('t'), read: readTrade }
  return pageOf(database, parameters, list, page)
}

/** A page of candles of so many seconds, newest first. */
export function pageOfCandles(
  database: DataSource,
  market: bigint,
  seconds: number,
  page: PageRequest,
): Promise<Page<Candle>> {
  const parameters = new Parameters()
  const conditions = [
    `c.market = ${parameters.add(String(market))}::numeric`,
    `c.seconds = ${parameters.add(seconds)}`,
  ]
  const order = { order: ['c.start_seconds'], direction: 'DESC' } as const
  const cursorOf = (row: Candle) => [row.startSeconds]
  const list = { sql: 'SELECT c.* FROM candle c', conditions, ...order, read: readCandle, cursorOf }
  return pageOf(database, parameters, list, page)
}

/** A page of the rates of a perpetual, newest first. */
export function pageOfFundingRates(
  database: DataSource,
  market: bigint,
  page: PageRequest,
): Promise<Page<FundingRate>> {
  const parameters = new Parameters()
  const conditions = [`f.market = ${parameters.add(String(market))}::numeric`]
  const order = { order: ['f.height'], direction: 'DESC' } as const
  const cursorOf = (row: FundingRate) => [row.height]
  const list = {
    sql: 'SELECT f.* FROM funding_rate f',
    conditions,
    ...order,
    read: readFundingRate,
    cursorOf,
  }
  return pageOf(database, parameters, list, page)
}

/** A page of the funding of an owner's positions. */
export function pageOfFunding(
  database: DataSource,
  filter: HeldFilter,
  page: PageRequest,
): Promise<Page<FundingPayment>> {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters, 't')
  const read = (row: RawRow) => ({
    ...readHappened(row),
    ...readHeld(row),
    amountE6: integer(row, 'amount_e6'),
  })
  const list = { sql: WITH_SYMBOL('funding_payment'), conditions, ...newestFirst('t'), read }
  return pageOf(database, parameters, list, page)
}

/** A page of settlements: of an owner, of a market, or both. */
export function pageOfSettlements(
  database: DataSource,
  filter: HeldFilter,
  page: PageRequest,
): Promise<Page<Settlement>> {
  const parameters = new Parameters()
  const conditions = conditionsOf(filter, parameters, 't')
  const sql = `SELECT t.*, m.symbol, s.price_e9, s.rule FROM settlement t
    LEFT JOIN market m ON m.market = t.market
    LEFT JOIN settlement_price s ON s.underlying = m.underlying AND s.expiry_seconds = m.expiry_seconds`
  return pageOf(database, parameters, { sql, conditions, ...newestFirst('t'), read: readSettlement }, page)
}

/** A page of the changes of an owner's cash. */
export function pageOfCashChanges(
  database: DataSource,
  owned: OwnedAccounts,
  page: PageRequest,
): Promise<Page<CashChange>> {
  const parameters = new Parameters()
  const conditions = [ownedBy(owned, parameters, 't')]
  const list = { sql: 'SELECT t.* FROM cash_change t', conditions, ...newestFirst('t'), read: readCashChange }
  return pageOf(database, parameters, list, page)
}

/** A page of an owner's withdrawals that waited, newest first. */
export function pageOfWithdrawals(
  database: DataSource,
  owned: OwnedAccounts,
  page: PageRequest,
): Promise<Page<Withdrawal>> {
  const parameters = new Parameters()
  const conditions = [ownedBy(owned, parameters, 'w')]
  const order = { order: ['w.id'], direction: 'DESC' } as const
  const cursorOf = (row: Withdrawal) => [row.id]
  const list = { sql: 'SELECT w.* FROM withdrawal w', conditions, ...order, read: readWithdrawal, cursorOf }
  return pageOf(database, parameters, list, page)
}

/** Session keys of accounts that were not revoked, hex. */
export async function sessionKeysOf(database: DataSource, account: string): Promise<string[]> {
  const sql = `SELECT session_key FROM session_key WHERE account = $1 AND status = 'created' ORDER BY 1`
  return (await select(database, sql, [account])).map((row) => text(row, 'session_key'))
}

function readHappened(row: RawRow): Happened {
  return {
    height: integer(row, 'height'),
    position: Number(row.position),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readHolder(row: RawRow): Holder {
  return { account: text(row, 'account'), subaccount: Number(row.subaccount) }
}

function readTrade(row: RawRow): Trade {
  return {
    ...readHappened(row),
    market: integer(row, 'market'),
    symbol: textOrNull(row, 'symbol'),
    kind: text(row, 'kind'),
    priceE9: integer(row, 'price_e9'),
    sizeE9: integer(row, 'size_e9'),
    fills: Number(row.fills),
    transaction: textOrNull(row, 'transaction'),
  }
}

function readCandle(row: RawRow): Candle {
  return {
    startSeconds: integer(row, 'start_seconds'),
    openE9: integer(row, 'open_e9'),
    highE9: integer(row, 'high_e9'),
    lowE9: integer(row, 'low_e9'),
    closeE9: integer(row, 'close_e9'),
    volumeE9: integer(row, 'volume_e9'),
    notionalE6: integer(row, 'notional_e6'),
    auctions: integer(row, 'auctions'),
  }
}

function readFundingRate(row: RawRow): FundingRate {
  return {
    height: integer(row, 'height'),
    rateE9: integer(row, 'rate_e9_per_hour'),
    markE9: integer(row, 'mark_e9'),
    indexE9: integer(row, 'price_e9'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}

function readSettlement(row: RawRow): Settlement {
  return {
    ...readHappened(row),
    ...readHeld(row),
    sizeE9: integer(row, 'size_e9'),
    valueE6: integer(row, 'value_e6'),
    feeE6: integer(row, 'fee_e6'),
    priceE9: row.price_e9 === null ? null : integer(row, 'price_e9'),
    rule: textOrNull(row, 'rule'),
  }
}

function readCashChange(row: RawRow): CashChange {
  return {
    ...readHappened(row),
    ...readHolder(row),
    reason: text(row, 'reason'),
    deltaE6: integer(row, 'delta_e6'),
    balanceE6: integer(row, 'balance_e6'),
    transaction: textOrNull(row, 'transaction'),
  }
}

function readWithdrawal(row: RawRow): Withdrawal {
  return {
    ...readHolder(row),
    id: integer(row, 'id'),
    line: integer(row, 'line'),
    asset: integer(row, 'asset'),
    receiver: text(row, 'receiver'),
    amount: integer(row, 'amount'),
    status: text(row, 'status'),
    queuedHeight: integer(row, 'queued_height'),
    queuedNanoseconds: integer(row, 'queued_nanoseconds'),
    height: integer(row, 'height'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }
}
