import type { EntityManager } from 'typeorm'
import type { Database } from '../database/open-database.ts'
import { writeChanges } from '../database/write-changes.ts'
import type { Change } from '../project/change.ts'

const ONLY_INCLUDED = `"source_chain_id" = $1 AND NOT "sent_final"
  AND "received_height" IS NULL AND "acknowledged_height" IS NULL AND "timed_out_height" IS NULL`

/**
 * Replaces what is known of packets that a chain has sent in blocks that aren't final: what a reorganisation
 * has taken away goes, what another chain has proven meanwhile stays.
 */
export async function writeIncluded(
  database: Database,
  chainId: string,
  changes: readonly Change[],
): Promise<void> {
  await database.writer.transaction(async (manager) => {
    await forgetIncluded(manager, chainId)
    await writeChanges(manager, changes)
  })
}

/** Deletes, in the caller's transaction, what stands on an endpoint's word alone. */
export async function forgetIncluded(manager: EntityManager, chainId: string): Promise<void> {
  await manager.query(
    `DELETE FROM "transfer" t USING (SELECT * FROM "packet" WHERE ${ONLY_INCLUDED}) p
      WHERE t."source_chain_id" = p."source_chain_id" AND t."source_client" = p."source_client"
        AND t."destination_client" = p."destination_client" AND t."sequence" = p."sequence"`,
    [chainId],
  )
  await manager.query(`DELETE FROM "packet" WHERE ${ONLY_INCLUDED}`, [chainId])
}
