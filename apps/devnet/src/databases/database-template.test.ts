import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Interrupted, Lifecycle } from '../process/lifecycle.ts'
import { createRunFolder } from '../process/run-folder.ts'
import { openDatabaseTemplate } from './database-template.ts'

let base: string
let lifecycle: Lifecycle
let problems: Error[]

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'devnet-template-'))
  lifecycle = new Lifecycle()
  problems = []
})

afterEach(async () => {
  await lifecycle.stop()
  rmSync(base, { recursive: true, force: true })
})

const open = () => {
  const run = createRunFolder(base, process.pid)
  const template = openDatabaseTemplate(base, run, lifecycle, (problem) => problems.push(problem))
  return { run, template }
}

describe('the database template', () => {
  it('is made once, opens as a database, serves the next start, and overwrites nothing', async () => {
    const { run, template } = open()
    await template.copyTo(join(run.path, 'one'))
    expect(problems).toEqual([])
    const database = await PGlite.create(join(run.path, 'one'))
    expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await database.close()

    const [name = ''] = readdirSync(base).filter((entry) => entry.startsWith('postgres-'))
    expect(name).toMatch(/^postgres-\d+\.\d+\.\d+$/)
    writeFileSync(join(base, name, 'mark'), 'the same')
    const next = open()
    await next.template.copyTo(join(next.run.path, 'two'))
    expect(readFileSync(join(next.run.path, 'two', 'mark'), 'utf8')).toBe('the same')

    mkdirSync(join(next.run.path, 'there'))
    await next.template.copyTo(join(next.run.path, 'there'))
    expect(readdirSync(join(next.run.path, 'there'))).toEqual([])
  }, 120_000)

  it('never leaves an unfinished one under its name', async () => {
    const { run, template } = open()
    const copying = template.copyTo(join(run.path, 'one'))
    lifecycle.interrupt()
    await expect(copying).rejects.toBeInstanceOf(Interrupted)
    expect(await lifecycle.stop()).toEqual([])
    expect(readdirSync(base).filter((entry) => entry.startsWith('postgres-'))).toEqual([])
    run.remove()
    expect(existsSync(run.path)).toBe(false)
  }, 120_000)
})
