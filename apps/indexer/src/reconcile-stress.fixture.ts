// What the tables tell of health, liquidations, margin calls and insurance, against the hub's own state.

import type { DataSource } from 'typeorm'
import { toBech32, toHex } from '@causeway/primitives'
import { CALLS_STORE, callsOf, waits } from '../../hub/src/modules/calls/state.ts'
import { CLEARING_STORE, standbyLines } from '../../hub/src/modules/clearing/state.ts'
import { INSURANCE_STORE, readPause } from '../../hub/src/modules/insurance/state.ts'
import { LIQUIDATION_STORE, liquidations } from '../../hub/src/modules/liquidation/state.ts'
import { RISK_STORE, unhealthy } from '../../hub/src/modules/risk/state.ts'
import type { LivedHub } from './hub-life.fixture.ts'
import { compare, type Reconciliation, type Row } from './reconcile.fixture.ts'

/** Compares everything that accounts under stress went through. */
export async function compareStress(
  database: DataSource,
  hub: LivedHub,
  result: Reconciliation,
): Promise<void> {
  const rows = async (sql: string): Promise<Row[]> => (await database.query(sql)) as Row[]
  compareLevels(await rows(`SELECT * FROM account_flag WHERE level <> 'healthy'`), hub, result)
  compareLiquidations(await rows(LIVE), hub, result)
  compareCalls(await rows(`SELECT * FROM margin_call WHERE status IN ('sent', 'pulled')`), hub, result)
  compareLines(
    await rows(`SELECT * FROM standby_line WHERE status IN ('locked', 'called', 'void')`),
    hub,
    result,
  )
  compareWaits(await rows(LAST_WAITS), hub, result)
  const pauses = await rows(`SELECT * FROM insurance_pause ORDER BY height DESC, position DESC LIMIT 1`)
  const pause = readPause(hub.state.store(INSURANCE_STORE))
  const isPaused = pauses[0]?.status === 'began'
  const told = pause === undefined ? 'open' : `since ${pause.sinceHeight}`
  compare(result, 'pauses', 'insurance', [isPaused ? `since ${pauses[0]!.height}` : 'open'], [told])
  compareLosses(await rows(LOSSES), await rows(DEBTS), result)
  await countHistory(database, result)
}

/** With what each auction's bids have paid in, fees off. */
const LIVE = `SELECT l.*, (SELECT coalesce(sum(b.price_e6 - b.fee_e6), 0) FROM liquidation_bid b
    WHERE b.account = l.account AND b.subaccount = l.subaccount AND b.status = 'sold'
      AND b.height >= (SELECT max(s.height) FROM liquidation_step s WHERE s.account = l.account
        AND s.subaccount = l.subaccount AND s.orders IS NULL)) AS paid_in
  FROM liquidation l WHERE l.stage <> 'none'`
const LAST_WAITS = `SELECT DISTINCT ON (account, subaccount) * FROM margin_wait
  ORDER BY account, subaccount, height DESC, position DESC`
/** What a bankruptcy says that insurance paid, and what funds and charges say of it. */
const LOSSES = `SELECT b.*, c.amount, c.paid, c.left_e6, f.paid AS flowed, d.loss FROM bankruptcy b
  LEFT JOIN LATERAL (SELECT sum(amount_e6) AS amount, sum(own_e6 + common_e6) AS paid, sum(left_e6) AS left_e6
    FROM deficit_charge c WHERE (c.account, c.subaccount, c.height) = (b.account, b.subaccount, b.height)) c
    ON true
  LEFT JOIN LATERAL (SELECT -sum(amount_e6) AS paid FROM insurance_flow f
    WHERE (f.account, f.subaccount, f.height) = (b.account, b.subaccount, b.height)
      AND f.reason = 'deficit') f ON true
  LEFT JOIN LATERAL (SELECT sum(loss_e6) AS loss FROM deleveraging d
    WHERE (d.of_account, d.of_subaccount, d.height) = (b.account, b.subaccount, b.height)) d ON true`
const DEBTS = `SELECT s.amount_e6, b.socialised_e6 FROM socialised_loss s FULL JOIN (
    SELECT * FROM bankruptcy WHERE socialised_e6 <> 0) b USING (account, subaccount, height)
  WHERE s.line IS NULL`
