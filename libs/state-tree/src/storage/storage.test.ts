import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { compareBytes, toHex } from '@causeway/primitives'
import { openLmdbStorage } from './lmdb-storage.ts'
import { createMemoryStorage } from './memory-storage.ts'
import type { Storage, StorageWrite } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'causeway-storage-'))
const opened: Storage[] = []
let count = 0

afterAll(() => {
  for (const storage of opened) storage.close()
  rmSync(folder, { recursive: true })
})

function openLmdb(path = `lmdb-${count++}`): Storage {
  const storage = openLmdbStorage(join(folder, path), { durability: 'process-kill' })
  opened.push(storage)
  return storage
}

const kinds: readonly (readonly [string, () => Storage])[] = [
  ['memory', createMemoryStorage],
  ['LMDB', openLmdb],
]
const key = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => bytes.map((byte) => byte % 5))
const value = fc.uint8Array({ minLength: 1, maxLength: 20 })
const batch = fc.array(fc.record({ key, value: fc.option(value, { nil: undefined }) }), { maxLength: 20 })

describe.each(kinds)('%s storage', (_, create) => {
  it('is an ordered map that is written in batches', () => {
    const bound = fc.option(key, { nil: undefined })
    const limit = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined })
    const storage = create()
    fc.assert(
      fc.property(
        fc.array(batch, { maxLength: 4 }),
        key,
        bound,
        fc.boolean(),
        limit,
        (batches, from, to, down, max) => {
          clear(storage)
          const model = new Map<string, Uint8Array>()
          for (const writes of batches) {
            storage.write(writes)
            for (const write of writes) {
              if (write.value === undefined) model.delete(toHex(write.key))
              else model.set(toHex(write.key), write.value)
            }
          }
          for (const [hex, expected] of model) expect(storage.get(unhex(hex))).toEqual(expected)
          const pairs = [...model]
            .map(([hex, v]): [Uint8Array, Uint8Array] => [unhex(hex), v])
            .filter(([k]) => compareBytes(k, from) >= 0 && (to === undefined || compareBytes(k, to) < 0))
            .sort(([a], [b]) => compareBytes(a, b))
          if (down) pairs.reverse()
          const options = { reverse: down, ...(max !== undefined && { limit: max }) }
          expect(storage.range(from, to, options)).toEqual(pairs.slice(0, max))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('gives bytes that later writes leave alone', () => {
    const storage = create()
    storage.write([{ key: Uint8Array.of(1), value: Uint8Array.of(1, 2, 3) }])
    const got = storage.get(Uint8Array.of(1))
    const range = storage.range(Uint8Array.of(0), undefined)
    storage.write([{ key: Uint8Array.of(1), value: Uint8Array.of(9, 9, 9) }])
    storage.get(Uint8Array.of(1))
    expect(got).toEqual(Uint8Array.of(1, 2, 3))
    expect(range).toEqual([[Uint8Array.of(1), Uint8Array.of(1, 2, 3)]])
    expect(got!.constructor).toBe(Uint8Array)
  })

  it('takes large values and no empty key', () => {
    const storage = create()
    const large = Uint8Array.from({ length: 300_000 }, (_each, i) => i & 255)
    storage.write([{ key: Uint8Array.of(1), value: large }])
    expect(storage.get(Uint8Array.of(1))).toEqual(large)
    expect(() => storage.write([{ key: Uint8Array.of(), value: large }])).toThrow('a storage key has')
    storage.write([])
  })
})

describe('LMDB storage', () => {
  it('writes a batch whole or not at all', () => {
    const storage = openLmdb()
    storage.write([{ key: Uint8Array.of(1), value: Uint8Array.of(1) }])
    const bad: StorageWrite[] = [
      { key: Uint8Array.of(1), value: Uint8Array.of(2) },
      { key: Uint8Array.of(2), value: 'not bytes' as unknown as Uint8Array },
      { key: Uint8Array.of(3), value: undefined },
      { key: new Uint8Array(512).fill(1), value: Uint8Array.of(2) },
    ]
    expect(() => storage.write(bad)).toThrow('a storage key has 1 … 511 bytes')
    const failing = {
      key: Uint8Array.of(4),
      get value(): Uint8Array {
        throw new Error('the disk is full')
      },
    }
    expect(() => storage.write([bad[0]!, failing])).toThrow('the disk is full')
    expect(storage.range(Uint8Array.of(0), undefined)).toEqual([[Uint8Array.of(1), Uint8Array.of(1)]])
  })

  it('is there again when it is opened again', () => {
    const first = openLmdb('again')
    first.write([{ key: Uint8Array.of(7), value: Uint8Array.of(8) }])
    first.close()
    opened.splice(opened.indexOf(first), 1)
    expect(openLmdb('again').get(Uint8Array.of(7))).toEqual(Uint8Array.of(8))
  })

  it('flushes to the disk by default', () => {
    const storage = openLmdbStorage(join(folder, 'flushed'))
    opened.push(storage)
    storage.write([{ key: Uint8Array.of(7), value: Uint8Array.of(8) }])
    expect(storage.get(Uint8Array.of(7))).toEqual(Uint8Array.of(8))
  })
})

function clear(storage: Storage): void {
  storage.write(storage.range(Uint8Array.of(0), undefined).map(([k]) => ({ key: k, value: undefined })))
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
