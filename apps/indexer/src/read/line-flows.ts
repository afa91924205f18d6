// Collateral by the lines over which it came: what one holder's transfers moved over each.

import type { DataSource } from 'typeorm'
import type { Holder } from './hub-rows.ts'
import { integer, Parameters, select, text } from './rows.ts'

/** What a holder moved over one line, in base units of its token. */
export type LineFlow = Holder & {
  readonly line: bigint
  readonly asset: bigint
  /** Credited on the hub. */
  readonly deposited: bigint
  /** Sent by the hub and not given back. */
  readonly withdrawn: bigint
  /** On the way in, sent in blocks that aren't final yet. */
  readonly unfinal: bigint
  /** On the way in, sent in final blocks. */
  readonly arriving: bigint
  /** Of `withdrawn`, what the other chain has not taken out of escrow in a final block. */
  readonly leaving: bigint
}

const PACKET = 'JOIN packet p USING (source_chain_id, source_client, destination_client, sequence)'
const isCredited = 'p.received_height IS NOT NULL AND p.accepted IS TRUE'
const isOver = `(p.received_height IS NOT NULL OR (p.timed_out_height IS NOT NULL AND p.timed_out_final))`
const isTaken = `(${isCredited} AND p.received_final)`

/** What each of these accounts moved over each line; costs grow with their transfers. */
export async function flowsByLine(
  database: DataSource,
  hubChainId: string,
  accounts: readonly string[],
): Promise<LineFlow[]> {
  if (accounts.length === 0) return []
  const parameters = new Parameters()
  const [hub, names] = [parameters.add(hubChainId), parameters.add([...accounts])]
  const sum = (condition: string) => `coalesce(sum(t.amount) FILTER (WHERE ${condition}), 0)`
  const isIn = `t.source_chain_id <> ${hub}`
  const isSent = `t.source_chain_id = ${hub} AND p.sent_height IS NOT NULL AND t.refund_reason IS NULL`
  const sql = `SELECT t.account, t.subaccount, l.line, l.asset,
      ${sum(`${isIn} AND ${isCredited}`)} AS deposited,
      ${sum(`${isIn} AND NOT ${isOver} AND NOT p.sent_final`)} AS unfinal,
      ${sum(`${isIn} AND NOT ${isOver} AND p.sent_final`)} AS arriving,
      ${sum(isSent)} AS withdrawn, ${sum(`${isSent} AND NOT ${isTaken}`)} AS leaving
    FROM transfer t ${PACKET}
    JOIN line l ON
      (t.source_chain_id = ${hub} AND t.source_client = l.client_id AND t.denom = l.denom)
      OR (p.destination_chain_id = ${hub} AND t.destination_client = l.client_id
        AND 'transfer/' || l.client_id || '/' || t.denom = l.denom)
    JOIN client c ON c.chain_id = ${hub} AND c.client_id = l.client_id
      AND c.tracked_chain_id IN (t.source_chain_id, p.destination_chain_id)
    WHERE t.account = ANY(${names}::text[]) AND t.subaccount IS NOT NULL
    GROUP BY t.account, t.subaccount, l.line, l.asset ORDER BY l.line`
  const rows = await select(database, sql, parameters.values)
  return rows.map((row) => ({
    account: text(row, 'account'),
    subaccount: Number(integer(row, 'subaccount')),
    line: integer(row, 'line'),
    asset: integer(row, 'asset'),
    deposited: integer(row, 'deposited'),
    withdrawn: integer(row, 'withdrawn'),
    unfinal: integer(row, 'unfinal'),
    arriving: integer(row, 'arriving'),
    leaving: integer(row, 'leaving'),
  }))
}
