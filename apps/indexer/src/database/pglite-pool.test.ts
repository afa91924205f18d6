import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgModuleOver, type PgliteClient, type PglitePool } from './pglite-pool.ts'

let database: PGlite
beforeAll(async () => {
  database = await PGlite.create()
  await database.exec('CREATE TABLE t (n int8, d numeric)')
})
afterAll(() => database.close())

const checkout = (pool: PglitePool): Promise<{ client: PgliteClient; release: () => void }> =>
  new Promise((resolve, reject) =>
    pool.connect((error, client, release) =>
      error ? reject(error) : resolve({ client: client!, release: release! }),
    ),
  )

describe('the embedded pool', () => {
  it('gives exact numbers as text, as pg does', async () => {
    const pool = new (pgModuleOver(database, 1_000).Pool)()
    const { client, release } = await checkout(pool)
    const result = await client.query('SELECT $1::int8 AS n, $2::numeric AS d', [
      '9223372036854775807',
      '1e30',
    ])
    expect(result).toMatchObject({
      rows: [{ n: '9223372036854775807', d: '1000000000000000000000000000000' }],
      rowCount: 1,
    })
    release()
  })

  it('never lets a statement of another into an open transaction', async () => {
    const pool = new (pgModuleOver(database, 5_000).Pool)()
    const first = await checkout(pool)
    await first.client.query('START TRANSACTION')
    await first.client.query('INSERT INTO t VALUES (1, 1)')
    let isIn = false
    const second = checkout(pool).then((got) => {
      isIn = true
      return got
    })
    await first.client.query('INSERT INTO t VALUES (2, 2)')
    expect(isIn).toBe(false)
    await first.client.query('ROLLBACK')
    first.release()
    const { client, release } = await second
    expect((await client.query('SELECT * FROM t'))?.rows).toEqual([])
    release()
  })

  it('rolls back what its owner left open, and knows savepoints from transactions', async () => {
    const pool = new (pgModuleOver(database, 1_000).Pool)()
    const first = await checkout(pool)
    await first.client.query('BEGIN')
    await first.client.query('SAVEPOINT s')
    await first.client.query('INSERT INTO t VALUES (1, 1)')
    await first.client.query('ROLLBACK TO SAVEPOINT s')
    await first.client.query('INSERT INTO t VALUES (3, 3)')
    first.release()
    const second = await checkout(pool)
    expect((await second.client.query('SELECT * FROM t'))?.rows).toEqual([])
    await expect(first.client.query('SELECT 1')).rejects.toThrow('released')
    second.release()
  })

  it('refuses a wait that would never end', async () => {
    const pool = new (pgModuleOver(database, 20).Pool)()
    const { release } = await checkout(pool)
    await expect(checkout(pool)).rejects.toThrow('timed out')
    const waiting = checkout(new (pgModuleOver(database, 20).Pool)())
    ;(await waiting).release()
    release()
    ;(await checkout(pool)).release()
  })

  it('answers a failed statement with its error and goes on', async () => {
    const pool = new (pgModuleOver(database, 1_000).Pool)()
    const { client, release } = await checkout(pool)
    await expect(client.query('SELECT nothing')).rejects.toThrow('nothing')
    const viaCallback = await new Promise((resolve) =>
      client.query('SELECT 1 AS one', (_error, result) => resolve(result?.rows)),
    )
    expect(viaCallback).toEqual([{ one: 1 }])
    release()
  })

  it('ends: who waits and who comes later is refused', async () => {
    const pool = new (pgModuleOver(database, 5_000).Pool)()
    const { release } = await checkout(pool)
    const waiting = expect(checkout(pool)).rejects.toThrow('ended')
    pool.end(() => undefined)
    await waiting
    await expect(checkout(pool)).rejects.toThrow('ended')
    release()
  })
})
