import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunFolder, isProcessAlive } from './run-folder.ts'

let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'devnet-run-'))
})

afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('a run folder', () => {
  it('is fresh, holds what the parts write, and goes away', () => {
    const run = createRunFolder(base, 41, () => false)
    expect(run.path).toBe(join(base, 'run-41'))
    expect(run.folder('hub')).toBe(join(base, 'run-41', 'hub'))
    writeFileSync(run.log('hub'), 'line')
    run.remove()
    run.remove()
    expect(readdirSync(base)).toEqual([])
  })

  it('replaces what dead processes left, and nothing else', () => {
    for (const name of ['run-1', 'run-2', 'run-41', 'run-x', 'data']) mkdirSync(join(base, name))
    writeFileSync(join(base, 'run-41', 'old'), '')
    const run = createRunFolder(base, 41, (pid) => pid === 2)
    expect(readdirSync(base).sort()).toEqual(['data', 'run-2', 'run-41', 'run-x'])
    expect(readdirSync(run.path)).toEqual([])
  })

  it('is kept on request, also by the next run with the same process number', () => {
    const first = createRunFolder(base, 41, () => false)
    first.keep()
    first.remove()
    const second = createRunFolder(base, 41, () => false)
    expect(second.path).toBe(`${first.path}.2`)
    createRunFolder(base, 42, () => false)
    expect(existsSync(first.path)).toBe(true)
  })
})

describe('isProcessAlive', () => {
  it('knows this process and not one that cannot be', () => {
    expect(isProcessAlive(process.pid)).toBe(true)
    expect(isProcessAlive(2 ** 22 + 1)).toBe(false)
  })
})
