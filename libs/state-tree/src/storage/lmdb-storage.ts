import { assert } from '@causeway/primitives'
import { open } from 'lmdb'
import { checkLmdbFile } from './lmdb-file.ts'
import { StorageFault } from './storage-fault.ts'
import { STORAGE_KEY_LENGTH_MAX } from './storage.ts'
import type { RangeOptions, Storage, StorageWrite } from './storage.ts'

/** How an LMDB storage is opened. */
export interface LmdbOptions {
  /**
   * What a returned `write` survives. `power-loss` (default): it is flushed to the disk before `write`
   * returns. `process-kill`: it is handed to the operating system, which writes it when it likes; after a
   * power loss the storage may be unreadable. Both survive the death of the process at any instant.
   */
  readonly durability?: 'power-loss' | 'process-kill'
  /** Another thread has it open, and may write: the file was looked at, and can't be while it changes. */
  readonly isShared?: boolean
}

/**
 * Opens (or creates) an LMDB environment: a folder with `data.mdb` and `lock.mdb`. One process writes at a
 * time. Throws `StorageFault`, also from every method, when the file is damaged.
 */
export function openLmdbStorage(path: string, options: LmdbOptions = {}): Storage {
  if (options.isShared !== true) checkLmdbFile(path)
  const database = worded(path, () => openDatabase(path, options))
  return {
    get(key: Uint8Array): Uint8Array | undefined {
      try {
        const value = database.getBinary(key)
        return value && new Uint8Array(value.buffer, value.byteOffset, value.length)
      } catch (error) {
        throw faultOf(path, error)
      }
    },
    range(
      start: Uint8Array,
      end: Uint8Array | undefined,
      range: RangeOptions = {},
    ): [Uint8Array, Uint8Array][] {
      const { reverse = false, limit } = range
      return worded(path, () =>
        reverse ? descending(database, start, end, limit) : ascending(database, start, end, limit),
      )
    },
    write(batch: readonly StorageWrite[]): void {
      if (batch.length === 0) return
      for (const { key } of batch) {
        assert(key.length > 0 && key.length <= STORAGE_KEY_LENGTH_MAX, 'a storage key has 1 … 511 bytes')
      }
      worded(path, () =>
        database.transactionSync(() => {
          for (const { key, value } of batch) {
            if (value === undefined) database.removeSync(key)
            else database.putSync(key, value as Buffer)
          }
        }),
      )
    },
    refresh(): void {
      database.resetReadTxn()
    },
    close(): void {
      void database.close()
    },
  }
}

type Database = ReturnType<typeof open<Uint8Array, Uint8Array>>

function openDatabase(path: string, { durability = 'power-loss' }: LmdbOptions): Database {
  return open<Uint8Array, Uint8Array>(path, {
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
    // lmdb-js returns before the flush when syncs overlap; a commit must not
    overlappingSync: false,
    noSync: durability !== 'power-loss',
    // The cache of decoded values and the queue of asynchronous writes aren't used here
    cache: false,
    maxReaders: 126,
  })
}

function worded<Result>(path: string, run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    throw faultOf(path, error)
  }
}

/** LMDB's errors that speak of what is in the file, and MDB_BAD_TXN, a transaction after one of them. */
const DAMAGE: readonly unknown[] = [-30_797, -30_796, -30_795, -30_794, -30_793, -30_782]

/** What LMDB says of its file, in words. */
function faultOf(path: string, error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string }
  if (!DAMAGE.includes(code)) return error
  return new StorageFault(path, message ?? `LMDB error ${String(code)}`, { cause: error })
}

function ascending(
  database: Database,
  start: Uint8Array,
  end: Uint8Array | undefined,
  limit: number | undefined,
): [Uint8Array, Uint8Array][] {
  const bounds = { start, ...(end && { end }), ...(limit !== undefined && { limit }) }
  return collect(database.getRange(bounds))
}

/** LMDB's descending ranges exclude the lower bound and include the upper one: the opposite of ours. */
function descending(
  database: Database,
  start: Uint8Array,
  end: Uint8Array | undefined,
  limit: number | undefined,
): [Uint8Array, Uint8Array][] {
  const bounds = {
    ...(end && { start: end, exclusiveStart: true }),
    end: start,
    inclusiveEnd: true,
    reverse: true,
  }
  return collect(database.getRange({ ...bounds, ...(limit !== undefined && { limit }) }))
}

function collect(entries: Iterable<{ key: Uint8Array; value: Uint8Array }>): [Uint8Array, Uint8Array][] {
  const found: [Uint8Array, Uint8Array][] = []
  for (const { key, value } of entries) found.push([Uint8Array.from(key), Uint8Array.from(value)])
  return found
}
