import type { EntityManager } from 'typeorm'
import type { Database } from '../database/open-database.ts'
import { writeChanges } from '../database/write-changes.ts'
import { writeDerived } from '../database/write-derived.ts'
import type { Batch } from './collect-batch.ts'
import { moveCursor, type ChainRole } from './cursor.ts'

/** Writes a batch's rows and moves the cursor, all in one database transaction; `prepare` comes between. */
export async function writeBatch(
  database: Database,
  { chainId, role }: { chainId: string; role: ChainRole },
  batch: Batch,
  prepare: (manager: EntityManager) => Promise<void> = async () => undefined,
): Promise<void> {
  await database.writer.transaction(async (manager) => {
    // The cursor first: its row lock keeps any other writer of this chain out until the commit.
    await moveCursor(manager, { chainId, role }, batch.parent, batch.first, batch.head)
    await prepare(manager)
    await writeChanges(manager, batch.changes)
    await writeDerived(manager, batch.changes)
  })
}
