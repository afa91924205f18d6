// The tables against the hub's own answers at the same height.

import type { DataSource } from 'typeorm'
import { toBech32 } from '@causeway/primitives'
import { QueryCashRequest, QueryCashResponse } from '@causeway/protocol/causeway/cash/v1/query'
import { QueryBalancesRequest, QueryBalancesResponse } from '@causeway/protocol/causeway/ledger/v1/query'
import {
  QueryBookRequest,
  QueryBookResponse,
  QueryMarketsRequest,
  QueryMarketsResponse,
  QueryOrdersRequest,
  QueryOrdersResponse,
  QueryPositionsRequest,
  QueryPositionsResponse,
} from '@causeway/protocol/causeway/markets/v1/query'
import { INSURANCE_FUND } from '../../hub/src/named-accounts.ts'
import type { LivedHub } from './hub-life.fixture.ts'
import { cashAt, MARKETS_OWN } from './read/cash.ts'
import { bookOf } from './read/markets.ts'
import { compareStress } from './reconcile-stress.fixture.ts'

/** How much was compared, and what differs. */
export type Reconciliation = { compared: Record<string, number>; wrong: string[] }

/** A row as the driver gives it. */
export type Row = Record<string, string | number | null>

const FUND = toBech32('cway', INSURANCE_FUND.account)
const SUBACCOUNTS = [0, 1, 2, 3, 4, 5, 6, 7, 8]

/**
 * Compares positions, cash, open orders, books, markets, health and losses of everybody. Where positions were
 * there before the first block, what they cost is in no fill: sums and flows are left out.
 */
export async function differencesFrom(
  database: DataSource,
  life: LivedHub,
  { isFromGenesis = false }: { readonly isFromGenesis?: boolean } = {},
): Promise<Reconciliation> {
  const result: Reconciliation = { compared: {}, wrong: [] }
  const holders = await holdersIn(database)
  await compareHolders(database, life, holders, result)
  await compareBalances(database, life, result)
  await compareMarkets(database, life, result)
  if (!isFromGenesis) await compareSums(database, result)
  if (!isFromGenesis) await compareFlows(database, life, result)
  await compareStress(database, life, result)
  return result
}

async function holdersIn(database: DataSource): Promise<string[]> {
  const rows = (await database.query(
    'SELECT account FROM account UNION SELECT account FROM cash UNION SELECT account FROM account_flag',
  )) as { account: string }[]
  return rows.flatMap(({ account }) => SUBACCOUNTS.map((number) => `${account}/${number}`))
}

async function compareHolders(
  database: DataSource,
  life: LivedHub,
  holders: readonly string[],
  result: Reconciliation,
): Promise<void> {
  const positions = grouped(
    await database.query(
      'SELECT account, subaccount, market, size_e9 FROM market_position WHERE size_e9 <> 0',
    ),
    (row) => `${row.market} ${row.size_e9}`,
  )
  const orders = grouped(await database.query(`SELECT * FROM market_order WHERE status = 'open'`), (row) =>
    [row.order, row.market, row.side, row.size_e9, row.remaining_e9, row.limit_e9, row.trigger_e9 ?? 0].join(
      ' ',
    ),
  )
  const cash = new Map(
    (await cashAt(database, undefined, life.height)).map((row) => [`${row.account}/${row.subaccount}`, row]),
  )
  for (const holder of holders) {
    const account = holder.replace(/\/0$/, '')
    const held = ask(
      life,
      'markets.v1.Query/Positions',
      QueryPositionsRequest.encode({ account }),
      QueryPositionsResponse,
    )
    compare(
      result,
      'positions',
      holder,
      positions.get(holder) ?? [],
      held.positions.map((p) => `${p.market} ${p.sizeE9}`),
    )
    const open = ask(
      life,
      'markets.v1.Query/Orders',
      QueryOrdersRequest.encode({ account, market: 0n }),
      QueryOrdersResponse,
    )
    const texts = open.orders.map((o) =>
      [o.id, o.market, o.isBuy ? 'buy' : 'sell', o.sizeE9, o.remainingE9, o.limitE9, o.triggerE9].join(' '),
    )
    compare(result, 'orders', holder, orders.get(holder) ?? [], texts)
    const { balanceE6 } = ask(
      life,
      'cash.v1.Query/Cash',
      QueryCashRequest.encode({ holder: account }),
      QueryCashResponse,
    )
    const mine = cash.get(holder)
    if (balanceE6 !== '0' || mine !== undefined)
      compare(result, 'cash', holder, [String(mine?.balanceE6 ?? 0n)], [balanceE6])
  }
}

