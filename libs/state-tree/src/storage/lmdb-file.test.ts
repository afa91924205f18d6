import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkLmdbFile } from './lmdb-file.ts'
import { openLmdbStorage } from './lmdb-storage.ts'
import type { StorageWrite } from './storage.ts'
import { StorageFault } from './storage-fault.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-lmdb-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0

/** A folder whose `data.mdb` holds these bytes. */
function folderWith(bytes: Uint8Array): string {
  const folder = join(root, `damaged-${count++}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'data.mdb'), bytes)
  return folder
}

/** The file of a storage after these batches. */
function fileAfter(batches: readonly (readonly StorageWrite[])[]): Buffer {
  const folder = join(root, `whole-${count++}`)
  const storage = openLmdbStorage(folder, { durability: 'process-kill' })
  for (const batch of batches) storage.write(batch)
  const bytes = readFileSync(join(folder, 'data.mdb'))
  checkLmdbFile(folder)
  storage.close()
  return bytes
}

/** How long the newer meta page says that the file is. */
function namedBytes(bytes: Buffer): number {
  return Math.max(...[0, 4_096].map((page) => Number(bytes.readBigUInt64LE(page + 24 + 120)) + 1)) * 4_096
}

const entry = (i: number, bytes: number) => ({
  key: Uint8Array.of(1, i >> 8, i & 255),
  value: new Uint8Array(bytes).fill(i),
})
/** Three hundred entries, every tenth on pages of its own. */
const file = fileAfter(Array.from({ length: 300 }, (_, i) => [entry(i, i % 10 === 0 ? 9_000 : 300)]))

describe('a file that is cut off', () => {
  it('is refused wherever it ends, instead of ending the process', () => {
    for (let bytes = 1; bytes < file.length; bytes += 4_099) {
      const folder = folderWith(file.subarray(0, bytes))
      expect(() => checkLmdbFile(folder), `${bytes} bytes`).toThrow(StorageFault)
      rmSync(folder, { recursive: true })
    }
  })

  it('says what happened and what to do', () => {
    const half = folderWith(file.subarray(0, file.length / 2))
    expect(() => openLmdbStorage(half)).toThrow(
      `${half} is damaged (data.mdb ends after ${file.length / 2} of ${file.length} bytes): put a copy`,
    )
  })

  it('may lack pages that are free: LMDB itself leaves them out', () => {
    const large = Array.from({ length: 30 }, (_, i) => entry(i + 5_000, 9_000))
    const gone = large.map(({ key }) => ({ key, value: undefined }))
    let bytes: Buffer = Buffer.alloc(0)
    const batches: StorageWrite[][] = []
    while (bytes.length === 0 || bytes.length >= namedBytes(bytes)) {
      expect(batches.length).toBeLessThan(40)
      batches.push([
        ...Array.from({ length: 50 }, (_, i) => entry(batches.length * 50 + i, 300)),
        ...large,
        ...gone,
      ])
      bytes = fileAfter(batches)
    }
    const storage = openLmdbStorage(folderWith(bytes))
    expect(storage.range(Uint8Array.of(0), undefined)).toHaveLength(batches.length * 50)
    storage.close()
  })
})

describe('a file that is damaged', () => {
  const changed = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(file)
    change(bytes)
    return folderWith(bytes)
  }

  it('at its beginning is refused before it is mapped', () => {
    for (const folder of [
      changed((bytes) => bytes.fill(0xff, 0, 8_192)),
      changed((bytes) => bytes.fill(0, 0, 4_096)),
      changed((bytes) => bytes.fill(0, 4_096, 8_192)),
      changed((bytes) => bytes.writeUInt32LE(999, 28)),
      folderWith(new TextEncoder().encode('a letter to whom it may concern')),
    ])
      expect(() => openLmdbStorage(folder)).toThrow('data.mdb does not begin as an LMDB file does')
    const nowhere = changed((bytes) => {
      for (const page of [0, 4_096]) bytes.writeBigUInt64LE(1n << 40n, page + 24 + 112)
    })
    expect(() => openLmdbStorage(nowhere)).toThrow('names pages that it can not have')
  })

  it('further on is told by what reads there', () => {
    const folder = changed((bytes) => bytes.fill(0xff, 8_192))
    // In a process of its own: what LMDB made of a damaged file may end it when it is collected.
    const storage = JSON.stringify(join(import.meta.dirname, 'lmdb-storage.ts'))
    const script = `import { openLmdbStorage } from ${storage}
      const storage = openLmdbStorage(process.argv[1])
      for (const read of [
        () => storage.get(Uint8Array.of(1, 0, 1)),
        () => storage.range(Uint8Array.of(0), undefined),
        () => storage.write([{ key: Uint8Array.of(1, 0, 1), value: new Uint8Array(10) }]),
      ])
        try { read(); console.log('nothing') } catch (error) { console.log(error.name, error.path) }`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, '--', folder])
    expect(String(stdout).trim().split('\n')).toEqual(Array(3).fill(`StorageFault ${folder}`))
  })
})

describe('a folder without a file', () => {
  it('is a new one, also with an empty file', () => {
    checkLmdbFile(join(root, 'nowhere'))
    const folder = folderWith(new Uint8Array(0))
    openLmdbStorage(folder).close()
    expect(statSync(join(folder, 'data.mdb')).size).toBeGreaterThan(0)
  })
})
