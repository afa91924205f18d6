import { writeSync } from 'node:fs'
import type { Change } from './key-value.ts'
import { randomBelow } from './iavl/operation-script.fixture.ts'
import { MultiStore } from './multi-store.ts'
import { openLmdbStorage } from './storage/lmdb-storage.ts'
import type { Storage } from './storage/storage.ts'

/** The stores that the committer writes. */
export const COMMITTED_STORES = ['accounts', 'ibc', 'ledger', 'oracle']

/** Opens what the committer writes. */
export function openCommitted(storage: Storage): MultiStore {
  return MultiStore.open({ storage, storeNames: COMMITTED_STORES, keepVersions: 5n, nodesInMemoryMax: 500 })
}

/** What every run does at a version: changes of every store, ascending, fixed by the version's number. */
export function changesAt(version: bigint): Map<string, Change[]> {
  const below = randomBelow(Number(version))
  const rows = COMMITTED_STORES.map((name): [string, Change[]] => {
    const picked = new Set(Array.from({ length: 60 }, () => below(600)))
    const changes = [...picked]
      .sort((a, b) => a - b)
      .map((i): Change => {
        const value = Uint8Array.from({ length: 1 + below(300) }, () => below(256))
        return { key: Uint8Array.of(i >> 8, i & 255), value: below(4) === 0 ? undefined : value }
      })
    return [name, changes]
  })
  return new Map(rows)
}

/** Commits the next version and one record of the application that names it. */
export function commitNext(store: MultiStore): void {
  const version = store.version + 1n
  store.finalize(version, changesAt(version))
  store.commit([{ key: Uint8Array.of(1), value: new TextEncoder().encode(String(version)) }])
}

// As a program: commits for ever, and says so after each commit
if (import.meta.main) {
  const [path, durability] = process.argv.slice(2) as [string, 'power-loss' | 'process-kill']
  const store = openCommitted(openLmdbStorage(path, { durability }))
  for (;;) {
    commitNext(store)
    writeSync(1, `${store.version}\n`)
  }
}
