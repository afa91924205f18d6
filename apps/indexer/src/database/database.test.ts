import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { change } from '../project/change.ts'
import { checksumTables } from './checksum.ts'
import { allDatabases } from './databases.fixture.ts'
import type { Database } from './open-database.ts'
import { writeChanges } from './write-changes.ts'

for (const databases of await allDatabases()) {
  describe(`the tables on ${databases.name}`, () => {
    let database: Database
    beforeAll(async () => {
      database = await databases.open()
    })
    afterAll(async () => {
      await database?.close()
      await databases.stop()
    })

    it('are what the entities say: the migrations leave no column to change', async () => {
      const { upQueries } = await database.writer.driver.createSchemaBuilder().log()
      const statements = upQueries
        .map(({ query }) => query)
        .filter((query) => !query.startsWith('DROP INDEX'))
      expect(statements).toEqual([])
    })

    it('keep integers up to 2^256 exactly', async () => {
      const amount = 2n ** 256n - 1n
      const row = { denom: 'a', amount, height: 2n ** 64n - 1n }
      const key = { account: 'cway1x', subaccount: 65535, asset: 2n ** 64n - 1n }
      await database.writer.transaction((manager) => writeChanges(manager, [change('balance', key, {}, row)]))
      expect(await database.reader.getRepository('Balance').find()).toEqual([{ ...key, ...row }])
    })

    it('take `once` columns from the first and `set` columns from the last writer', async () => {
      const key = { asset: 9n }
      const write = (height: bigint, denom: string) =>
        database.writer.transaction((manager) =>
          writeChanges(manager, [change('asset', key, { firstHeight: height }, { denom })]),
        )
      await write(1n, 'old')
      await write(2n, 'new')
      const found = await database.reader.getRepository('Asset').findBy({ asset: 9n })
      expect(found).toEqual([{ asset: 9n, denom: 'new', firstHeight: 1n }])
    })

    it('roll back a failed transaction whole', async () => {
      const before = await checksumTables(database.reader)
      const failing = database.writer.transaction(async (manager) => {
        await writeChanges(manager, [change('asset', { asset: 77n }, { firstHeight: 1n, denom: 'x' })])
        throw new Error('stop')
      })
      await expect(failing).rejects.toThrow('stop')
      expect(await checksumTables(database.reader)).toEqual(before)
    })

    it('never show a reader half of a transaction', async () => {
      const read = () => database.reader.query(`SELECT count(*)::int AS n FROM "asset" WHERE "asset" >= 1000`)
      const writing = database.writer.transaction(async (manager) => {
        for (let i = 0; i < 20; i++) {
          await writeChanges(manager, [
            change('asset', { asset: 1000n + BigInt(i) }, { firstHeight: 1n, denom: 'x' }),
          ])
        }
      })
      const reads = await Promise.all(Array.from({ length: 5 }, read))
      await writing
      for (const [row] of reads as { n: number }[][]) expect([0, 20]).toContain(row?.n)
    })

    it('digest to the same text for the same rows, to another for others', async () => {
      const first = await checksumTables(database.reader)
      expect(await checksumTables(database.reader)).toEqual(first)
      await database.writer.query(`UPDATE "asset" SET "denom" = 'changed' WHERE "asset" = 9`)
      const second = await checksumTables(database.reader)
      expect(
        second.filter(({ digest }, index) => digest !== first[index]?.digest).map((row) => row.table),
      ).toEqual(['asset'])
    })
  })
}
