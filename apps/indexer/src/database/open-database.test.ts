import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyTables } from './empty-tables.ts'
import { openDatabase, parseDatabaseLocation } from './open-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'indexer-database-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a database in a directory', () => {
  it('keeps its rows, refuses a second opener, and is free again when closed', async () => {
    const location = { kind: 'directory', path: join(folder, 'a') } as const
    const first = await openDatabase(location)
    await expect(openDatabase(location)).rejects.toThrow('is in use: another indexer runs on it')
    await first.writer.query(`INSERT INTO "asset" VALUES (1, 'x', 1)`)
    await first.close()
    const second = await openDatabase(location)
    expect(await second.reader.query('SELECT count(*)::int AS n FROM "asset"')).toEqual([{ n: 1 }])
    await emptyTables(second.writer)
    expect(await second.reader.query('SELECT count(*)::int AS n FROM "asset"')).toEqual([{ n: 0 }])
    await second.close()
  })
})

describe('a directory that is no database', () => {
  it('is refused and left alone', async () => {
    const path = mkdtempSync(join(folder, 'other-'))
    writeFileSync(join(path, 'letter'), 'dear')
    await expect(openDatabase({ kind: 'directory', path })).rejects.toThrow('no database')
    expect(readdirSync(path)).toEqual(['letter'])
  })

  it('because its making was interrupted is made anew', async () => {
    const path = join(folder, 'interrupted')
    mkdirSync(`${path}.creating`)
    writeFileSync(join(`${path}.creating`, 'PG_VERSION'), '18')
    const database = await openDatabase({ kind: 'directory', path })
    expect(await database.reader.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.close()
  })
})

describe('where the tables live', () => {
  it('is said in one word', () => {
    expect(parseDatabaseLocation(undefined)).toEqual({ kind: 'memory' })
    expect(parseDatabaseLocation('memory')).toEqual({ kind: 'memory' })
    expect(parseDatabaseLocation('./data')).toEqual({ kind: 'directory', path: './data' })
    expect(parseDatabaseLocation('postgresql://u@h/d')).toEqual({
      kind: 'postgres',
      url: 'postgresql://u@h/d',
    })
  })
})

describe('a writer that is killed', () => {
  it('with −9 between cursor and rows leaves neither', async () => {
    const path = join(folder, 'killed')
    const script = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'open-database.ts'))}
      const database = await openDatabase({ kind: 'directory', path: ${JSON.stringify(path)} })
      await database.writer.query('INSERT INTO "asset" VALUES (1, \\'kept\\', 1)')
      await database.writer.transaction(async (manager) => {
        await manager.query('INSERT INTO "asset" VALUES (2, \\'lost\\', 1)')
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => undefined)
      })`
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }),
    ).toThrow()
    const database = await openDatabase({ kind: 'directory', path })
    expect(await database.reader.query('SELECT denom FROM "asset"')).toEqual([{ denom: 'kept' }])
    await database.close()
  })
})
