// The hub's own tables: accounts, balances, assets, lines, prices, and the thin transactions.

import type { DataSource } from 'typeorm'
import { readCursor, requireInteger, rowLimit, toPage, type Page, type PageRequest } from './page.ts'
import { integer, Parameters, select, text, textOrNull } from './rows.ts'

/** An account of the hub. */
export type Account = {
  readonly account: string
  readonly firstHeight: bigint
  readonly firstTimeNanoseconds: bigint
}

/** A subaccount. */
export type Holder = { readonly account: string; readonly subaccount: number }

/** A projected balance. */
export type Balance = Holder & {
  readonly asset: bigint
  readonly denom: string
  readonly amount: bigint
  readonly height: bigint
}

/** A line, with the chain behind its client. */
export type Line = {
  readonly line: bigint
  readonly clientId: string
  readonly chainId: string | null
  readonly denom: string
  readonly asset: bigint
  readonly escrowed: bigint
  readonly height: bigint
}

/** The latest price of an asset. */
export type Price = {
  readonly asset: bigint
  readonly denom: string | null
  readonly priceE9: bigint
  readonly timeSeconds: bigint
  readonly height: bigint
}

/** A transaction in which an address took part. */
export type Transaction = {
  readonly chainId: string
  readonly height: bigint
  readonly position: number
  readonly hash: string
  readonly code: bigint
  readonly codespace: string
  readonly gasUsed: bigint
  readonly timeNanoseconds: bigint
}

/** A page of accounts, by address. */
export async function pageOfAccounts(database: DataSource, page: PageRequest): Promise<Page<Account>> {
  const parameters = new Parameters()
  const after = readCursor(page, 1)
  const where = after === undefined ? '' : `WHERE account > ${parameters.add(after[0])}`
  const sql = `SELECT * FROM account ${where} ORDER BY account LIMIT ${parameters.add(rowLimit(page))}`
  const rows = await select(database, sql, parameters.values)
  const accounts = rows.map((row) => ({
    account: text(row, 'account'),
    firstHeight: integer(row, 'first_height'),
    firstTimeNanoseconds: integer(row, 'first_time_nanoseconds'),
  }))
  return toPage(page, accounts, ({ account }) => [account])
}

/** A page of lines, by number. */
export async function pageOfLines(
  database: DataSource,
  hubChainId: string,
  page: PageRequest,
): Promise<Page<Line>> {
  const parameters = new Parameters()
  const hub = parameters.add(hubChainId)
  const after = readCursor(page, 1)
  const where =
    after === undefined ? '' : `WHERE l.line > ${parameters.add(requireInteger(after[0]))}::numeric`
  const sql = `${LINES(hub)} ${where} ORDER BY l.line LIMIT ${parameters.add(rowLimit(page))}`
  return toPage(page, await readLines(database, sql, parameters), ({ line }) => [String(line)])
}

/** The lines that back these assets. */
export async function linesOfAssets(
  database: DataSource,
  hubChainId: string,
  assets: readonly bigint[],
): Promise<Line[]> {
  if (assets.length === 0) return []
  const parameters = new Parameters()
  const [hub, wanted] = [parameters.add(hubChainId), parameters.add(assets.map(String))]
  const sql = `${LINES(hub)} WHERE l.asset = ANY(${wanted}::numeric[]) ORDER BY l.line`
  return readLines(database, sql, parameters)
}

const LINES = (hub: string): string => `SELECT l.*, c.tracked_chain_id FROM line l
  LEFT JOIN client c ON c.chain_id = ${hub} AND c.client_id = l.client_id`

async function readLines(database: DataSource, sql: string, parameters: Parameters): Promise<Line[]> {
  const rows = await select(database, sql, parameters.values)
  return rows.map((row) => ({
    line: integer(row, 'line'),
    clientId: text(row, 'client_id'),
    chainId: textOrNull(row, 'tracked_chain_id'),
    denom: text(row, 'denom'),
    asset: integer(row, 'asset'),
    escrowed: integer(row, 'escrowed'),
    height: integer(row, 'height'),
  }))
}

/** A page of latest prices, by asset. */
export async function pageOfPrices(database: DataSource, page: PageRequest): Promise<Page<Price>> {
  const parameters = new Parameters()
  const after = readCursor(page, 1)
  const where =
    after === undefined ? '' : `WHERE p.asset > ${parameters.add(requireInteger(after[0]))}::numeric`
  const sql = `SELECT p.*, a.denom FROM price p LEFT JOIN asset a ON a.asset = p.asset ${where}
    ORDER BY p.asset LIMIT ${parameters.add(rowLimit(page))}`
  const rows = await select(database, sql, parameters.values)
  const prices = rows.map((row) => ({
    asset: integer(row, 'asset'),
    denom: textOrNull(row, 'denom'),
    priceE9: integer(row, 'price_e9'),
    timeSeconds: integer(row, 'time_seconds'),
    height: integer(row, 'height'),
  }))
  return toPage(page, prices, ({ asset }) => [String(asset)])
}

/** A page of the transactions that name an address, newest first. */
export async function pageOfTransactions(
  database: DataSource,
  address: string,
  page: PageRequest,
): Promise<Page<Transaction>> {
  const parameters = new Parameters()
  const conditions = [`a.address = ${parameters.add(address)}`]
  const after = readCursor(page, 4)
  if (after !== undefined) {
    const [time, chainId, height, position] = after
    const integers = [time, height, position].map(
      (value) => `${parameters.add(requireInteger(value))}::numeric`,
    )
    conditions.push(
      `(b.time_nanoseconds, a.chain_id, a.height, a.position)
        < (${integers[0]}, ${parameters.add(chainId)}, ${integers[1]}, ${integers[2]})`,
    )
  }
  const sql = `SELECT t.*, b.time_nanoseconds FROM transaction_address a
    JOIN transaction t USING (chain_id, height, position) JOIN block b USING (chain_id, height)
    WHERE ${conditions.join(' AND ')}
    ORDER BY b.time_nanoseconds DESC, a.chain_id DESC, a.height DESC, a.position DESC
    LIMIT ${parameters.add(rowLimit(page))}`
  const rows = await select(database, sql, parameters.values)
  const transactions = rows.map((row) => ({
    chainId: text(row, 'chain_id'),
    height: integer(row, 'height'),
    position: Number(row.position),
    hash: text(row, 'hash'),
    code: integer(row, 'code'),
    codespace: text(row, 'codespace'),
    gasUsed: integer(row, 'gas_used'),
    timeNanoseconds: integer(row, 'time_nanoseconds'),
  }))
  return toPage(page, transactions, ({ timeNanoseconds, chainId, height, position }) => [
    String(timeNanoseconds),
    chainId,
    String(height),
    String(position),
  ])
}

/** The projected balances of these accounts. */
export async function balancesOf(database: DataSource, accounts: readonly string[]): Promise<Balance[]> {
  if (accounts.length === 0) return []
  const sql = 'SELECT * FROM balance WHERE account = ANY($1::text[]) ORDER BY account, subaccount, asset'
  const rows = await select(database, sql, [accounts])
  return rows.map((row) => ({
    account: text(row, 'account'),
    subaccount: Number(row.subaccount),
    asset: integer(row, 'asset'),
    denom: text(row, 'denom'),
    amount: integer(row, 'amount'),
    height: integer(row, 'height'),
  }))
}
