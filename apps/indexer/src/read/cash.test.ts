import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgliteDatabases } from '../database/databases.fixture.ts'
import type { Database } from '../database/open-database.ts'
import { writeChanges } from '../database/write-changes.ts'
import { change } from '../project/change.ts'
import { cashAt } from './cash.ts'

const ONE = 10n ** 18n
const holder = (account: string) => ({ account, subaccount: 0 })
const index = (height: bigint, position: number, creditIndex: bigint) =>
  change('cashIndex', { height, position }, {}, { debtIndex: ONE, creditIndex, borrowRate: 0n })
const cash = (account: string, position: number) =>
  change('cash', holder(account), {}, { balanceE6: 1_000_000n, height: 5n, position })

describe('cash of a block in which a loss was socialised', () => {
  let database: Database
  beforeAll(async () => {
    database = await pgliteDatabases.open()
    const changes = [index(4n, 0, ONE), index(5n, 0, 2n * ONE), cash('before', 1), index(5n, 3, ONE)]
    await database.writer.transaction((manager) => writeChanges(manager, [...changes, cash('after', 4)]))
  })
  afterAll(async () => {
    await database?.close()
  })

  it('is less by it if it was told before, and as it was told if after', async () => {
    const rows = await cashAt(database.reader, undefined, 5n)
    const told = Object.fromEntries(rows.map(({ account, balanceE6 }) => [account, balanceE6]))
    expect(told).toEqual({ before: 500_000n, after: 1_000_000n })
    expect((await cashAt(database.reader, ['after'], 9n)).map(({ balanceE6 }) => balanceE6)).toEqual([
      1_000_000n,
    ])
  })
})
