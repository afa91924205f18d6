import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import type { MultiStore } from './multi-store.ts'
import { bytes, codeOf, commit, isProven, NAMES, open } from './multi-store.fixture.ts'
import { Overlay } from './overlay.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

describe('a multi-store against maps', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 2 }).map((k) => k.map((byte) => byte % 8))
  const write = fc.record({
    store: fc.constantFrom(...NAMES),
    key,
    value: fc.option(key, { nil: undefined }),
  })
  const block = fc.array(write, { maxLength: 25 })
  const keep = fc.bigInt({ min: 1n, max: 6n })

  it('holds and proves what was written through overlays, pruned, reopened and short of memory', () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 15 }),
        keep,
        fc.nat(),
        (blocks, keepVersions, reopen) => {
          const storage = createMemoryStorage()
          let store = open(storage, keepVersions, 20)
          const models: Map<string, Uint8Array>[] = [new Map()]
          blocks.forEach((writes, i) => {
            const model = new Map(models.at(-1))
            finalizeThroughOverlays(store, writes, model)
            store.commit([{ key: bytes('blocks'), value: Uint8Array.of(i + 1) }])
            models.push(model)
            if (i % (1 + (reopen % 4)) === 0) store = open(storage, keepVersions, 20)
            expect(store.extra(bytes('blocks'))).toEqual(Uint8Array.of(i + 1))
            expect(store.verify()).toBe(model.size)
          })
          for (let version = store.oldestVersion; version <= store.version; version++) {
            expectVersion(store, version, models[Number(version)]!)
          }
          expect(store.oldestVersion).toBe(
            store.version > keepVersions ? store.version - keepVersions + 1n : 1n,
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})

function finalizeThroughOverlays(
  store: MultiStore,
  writes: readonly { store: string; key: Uint8Array; value: Uint8Array | undefined }[],
  model: Map<string, Uint8Array>,
): void {
  const overlays = new Map(NAMES.map((name) => [name, new Overlay(store.reader(name))]))
  for (const { store: name, key, value } of writes) {
    if (value === undefined) overlays.get(name)!.delete(key)
    else overlays.get(name)!.set(key, value)
    if (value === undefined) model.delete(`${name}/${toHex(key)}`)
    else model.set(`${name}/${toHex(key)}`, value)
  }
  store.finalize(
    store.version + 1n,
    new Map([...overlays].map(([name, overlay]) => [name, overlay.changes()])),
  )
}

function expectVersion(store: MultiStore, version: bigint, model: ReadonlyMap<string, Uint8Array>): void {
  const found = new Map<string, Uint8Array>()
  for (const name of NAMES) {
    for (const [key, value] of store.readerAt(name, version).iterate())
      found.set(`${name}/${toHex(key)}`, value)
  }
  expect([...found].sort()).toEqual([...model].sort())
  for (const [path, value] of model) {
    const [name, hex] = path.split('/') as [string, string]
    const key = Uint8Array.from(Buffer.from(hex, 'hex'))
    const proven = store.proveKey(name, key, version)
    expect(proven.value).toEqual(value)
    expect(isProven(name, key, proven)).toBe(true)
  }
}

describe('pruning', () => {
  it('by hand makes old versions unreadable at once and frees their nodes bit by bit', () => {
    const storage = createMemoryStorage()
    const store = open(storage)
    const wide = (value: string): Record<string, string> =>
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key${i}`, value]))
    for (let i = 1; i <= 4; i++) commit(store, { ibc: wide(String(i)) })
    const records = (): number => storage.range(Uint8Array.of(2), Uint8Array.of(4)).length
    const before = records()
    expect(store.prune(4n)).toBe(false)
    expect(store.oldestVersion).toBe(4n)
    expect(codeOf(() => store.readerAt('ibc', 3n))).toBe('state/1')
    expect(records()).toBeLessThan(before)
    expect(records()).toBeGreaterThan(1000)
    while (!store.prune(4n));
    expect(records()).toBeLessThan(1000)
    expect(store.verify()).toBe(3000)
    expect(store.prune(2n)).toBe(true)
    expect(store.oldestVersion).toBe(4n)
    expect(store.prune(99n)).toBe(true)
    expect(store.oldestVersion).toBe(4n)
    expect(open(storage).oldestVersion).toBe(4n)
  })

  it('in commits catches up over a longer run, so that the storage does not grow', () => {
    const storage = createMemoryStorage()
    const store = open(storage, 5n)
    const sizes: number[] = []
    for (let i = 1; i <= 200; i++) {
      const stores = Object.fromEntries(NAMES.map((name) => [name, { [`key${i % 20}`]: String(i) }]))
      commit(store, stores)
      sizes.push(storage.range(Uint8Array.of(0), undefined).length)
    }
    expect(Math.max(...sizes.slice(150))).toBeLessThanOrEqual(Math.max(...sizes.slice(50, 100)))
    expect(store.verify()).toBe(60)
  })
})
