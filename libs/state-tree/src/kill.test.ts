import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { fromUtf8, toHex } from '@causeway/primitives'
import { COMMITTED_STORES, commitNext, openCommitted } from './committer.fixture.ts'
import type { MultiStore } from './multi-store.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'
import { openLmdbStorage } from './storage/lmdb-storage.ts'

const ROUNDS = 24
const folder = mkdtempSync(join(tmpdir(), 'causeway-kill-'))
const program = fileURLToPath(new URL('./committer.fixture.ts', import.meta.url))

afterAll(() => rmSync(folder, { recursive: true }))

/**
 * Runs the committer, kills it with -9 at a random instant after its first commit; the last version it told
 * of.
 */
async function runAndKill(path: string, durability: string): Promise<bigint> {
  const child = spawn(process.execPath, [program, path, durability], { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  let failure = ''
  child.stderr.on('data', (data: Buffer) => (failure += data.toString()))
  const isOver = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const hasBegun = new Promise<void>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      told += data.toString()
      resolve()
    })
  })
  await Promise.race([hasBegun, isOver])
  await setTimeout(Math.random() * 120) // any instant of a few commits
  child.kill('SIGKILL')
  await isOver
  expect(failure).toBe('')
  return BigInt(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1)!)
}

describe('kill −9', () => {
  it.each(['power-loss', 'process-kill'])(
    'loses nothing that was committed and leaves no store behind (durability %s)',
    async (durability) => {
      const path = join(folder, durability)
      const expected = openCommitted(createMemoryStorage())
      let unacknowledged = 0
      for (let round = 0; round < ROUNDS / 2; round++) {
        const told = await runAndKill(path, durability)
        const storage = openLmdbStorage(path, { durability: 'process-kill' })
        const store = openCommitted(storage)
        // At most the commit that was under way when it died is there untold
        expect(store.version === told || store.version === told + 1n).toBe(true)
        if (store.version !== told) unacknowledged++
        while (expected.version < store.version) commitNext(expected)
        expectSame(store, expected)
        storage.close()
      }
      console.log(
        `killed ${ROUNDS / 2} times up to version ${expected.version}, ${unacknowledged} commits untold`,
      )
      expect(expected.version).toBeGreaterThan(BigInt(ROUNDS / 2))
    },
    300_000,
  )
})

function expectSame(store: MultiStore, expected: MultiStore): void {
  expect(toHex(store.appHash())).toBe(toHex(expected.appHash()))
  expect(store.oldestVersion).toBe(expected.oldestVersion)
  expect(fromUtf8(store.extra(Uint8Array.of(1))!)).toBe(String(store.version))
  expect(store.verify()).toBe(expected.verify())
  for (let version = store.oldestVersion; version <= store.version; version++) {
    expect(store.appHashAt(version)).toEqual(expected.appHashAt(version))
    for (const name of COMMITTED_STORES) {
      const pairs = [...store.readerAt(name, version).iterate()]
      expect(pairs).toEqual([...expected.readerAt(name, version).iterate()])
    }
  }
}
