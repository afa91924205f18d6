// What chains did in blocks that aren't final: shown on an endpoint's word, and taken back when a fork or a
// reorganisation takes it.
import type { EntityManager } from 'typeorm'
import type { Database } from '../database/open-database.ts'
import { writeChanges } from '../database/write-changes.ts'
import type { PacketRow } from '../database/packet-entities.ts'
import type { Change } from '../project/change.ts'

const KEY = ['source_chain_id', 'source_client', 'destination_client', 'sequence'] as const
const ENDED = { acknowledged: 'acknowledged', timedOut: 'timed_out' } as const
const NO_STAGE = ['sent', 'received', ...Object.values(ENDED)]
  .map((stage) => `"${stage}_height" IS NULL`)
  .join(' AND ')
const ONLY_SENT = `"source_chain_id" = $1 AND NOT "sent_final"
  AND "received_height" IS NULL AND "acknowledged_height" IS NULL AND "timed_out_height" IS NULL`
const EMPTY = `"destination_chain_id" = $1 AND ${NO_STAGE}`

/**
 * Replaces what is known of a chain's blocks that aren't final: what was taken away goes, what is final or
 * was proven by another chain meanwhile stays.
 */
export async function writeUnfinal(
  database: Database,
  chainId: string,
  changes: readonly Change[],
): Promise<void> {
  await database.writer.transaction(async (manager) => {
    await forgetUnfinal(manager, chainId)
    await writeChanges(manager, await withoutFinal(manager, changes))
  })
}

/** Takes back, in the caller's transaction, what stands on an endpoint's word alone. */
export async function forgetUnfinal(manager: EntityManager, chainId: string): Promise<void> {
  await manager.query(
    `UPDATE "packet" SET ${cleared('received')}, "accepted" = NULL, "received_final" = true
      WHERE "destination_chain_id" = $1 AND NOT "received_final"`,
    [chainId],
  )
  for (const stage of Object.values(ENDED)) {
    await manager.query(
      `UPDATE "packet" SET ${cleared(stage)}, "${stage}_final" = true
        WHERE "source_chain_id" = $1 AND NOT "${stage}_final"`,
      [chainId],
    )
  }
  for (const condition of [ONLY_SENT, EMPTY]) {
    await manager.query(
      `DELETE FROM "transfer" t USING (SELECT * FROM "packet" WHERE ${condition}) p
        WHERE ${KEY.map((column) => `t."${column}" = p."${column}"`).join(' AND ')}`,
      [chainId],
    )
    await manager.query(`DELETE FROM "packet" WHERE ${condition}`, [chainId])
  }
}

function cleared(stage: string): string {
  return ['height', 'transaction', 'time_nanoseconds'].map((part) => `"${stage}_${part}" = NULL`).join(', ')
}

/** A stage that is final already is none of what isn't: only an endpoint that lies tells it again. */
async function withoutFinal(manager: EntityManager, changes: readonly Change[]): Promise<Change[]> {
  const packets = changes.filter(({ table }) => table === 'packet')
  if (packets.length === 0) return [...changes]
  const properties = ['sourceChainId', 'sourceClient', 'destinationClient', 'sequence'] as const
  const rows = (await manager.query(
    `SELECT p.* FROM "packet" p
      JOIN unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) AS k (${KEY.join(', ')})
      USING (${KEY.join(', ')})`,
    properties.map((property) => packets.map(({ key }) => String(key[property]))),
  )) as Record<string, string | boolean | null>[]
  const found = new Map(rows.map((row) => [KEY.map((column) => String(row[column])).join(' '), row]))
  return changes.map((change) => {
    const row = change.table === 'packet' ? found.get(nameOf(change, properties)) : undefined
    return row === undefined ? change : { ...change, set: withoutStages(change.set, finalStages(row)) }
  })
}

function nameOf({ key }: Change, properties: readonly (keyof PacketRow)[]): string {
  return properties.map((property) => String(key[property])).join(' ')
}

function finalStages(row: Record<string, string | boolean | null>): string[] {
  return [
    ...(row.sent_height !== null && row.sent_final === true ? ['sent', 'provable'] : []),
    ...(row.received_height === null ? [] : ['received', 'accepted']),
    ...Object.entries(ENDED).flatMap(([name, column]) => (row[`${column}_height`] === null ? [] : [name])),
  ]
}

function withoutStages(set: Change['set'], stages: readonly string[]): Change['set'] {
  const entries = Object.entries(set).filter(([name]) => !stages.some((stage) => name.startsWith(stage)))
  return Object.fromEntries(entries)
}
