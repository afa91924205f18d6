import { assert } from '@causeway/primitives'
import { open } from 'lmdb'
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
}

/**
 * Opens (or creates) an LMDB environment: a folder with `data.mdb` and `lock.mdb`. One process writes at a
 * time.
 */
export function openLmdbStorage(path: string, options: LmdbOptions = {}): Storage {
  const isFlushed = (options.durability ?? 'power-loss') === 'power-loss'
  const database = open<Uint8Array, Uint8Array>(path, {
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
    // lmdb-js returns before the flush when syncs overlap; a commit must not
    overlappingSync: false,
    noSync: !isFlushed,
    // The cache of decoded values and the queue of asynchronous writes aren't used here
    cache: false,
    maxReaders: 126,
  })
  return {
    get(key: Uint8Array): Uint8Array | undefined {
      const value = database.getBinary(key)
      return value && new Uint8Array(value.buffer, value.byteOffset, value.length)
    },
    range(
      start: Uint8Array,
      end: Uint8Array | undefined,
      range: RangeOptions = {},
    ): [Uint8Array, Uint8Array][] {
      const { reverse = false, limit } = range
      return reverse ? descending(database, start, end, limit) : ascending(database, start, end, limit)
    },
    write(batch: readonly StorageWrite[]): void {
      if (batch.length === 0) return
      for (const { key } of batch) {
        assert(key.length > 0 && key.length <= STORAGE_KEY_LENGTH_MAX, 'a storage key has 1 … 511 bytes')
      }
      database.transactionSync(() => {
        for (const { key, value } of batch) {
          if (value === undefined) database.removeSync(key)
          else database.putSync(key, value as Buffer)
        }
      })
    },
    close(): void {
      void database.close()
    },
  }
}

type Database = ReturnType<typeof open<Uint8Array, Uint8Array>>

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
