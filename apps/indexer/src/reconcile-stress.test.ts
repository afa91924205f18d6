// Through a crash of 60 % and what follows, the tables hold what the hub itself says after every stretch of
// blocks, and a rebuild gives the same ones.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checksumTables } from './database/checksum.ts'
import { pgliteDatabases } from './database/databases.fixture.ts'
import type { Database } from './database/open-database.ts'
import { LifeTables } from './hub-life.fixture.ts'
import { differencesFrom, type Reconciliation } from './reconcile.fixture.ts'
import { StressLife } from './stress-life.fixture.ts'

const SEED = 20_261_122
const SIZE = { traders: 60, makers: 2, bidders: 2 }
/** Through the crash, the way back, calm, and the gap. */
const [STRETCH, STRETCHES] = [45, 12]
const LONG_MS = 900_000

describe('the tables of a hub on its worst days', () => {
  let database: Database
  let life: StressLife
  let tables: LifeTables
  beforeAll(async () => {
    database = await pgliteDatabases.open()
    life = new StressLife(SEED, SIZE)
    tables = new LifeTables(database, life.rpc)
  }, LONG_MS)
  afterAll(async () => {
    await database?.close()
  })

  it(
    'equal its own state in positions, cash, health, liquidations and losses, stretch after stretch',
    async () => {
      let last: Reconciliation | undefined
      const most: Record<string, number> = {}
      for (let i = 0; i < STRETCHES; i++) {
        const blocks = life.live(STRETCH)
        await tables.write(blocks.slice(0, 20), undefined, i === 0 ? life.genesis : [])
        await tables.writeAll(blocks.slice(20), 7)
        last = await differencesFrom(database.reader, life, { isFromGenesis: true })
        expect(last.wrong, `at ${life.height}`).toEqual([])
        for (const [what, count] of Object.entries(last.compared))
          most[what] = Math.max(most[what] ?? 0, count)
      }
      expect(tables.problems).toEqual([])
      console.log('compared at most', most, 'events', tables.events)
      const lived = ['levels', 'liquidations', 'rows of liquidation_bid', 'rows of insurance_flow']
      for (const what of lived) expect(most[what], what).toBeGreaterThan(0)
    },
    LONG_MS,
  )

  it(
    'are the same of an indexer that is killed in the middle of batches of other sizes',
    async () => {
      const whole = await checksumTables(database.reader)
      const again = await pgliteDatabases.open()
      for (let at = 0, size = 1; at < life.blocks.length; at += size, size = (size * 3) % 80 || 1) {
        const batch = life.blocks.slice(at, at + size)
        const before = at === 0 ? life.genesis : []
        await expect(new LifeTables(again, life.rpc).write(batch, 'killed', before)).rejects.toThrow('killed')
        await new LifeTables(again, life.rpc).write(batch, undefined, before)
      }
      expect(await checksumTables(again.reader)).toEqual(whole)
      await again.close()
    },
    LONG_MS,
  )
})
