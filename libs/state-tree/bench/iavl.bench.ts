import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareBytes } from '@causeway/primitives'
import { MultiStore } from '../src/multi-store.ts'
import { proveKey } from '../src/iavl/prove.ts'
import { randomBelow } from '../src/iavl/operation-script.fixture.ts'
import { VersionedTree } from '../src/iavl/versioned-tree.fixture.ts'
import { createMemoryStorage } from '../src/storage/memory-storage.ts'
import { openLmdbStorage } from '../src/storage/lmdb-storage.ts'
import type { Change } from '../src/key-value.ts'
import type { Storage } from '../src/storage/storage.ts'

/** One figure, in the shape that the peers print. */
export interface BenchLine {
  readonly peer: string
  readonly version: string
  readonly work: string
  readonly n: number
  readonly per_second: number
  readonly per_cpu_second: number
  readonly note: string
}

interface Rate {
  readonly wall: number
  readonly cpu: number
}

const KEYS = 100_000
const VERSIONS = 20
const UPDATES = 5_000
const PROOFS = 5_000
const BLOCKS = 20

const INSERT = 'insert 32B key/64B value + one SaveVersion (keys/s)'
const UPDATE = '20 versions x 5000 random updates + SaveVersion (keys/s)'

/** The work of the Go peer (../peers/iavl-go), named alike; then what only a stored tree does. */
export async function run(repetitions = 3): Promise<BenchLine[]> {
  const rates = new Map<string, { n: number; note: string; rates: Rate[] }>()
  const time = (work: string, n: number, note: string, action: () => void): void => {
    globalThis.gc?.()
    const cpu = process.cpuUsage()
    const start = performance.now()
    action()
    const seconds = (performance.now() - start) / 1000
    const used = process.cpuUsage(cpu)
    const row = rates.get(work) ?? { n, note, rates: [] }
    row.rates.push({ wall: n / seconds, cpu: (n * 1e6) / (used.user + used.system) })
    rates.set(work, row)
  }
  for (let repetition = 0; repetition < repetitions; repetition++) {
    peerWork(time)
    storedWork(time)
  }
  return [...rates].map(([work, row]) => lineOf(work, row))
}

type Timer = (work: string, n: number, note: string, action: () => void) => void

function peerWork(time: Timer): void {
  const below = randomBelow(42)
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))
  const keys = Array.from({ length: KEYS }, () => random(32))
  const values = Array.from({ length: KEYS }, () => random(64))
  const updates = Array.from({ length: VERSIONS * UPDATES }, () => ({
    value: random(64),
    key: keys[below(KEYS)]!,
  }))
  const absent = Array.from({ length: PROOFS }, () => random(32))
  const tree = new VersionedTree(createMemoryStorage())
  time(INSERT, KEYS, 'memory storage', () => {
    for (let i = 0; i < KEYS; i++) tree.set(keys[i]!, values[i]!)
    tree.save()
  })
  time(UPDATE, VERSIONS * UPDATES, 'memory storage', () => {
    for (let version = 0; version < VERSIONS; version++) {
      for (let i = version * UPDATES; i < (version + 1) * UPDATES; i++)
        tree.set(updates[i]!.key, updates[i]!.value)
      tree.save()
    }
  })
  const latest = tree.latest()
  const note = `height ${tree.height}`
  time('get at latest version', KEYS, note, () => {
    for (let i = 0; i < KEYS; i++) latest.get(keys[(i * 7919) % KEYS]!)
  })
  time('existence proof', PROOFS, `${note}; marshalled`, () => {
    for (let i = 0; i < PROOFS; i++) proveKey(latest.root, latest.source, keys[(i * 7919) % KEYS]!)
  })
  time('absence proof', PROOFS, `${note}; marshalled`, () => {
    for (const key of absent) proveKey(latest.root, latest.source, key)
  })
  time('prune 20 versions (versions/s)', VERSIONS, 'memory storage', () => tree.prune(VERSIONS))
}

function storedWork(time: Timer): void {
  for (const durability of ['power-loss', 'process-kill'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
    const storage = openLmdbStorage(folder, { durability })
    try {
      blocks(time, storage, `LMDB, durability ${durability}, 10 versions kept`, durability)
    } finally {
      storage.close()
      rmSync(folder, { recursive: true })
    }
  }
}

/** Blocks of 5,000 updates in one of two stores of 100,000 keys: finalize and commit, pruning included. */
function blocks(time: Timer, storage: Storage, note: string, name: string): void {
  const below = randomBelow(43)
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))
  const keys = Array.from({ length: KEYS }, () => random(32)).sort(compareBytes)
  const open = (): MultiStore =>
    MultiStore.open({ storage, storeNames: ['ledger', 'ibc'], keepVersions: 10n })
  const store = open()
  const all: Change[] = keys.map((key) => ({ key, value: random(64) }))
  time(`multi-store: genesis of 100000 keys, ${name} (keys/s)`, KEYS, note, () => {
    store.finalize(1n, new Map([['ledger', all]]))
    store.commit()
  })
  const batches = Array.from({ length: BLOCKS }, () => {
    const picked = [...new Set(Array.from({ length: UPDATES }, () => below(KEYS)))].sort((a, b) => a - b)
    return picked.map((index) => ({ key: keys[index]!, value: random(64) }))
  })
  time(`multi-store: blocks of 5000 updates, ${name} (keys/s)`, BLOCKS * UPDATES, note, () => {
    for (const changes of batches) {
      store.finalize(store.version + 1n, new Map([['ledger', changes]]))
      store.commit()
    }
  })
  const small = batches.map((changes) => changes.slice(0, 1))
  time(`multi-store: blocks of 1 update, ${name} (blocks/s)`, BLOCKS, note, () => {
    for (const changes of small) {
      store.finalize(store.version + 1n, new Map([['ledger', changes]]))
      store.commit()
    }
  })
  const cold = open()
  time(`multi-store: proofs right after opening, ${name} (proofs/s)`, PROOFS, note, () => {
    for (let i = 0; i < PROOFS; i++) cold.proveKey('ledger', keys[(i * 7919) % KEYS]!, cold.version)
  })
}

function lineOf(work: string, row: { n: number; note: string; rates: readonly Rate[] }): BenchLine {
  const median = (values: number[]): number => Math.round(values.sort((a, b) => a - b)[values.length >> 1]!)
  const walls = row.rates.map((rate) => rate.wall)
  const [least, most] = [Math.min(...walls).toFixed(0), Math.max(...walls).toFixed(0)]
  const spread = `median of ${walls.length}, min ${least} max ${most}`
  return {
    peer: 'causeway state-tree',
    version: '0.1.0',
    work,
    n: row.n,
    per_second: median(walls),
    per_cpu_second: median(row.rates.map((rate) => rate.cpu)),
    note: `${row.note}; ${spread}; node ${process.version}`,
  }
}

if (import.meta.main) {
  for (const line of await run(Number(process.env['REPS'] ?? 3)))
    process.stdout.write(`${JSON.stringify(line)}\n`)
}
