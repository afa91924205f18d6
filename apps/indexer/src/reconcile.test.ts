// After a life of trading on a real hub, the tables hold what the hub itself says, to the last unit; and they
// are the same however the blocks were cut and wherever the indexer was stopped.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksumTables } from './database/checksum.ts'
import { pgliteDatabases } from './database/databases.fixture.ts'
import type { Database } from './database/open-database.ts'
import { HubLife, LifeTables } from './hub-life.fixture.ts'
import { differencesFrom } from './reconcile.fixture.ts'

const SEED = 5
const ROUNDS = 3
/** By then somebody has come near maintenance. */
const ROUNDS_MOST = 8
const BLOCKS = 40
const LONG_MS = 600_000

describe('the tables of a trading hub', () => {
  let database: Database
  let life: HubLife
  let tables: LifeTables
  beforeAll(async () => {
    database = await pgliteDatabases.open()
    life = new HubLife(SEED)
    tables = new LifeTables(database, life.rpc)
    await tables.writeAll(life.blocks, 7)
  }, LONG_MS)
  afterAll(async () => {
    await database?.close()
  })

  it(
    'equal its own state in positions, cash, orders, books, health, losses, and add up, again and again',
    async () => {
      const all: Record<string, number> = {}
      for (let round = 0; round < ROUNDS || (round < ROUNDS_MOST && !(all['levels']! > 0)); round++) {
        await tables.writeAll(life.live(BLOCKS), 7)
        const { compared, wrong } = await differencesFrom(database.reader, life)
        expect(wrong, `at ${life.height}`).toEqual([])
        for (const [what, count] of Object.entries(compared)) all[what] = (all[what] ?? 0) + count
      }
      console.log('compared', all, 'events', tables.events)
      for (const what of ['positions', 'cash', 'balances', 'orders', 'books', 'sums', 'flows', 'levels'])
        expect(all[what], what).toBeGreaterThan(0)
      expect(tables.problems).toEqual([])
    },
    LONG_MS,
  )

  it(
    'are the same in one batch, and of an indexer that is stopped and started in the middle of batches',
    async () => {
      const whole = await checksumTables(database.reader)
      const [inOne, stopped] = [await pgliteDatabases.open(), await pgliteDatabases.open()]
      await new LifeTables(inOne, life.rpc).write(life.blocks)
      expect(await checksumTables(inOne.reader)).toEqual(whole)
      await inOne.close()
      for (let at = 0, size = 1; at < life.blocks.length; at += size, size = (size * 3) % 40 || 1) {
        const batch = life.blocks.slice(at, at + size)
        // Killed when everything is written and nothing committed; then a new one goes on from the cursor.
        await expect(new LifeTables(stopped, life.rpc).write(batch, 'killed')).rejects.toThrow('killed')
        await new LifeTables(stopped, life.rpc).write(batch)
      }
      expect(await checksumTables(stopped.reader)).toEqual(whole)
      await stopped.close()
    },
    LONG_MS,
  )
})
