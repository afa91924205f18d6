// After a life of trading on a real hub, the tables hold what the hub itself says, to the last unit.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteDatabases } from './database/databases.fixture.ts'
import type { Database } from './database/open-database.ts'
import { HubLife, LifeTables } from './hub-life.fixture.ts'
import { differencesFrom } from './reconcile.fixture.ts'

const SEED = Number(process.env.SEED ?? 11)
const ROUNDS = Number(process.env.ROUNDS ?? 6)
const BLOCKS = Number(process.env.BLOCKS ?? 40)

describe('the tables of a trading hub', () => {
  let database: Database
  let life: HubLife
  let tables: LifeTables
  beforeAll(async () => {
    database = await pgliteDatabases.open()
    life = new HubLife(SEED)
    tables = new LifeTables(database, life.rpc)
    await tables.writeAll(life.blocks, 7)
  })
  afterAll(async () => {
    await database?.close()
  })

  it('equal its own queries in positions, cash, orders, books and markets, again and again', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await tables.writeAll(life.live(BLOCKS), 7)
      expect(await differencesFrom(database.reader, life), `at ${life.height}`).toEqual({
        compared: expect.anything(),
        wrong: [],
      })
    }
    expect(tables.problems).toEqual([])
    console.log(await differencesFrom(database.reader, life), life.simulation.coverage.report())
  }, 300_000)
})
