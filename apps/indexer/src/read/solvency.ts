// What the hub owes by its lines, against what their escrows hold by the events of the other chains.

import type { DataSource } from 'typeorm'
import { pageOf } from './keyset.ts'
import type { Page, PageRequest } from './page.ts'
import { flagOrNull, integer, integerOrNull, Parameters, text, textOrNull, type RawRow } from './rows.ts'

/** A line from both sides; amounts in base units of its token. */
export type LineSolvency = {
  readonly line: bigint
  readonly clientId: string
  readonly chainId: string | null
  readonly denom: string
  readonly asset: bigint
  /** What the hub's own accounts say that the escrow must hold. */
  readonly owed: bigint
  /** Sent to the hub and not given back, less what was taken out: null unless the chain was read whole. */
  readonly escrow: bigint | null
  /** On its way: sent and not credited, debited and not taken out. */
  readonly incoming: bigint
  readonly outgoing: bigint
  /** Taken out of the books by votes. */
  readonly writtenOff: bigint
  readonly isFrozen: boolean | null
  readonly height: bigint
}

/**
 * A page of lines. A packet counts on each side by that side's events only: what was taken out by a client
 * that lies shows as a difference. Costs grow with the transfers of the page's lines.
 */
export function pageOfSolvency(
  database: DataSource,
  hubChainId: string,
  page: PageRequest,
): Promise<Page<LineSolvency>> {
  const parameters = new Parameters()
  const hub = parameters.add(hubChainId)
  const sql = `SELECT l.*, c.tracked_chain_id, c.frozen, coalesce(w.lost, 0) AS lost,
      z.chain_id IS NOT NULL AND (z.root_height <= 1
        OR z.chain_id LIKE 'eip155:%' OR z.chain_id LIKE 'solana:%') AS is_whole,
      i.deposited, i.incoming, o.taken, o.outgoing
    FROM line l
    LEFT JOIN client c ON c.chain_id = ${hub} AND c.client_id = l.client_id
    LEFT JOIN chain z ON z.chain_id = c.tracked_chain_id
    LEFT JOIN (SELECT line, sum(lost) AS lost FROM socialised_loss WHERE line IS NOT NULL GROUP BY line) w
      ON w.line = l.line
    CROSS JOIN LATERAL (${incomingOf(hub)}) i
    CROSS JOIN LATERAL (${outgoingOf(hub)}) o`
  const list = {
    ...{ sql, conditions: [], order: ['l.line'], direction: 'ASC' as const },
    read: readSolvency,
    cursorOf: (row: LineSolvency) => [row.line],
  }
  return pageOf(database, parameters, list, page)
}

const PACKET = 'JOIN packet p USING (source_chain_id, source_client, destination_client, sequence)'

/** Deposits: in escrow once they are final there, unless they went back; credited by the hub's word. */
function incomingOf(hub: string): string {
  const isBack = `((p.timed_out_height IS NOT NULL AND p.timed_out_final)
    OR (p.acknowledged_height IS NOT NULL AND p.acknowledged_final AND NOT p.accepted))`
  const isSent = `p.sent_height IS NOT NULL AND p.sent_final AND NOT ${isBack}`
  const isCredited = `(p.received_height IS NOT NULL AND p.accepted IS TRUE)`
  return `SELECT coalesce(sum(t.amount) FILTER (WHERE ${isSent}), 0) AS deposited,
      coalesce(sum(t.amount) FILTER (WHERE ${isSent} AND NOT ${isCredited}), 0) AS incoming
    FROM transfer t ${PACKET}
    WHERE t.source_chain_id = c.tracked_chain_id AND t.destination_client = l.client_id
      AND p.destination_chain_id = ${hub}
      AND 'transfer/' || l.client_id || '/' || t.denom = l.denom`
}

/** Withdrawals: out of escrow once the other chain has taken them; debited by the hub's word. */
function outgoingOf(hub: string): string {
  const isTaken = `(p.received_height IS NOT NULL AND p.received_final AND p.accepted IS TRUE)`
  return `SELECT coalesce(sum(t.amount) FILTER (WHERE ${isTaken}), 0) AS taken,
      coalesce(sum(t.amount) FILTER (WHERE p.sent_height IS NOT NULL AND NOT ${isTaken}
        AND t.refund_reason IS NULL), 0) AS outgoing
    FROM transfer t ${PACKET}
    WHERE t.source_chain_id = ${hub} AND t.source_client = l.client_id AND t.denom = l.denom`
}

function readSolvency(row: RawRow): LineSolvency {
  const writtenOff = integer(row, 'lost')
  const escrow = integer(row, 'deposited') - integer(row, 'taken') - writtenOff
  return {
    line: integer(row, 'line'),
    clientId: text(row, 'client_id'),
    chainId: textOrNull(row, 'tracked_chain_id'),
    denom: text(row, 'denom'),
    asset: integer(row, 'asset'),
    owed: integer(row, 'escrowed'),
    escrow: row.is_whole === true ? escrow : null,
    incoming: integerOrNull(row, 'incoming') ?? 0n,
    outgoing: integerOrNull(row, 'outgoing') ?? 0n,
    writtenOff,
    isFrozen: flagOrNull(row, 'frozen'),
    height: integer(row, 'height'),
  }
}
