import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PGlite } from '@electric-sql/pglite'
import pino from 'pino'
import { describe, expect, it } from 'vitest'

import { testWork } from '../plan/lane.fixture.ts'
import { openDatabase } from './database.ts'
import { openJournal } from './journal.ts'
import { serialisedDb } from './serialised-db.ts'
import { restoreWork, storeWork } from './stored-work.ts'

const log = pino({ level: 'silent' })
const folder = () => mkdtempSync(join(tmpdir(), 'relayer-queue-'))
const open = async (path: string) => await openJournal(await openDatabase({ folder: path }, log), log)

describe('the journal', () => {
  it('remembers what is pending across processes, with attempts and delays, and what was done', async () => {
    const path = folder()
    const [first, second, third] = [1n, 2n, 3n].map((sequence) => testWork({ sequence }))
    const journal = await open(path)
    expect(await journal.open('r/hub-1')).toEqual([])
    for (const work of [first, second, third]) if (work !== undefined) journal.added('r/hub-1', work)
    const delayed = testWork({ sequence: 2n, attempts: 4, notBeforeMs: 99_000n, apart: true })
    journal.failed('r/hub-1', delayed, 'because')
    journal.ended('r/hub-1', testWork({ sequence: 3n }), { how: 'relayed', hash: 'AB', height: '7' })
    await journal.close()

    const again = await open(path)
    const pending = await again.open('r/hub-1')
    expect(pending.sort((a, b) => Number(a.packet.sequence - b.packet.sequence))).toEqual([first, delayed])
    expect(await again.history('r/hub-1')).toEqual([
      { key: 'recv/07-tendermint-0/3', ending: { how: 'relayed', hash: 'AB', height: '7' } },
    ])
    again.added('r/hub-1', testWork({ sequence: 1n })) // known already: one job a message
    await again.flush()
    expect(await again.open('r/hub-1')).toHaveLength(2)
    await again.close()
  })

  it('keeps a message that comes back after it had ended: chains may tell again', async () => {
    const journal = await open(folder())
    await journal.open('lane')
    for (let round = 0; round < 2; round += 1) {
      journal.added('lane', testWork())
      journal.ended('lane', testWork(), { how: 'elsewhere' })
    }
    expect(await journal.history('lane')).toHaveLength(2)
    await journal.close()
  })

  it('puts a database aside that can not be opened, and begins anew', async () => {
    const path = folder()
    mkdirSync(join(path, 'queue'))
    writeFileSync(join(path, 'queue', 'PG_VERSION'), 'nonsense')
    const journal = await open(path)
    expect(await journal.open('lane')).toEqual([])
    await journal.close()
    expect(readdirSync(path).some((name) => name.startsWith('queue.unreadable-'))).toBe(true)
  })

  it('survives kill −9 in the middle of writing', async () => {
    const path = folder()
    const program = `
      import pino from 'pino'
      import { testWork } from './src/plan/lane.fixture.ts'
      import { openDatabase } from './src/queue/database.ts'
      import { openJournal } from './src/queue/journal.ts'
      const log = pino({ level: 'silent' })
      const journal = await openJournal(await openDatabase({ folder: ${JSON.stringify(path)} }, log), log)
      await journal.open('lane')
      for (let sequence = 1n; ; sequence += 1n) {
        journal.added('lane', testWork({ sequence }))
        if (sequence % 5n === 0n) { await journal.flush(); console.log(String(sequence)) }
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: join(import.meta.dirname, '..', '..'),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const written = await new Promise<number>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        const last = Number(data.toString().trim().split('\n').at(-1))
        if (last >= 40) resolve(last)
      })
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    const journal = await open(path)
    const pending = await journal.open('lane')
    expect(pending.length).toBeGreaterThanOrEqual(written)
    expect(readdirSync(path).some((name) => name.includes('unreadable'))).toBe(false)
    await journal.close()
  })
})

describe('a stored message', () => {
  it('is read back as it was; what is not one is left to the chains', () => {
    const work = testWork({ kind: 'ack', acknowledgement: new Uint8Array([1, 2]), attempts: 3 })
    expect(restoreWork(storeWork(work))).toEqual(work)
    expect(restoreWork({ ...storeWork(work), packet: 'zz' })).toBeUndefined()
    expect(restoreWork({ ...storeWork(work), kind: 'other' as 'ack' })).toBeUndefined()
  })
})

describe('the serialised connection', () => {
  it('keeps one caller’s failure out of another’s statements', async () => {
    const postgres = await PGlite.create()
    const db = serialisedDb(postgres)
    await db.executeSql('create table t (n int primary key)')
    const results = await Promise.allSettled([
      db.executeSql('begin; insert into t values (1); insert into t values (1); commit'),
      db.executeSql('insert into t values ($1)', [2]),
      db.executeSql('begin; insert into t values (3); commit'),
      db.executeSql('select broken'),
      db.executeSql('insert into t values ($1) returning n', [4]),
    ])
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    const { rows } = await db.executeSql('select n from t order by n')
    expect(rows).toEqual([{ n: 2 }, { n: 3 }, { n: 4 }])
    await postgres.close()
  })
})

describe('the folder', () => {
  it('is one relayer’s', async () => {
    const path = folder()
    const first = await openDatabase({ folder: path }, log)
    await expect(openDatabase({ folder: path }, log)).rejects.toThrow('another relayer is running')
    await first.close()
    await (await openDatabase({ folder: path }, log)).close()
  })

  it('that can not be made is a wrong setting', async () => {
    const path = join(folder(), 'file')
    writeFileSync(path, '')
    await expect(openDatabase({ folder: path }, log)).rejects.toMatchObject({
      failure: 'config',
      message: `${path} can't be used as database.folder: a file of this name is there already`,
    })
  })
})