const HISTORY = [
  ...['liquidation', 'liquidation_step', 'liquidation_bid', 'margin_level', 'bankruptcy', 'deleveraging'],
  ...['insurance_flow', 'deficit_charge', 'socialised_loss', 'insurance_pause', 'margin_call'],
]

function compareLevels(rows: readonly Row[], hub: LivedHub, result: Reconciliation): void {
  const told = [...unhealthy(hub.state.store(RISK_STORE))].map(
    ([holder, { level, height }]) => `${textOf(holder)} ${level} since ${height}`,
  )
  const mine = rows.map((row) => `${holderIn(row)} ${row.level} since ${row.changed_height}`)
  compare(result, 'levels', 'everybody', mine, told)
}

function compareLiquidations(rows: readonly Row[], hub: LivedHub, result: Reconciliation): void {
  const told = [...liquidations(hub.state.store(LIQUIDATION_STORE))].map(([holder, record]) => {
    const { stage, height, closingBlocks, paidInE6 } = record
    return `${textOf(holder)} ${stage} since ${height}, ${closingBlocks} closing, paid in ${paidInE6}`
  })
  const mine = rows.map((row) => {
    const began = `${holderIn(row)} ${row.stage} since ${row.began_height}`
    return `${began}, ${row.closing_blocks} closing, paid in ${row.paid_in}`
  })
  compare(result, 'liquidations', 'everybody', mine, told)
}

function compareCalls(rows: readonly Row[], hub: LivedHub, result: Reconciliation): void {
  const told = callsOf(hub.state.store(CALLS_STORE)).map((call) =>
    [textOf(call), call.client, toHex(call.line), call.sequence, call.amount, call.pulled].join(' '),
  )
  const mine = rows.map((row) =>
    [holderIn(row), row.client, row.line, row.sequence, row.amount, row.pulled ?? ''].join(' '),
  )
  compare(result, 'calls', 'everybody', mine, told)
}

function compareLines(rows: readonly Row[], hub: LivedHub, result: Reconciliation): void {
  const told = standbyLines(hub.state.store(CLEARING_STORE)).map((line) =>
    [textOf(line), line.client, toHex(line.line), line.amount, line.expirySeconds, line.status].join(' '),
  )
  const mine = rows.map((row) =>
    [holderIn(row), row.client, row.line, row.amount, row.expiry_seconds, row.status].join(' '),
  )
  compare(result, 'lines', 'everybody', mine, told)
}

function compareWaits(rows: readonly Row[], hub: LivedHub, result: Reconciliation): void {
  const told = waits(hub.state.store(CALLS_STORE)).map(([holder]) => textOf(holder))
  compare(result, 'waits', 'everybody', rows.filter(({ status }) => status === 'began').map(holderIn), told)
}

/** What accounts lacked was paid by funds, by the other side, or by everybody: each as its own events say. */
function compareLosses(losses: readonly Row[], debts: readonly Row[], result: Reconciliation): void {
  for (const row of losses) {
    const whose = `${holderIn(row)} at ${row.height}`
    const sums = [row.amount ?? 0, row.paid ?? 0, row.flowed ?? 0, row.loss ?? 0].map(String)
    const told = [row.deficit_e6, row.insured_e6, row.insured_e6, row.deleveraged_e6].map(String)
    compare(result, 'losses', whose, sums, told, false)
  }
  compare(
    result,
    'debts',
    'everybody',
    debts.map((row) => String(row.amount_e6)),
    debts.map((row) => String(row.socialised_e6)),
  )
}

async function countHistory(database: DataSource, { compared }: Reconciliation): Promise<void> {
  for (const table of HISTORY) {
    const [row] = (await database.query(`SELECT count(*)::int AS n FROM ${table}`)) as { n: number }[]
    compared[`rows of ${table}`] = row!.n
  }
}

function textOf({ account, subaccount }: { account: Uint8Array; subaccount: number }): string {
  return `${toBech32('cway', account)}/${subaccount}`
}

function holderIn(row: Row): string {
  return `${row.account}/${row.subaccount}`
}