async function compareBalances(database: DataSource, life: LivedHub, result: Reconciliation): Promise<void> {
  const rows = (await database.query('SELECT * FROM balance WHERE amount > 0')) as Row[]
  const text = (row: { subaccount: unknown; asset: unknown; amount: unknown }) =>
    `${row.subaccount} ${row.asset} ${row.amount}`
  for (const account of new Set(rows.map((row) => String(row.account)))) {
    const mine = rows.filter((row) => row.account === account)
    const request = QueryBalancesRequest.encode({ account })
    const { balances } = ask(life, 'ledger.v1.Query/Balances', request, QueryBalancesResponse)
    // Balances of genesis appear with their first change.
    const told = balances.filter(({ subaccount, asset }) =>
      mine.some((row) => row.subaccount === subaccount && row.asset === String(asset)),
    )
    compare(
      result,
      'balances',
      account,
      mine.map((row) => `${row.subaccount} ${row.asset} ${row.amount}`),
      told.map(text),
    )
  }
}

async function compareMarkets(database: DataSource, life: LivedHub, result: Reconciliation): Promise<void> {
  const { markets } = ask(
    life,
    'markets.v1.Query/Markets',
    QueryMarketsRequest.encode({ afterId: 0n, limit: 1_000, underlying: 0n }),
    QueryMarketsResponse,
  )
  const rows = (await database.query(`SELECT m.*, (SELECT coalesce(sum(size_e9), 0) FROM market_position p
    WHERE p.market = m.market AND size_e9 > 0) AS open_interest FROM market m`)) as Row[]
  const byId = new Map(rows.map((row) => [String(row.market), row]))
  const statuses = ['', 'open', 'reduceOnly', 'paused', 'settling']
  for (const { market, figures } of markets) {
    const row = byId.get(String(market!.id))
    const told = (status: string, rest: readonly unknown[]) => [status, ...rest].join(' ')
    const { symbol, strikeE9, expirySeconds, tickE9, lotE9, status, id } = market!
    const terms = [
      symbol,
      strikeE9,
      expirySeconds,
      tickE9,
      lotE9,
      figures?.openInterestE9 || '0',
      figures?.bookSequence ?? 0n,
    ]
    const mine = row && [
      ...[row.symbol, row.strike_e9, row.expiry_seconds, row.tick_e9, row.lot_e9],
      ...[row.open_interest, row.book_sequence ?? 0],
    ]
    compare(
      result,
      'markets',
      symbol,
      [told(String(row?.status), mine ?? [])],
      [told(statuses[status]!, terms)],
    )
    const book = ask(
      life,
      'markets.v1.Query/Book',
      QueryBookRequest.encode({ market: id, depth: 100 }),
      QueryBookResponse,
    )
    const levels = (side: readonly { priceE9: bigint; sizeE9: bigint | string }[]) =>
      side.map(({ priceE9, sizeE9 }) => `${priceE9}:${sizeE9}`)
    const indexed = await bookOf(database, id, 100)
    compare(
      result,
      'books',
      symbol,
      [...levels(indexed.bids), ...levels(indexed.asks)],
      [...levels(book.bids), ...levels(book.asks)],
      false,
    )
    if (indexed.checksum !== null) compare(result, 'checksums', symbol, [indexed.checksum], [book.checksum])
  }
}

/** Σ fills − Σ settled = position, in SQL and not as the tables were made. */
async function compareSums(database: DataSource, result: Reconciliation): Promise<void> {
  const rows = (await database.query(`
    SELECT account, subaccount, market, sum(size) AS size FROM (
      SELECT account, subaccount, market, CASE side WHEN 'buy' THEN size_e9 ELSE -size_e9 END AS size
        FROM fill JOIN market m USING (market) WHERE m.kind <> 'spot'
      UNION ALL SELECT account, subaccount, market, -size_e9 FROM settlement) x
    GROUP BY account, subaccount, market`)) as Row[]
  const positions = (await database.query('SELECT * FROM market_position')) as Row[]
  const text = (size: (row: Row) => unknown) => (row: Row) =>
    `${row.account}/${row.subaccount} ${row.market} ${size(row)}`
  compare(
    result,
    'sums',
    'everybody',
    positions.map(text((row) => row.size_e9)),
    rows.map(text((row) => row.size)),
  )
}

/**
 * What trading moved of each subaccount's cash is, to the last unit, what its positions have made and paid:
 * by their fills, settlements, fees and funding, less what the hub still owes them (the quote).
 */
async function compareFlows(database: DataSource, life: LivedHub, result: Reconciliation): Promise<void> {
  const flows = new Map<string, bigint>()
  const add = (row: Row, amountE6: bigint) => {
    const holder = `${row.account}/${row.subaccount}`
    flows.set(holder, (flows.get(holder) ?? 0n) + amountE6)
  }
  const positions = (await database.query(`SELECT p.*, m.kind, coalesce((SELECT sum(amount_e6)
    FROM funding_payment f WHERE (f.account, f.subaccount, f.market) = (p.account, p.subaccount, p.market)
    ), 0) AS funding FROM market_position p JOIN market m USING (market)`)) as Row[]
  for (const row of positions) {
    const [size, entry] = [BigInt(row.size_e9!), BigInt(row.entry_notional_e6!)]
    const made = BigInt(row.realised_e6!) - BigInt(row.fee_e6!) + BigInt(row.funding!)
    const quote = row.kind === 'option' || size === 0n ? 0n : quoteOf(life, row)
    add(row, made - (size < 0n ? -entry : entry) - quote)
  }
  const spot = (await database.query(`SELECT f.* FROM fill f JOIN market m USING (market)
    WHERE m.kind = 'spot'`)) as Row[]
  for (const row of spot) {
    const notional = BigInt(row.notional_e6!)
    add(row, (row.side === 'buy' ? -notional : notional) - BigInt(row.fee_e6!))
  }
  // What sales of liquidations cost, and what insurance took and gave for them, besides positions.
  const sales = (await database.query(`SELECT * FROM liquidation_bid WHERE status = 'sold'`)) as Row[]
  for (const { bidder, bidder_subaccount: subaccount, ...row } of sales) {
    add(row, BigInt(row.paid_e6!))
    add({ account: bidder!, subaccount: subaccount! }, -BigInt(row.paid_e6!))
  }
  const insured = (await database.query(`SELECT * FROM insurance_flow WHERE reason = 'liquidation'`)) as Row[]
  for (const row of insured) add(row, -BigInt(row.amount_e6!))
  const cash = (await database.query(
    `SELECT account, subaccount, sum(delta_e6) AS delta FROM cash_change
    WHERE reason IN ('trade', 'settlement', 'rfq', 'venue', 'liquidation', 'deleverage')
      AND account <> ALL($1::text[]) GROUP BY account, subaccount`,
    [[MARKETS_OWN, FUND]],
  )) as Row[]
  const text = ([holder, amountE6]: [string, bigint]) => `${holder} ${amountE6}`
  const told = cash.map((row) => text([`${row.account}/${row.subaccount}`, BigInt(row.delta!)]))
  const made = [...flows].filter(([, amountE6]) => amountE6 !== 0n).map(text)
  compare(
    result,
    'flows',
    'everybody',
    made,
    told.filter((line) => !line.endsWith(' 0')),
  )
}

function quoteOf(life: LivedHub, row: Row): bigint {
  const account = row.subaccount === 0 ? String(row.account) : `${row.account}/${row.subaccount}`
  const request = QueryPositionsRequest.encode({ account })
  const { positions } = ask(life, 'markets.v1.Query/Positions', request, QueryPositionsResponse)
  return BigInt(positions.find(({ market }) => String(market) === String(row.market))?.quoteE6 ?? 0n)
}

function grouped(rows: unknown, textOf: (row: Row) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const row of rows as Row[]) {
    const holder = `${row.account}/${row.subaccount}`
    groups.set(holder, [...(groups.get(holder) ?? []), textOf(row)])
  }
  return groups
}

/** Notes what was compared, and where the tables differ from what the hub told. */
export function compare(
  { compared, wrong }: Reconciliation,
  what: string,
  whose: string,
  indexed: readonly string[],
  told: readonly string[],
  isSet = true,
): void {
  compared[what] = (compared[what] ?? 0) + told.length
  const [a, b] = [indexed, told].map((list) => (isSet ? [...list].sort() : list).join(', '))
  if (a !== b) wrong.push(`${what} of ${whose}: tables ${a}; hub ${b}`)
}

function ask<T>(
  life: LivedHub,
  path: string,
  request: { finish(): Uint8Array },
  codec: { decode(bytes: Uint8Array): T },
): T {
  const { code, log, value } = life.query(`/causeway.${path}`, request.finish())
  if (code !== 0) throw new Error(`${path}: ${log}`)
  return codec.decode(value)
}
