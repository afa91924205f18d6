import { fromBe64 } from '@causeway/primitives'
import type { Storage } from '@causeway/state-tree'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { hashKey } from '../mempool/tx-hash.ts'
import { txKey } from './index-keys.ts'
import { IndexThread } from './index-thread.ts'
import type { IndexPaths } from './index-thread.ts'
import { IndexWriter } from './index-writer.ts'
import type { IndexedBlocks } from './index-writer.ts'

/** Where a transaction stands in the chain. */
export interface TxPlace {
  readonly height: bigint
  readonly index: number
}

/** Transactions of a new block, and what became of them. */
export interface NotedBlock {
  readonly height: bigint
  readonly txHashes: readonly Uint8Array[]
  readonly txResults: readonly ExecTxResult[]
}

/** So many blocks are indexed at once when a node starts; more are the thread's work. */
const INDEXED_AT_ONCE_MAX = 100n

/** An index on a disk is written by a thread of its own. */
export interface IndexThreadOptions {
  readonly paths: IndexPaths
  /** Told when it can't go on. */
  readonly onFailure: (error: Error) => void
}

/**
 * Transactions by hash, and transactions and blocks by the attributes of their events. On a disk it follows
 * the chain at a distance of some seconds, and who searches waits for it; in memory it is written with each
 * block. It can be rebuilt from the block store.
 */
export class EventIndex {
  readonly #storage: Storage
  readonly #writer: IndexWriter
  readonly #thread: IndexThread | undefined
  /** Blocks that are not indexed yet, and where their transactions stand. */
  readonly #noted: { readonly height: bigint; readonly keys: readonly string[] }[] = []
  readonly #places = new Map<string, TxPlace & { readonly isOk: boolean }>()
  #chainHeight: bigint

  /** On a disk, `caughtUp` is to be waited for before anything is looked up. */
  constructor(
    storage: Storage,
    blocks: IndexedBlocks,
    { chainHeight, thread }: { readonly chainHeight: bigint; readonly thread?: IndexThreadOptions },
  ) {
    this.#storage = storage
    this.#writer = new IndexWriter(storage, blocks)
    this.#chainHeight = chainHeight
    if (this.#writer.height > chainHeight) this.#writer.clear()
    if (thread === undefined || this.backlog <= INDEXED_AT_ONCE_MAX) this.#index()
    if (thread === undefined) return
    this.#thread = new IndexThread(thread.paths, this.#writer.height, {
      indexed: (height) => this.#forget(height),
      failed: thread.onFailure,
    })
  }

  /** How many blocks an index that was just opened lacks. */
  get backlog(): bigint {
    return this.#chainHeight - this.#writer.height
  }

  /** Takes note of a new block; its transactions can be found by their hashes at once. */
  add({ height, txHashes, txResults }: NotedBlock): void {
    this.#chainHeight = height
    if (this.#thread === undefined) return this.#index()
    const keys = txHashes.map(hashKey)
    for (const [index, key] of keys.entries()) {
      const isOk = txResults[index]!.code === 0
      if (isOk || this.#places.get(key)?.isOk !== true) this.#places.set(key, { height, index, isOk })
    }
    this.#noted.push({ height, keys })
    this.#thread.note(height)
  }

  /** Waits until every block that was noted is indexed. */
  async caughtUp(): Promise<void> {
    await this.#thread?.until(this.#chainHeight)
  }

  /** Where the transaction with this hash stands; a success is preferred to an earlier or later failure. */
  find(hash: Uint8Array): TxPlace | undefined {
    const noted = this.#places.get(hashKey(hash))
    if (noted?.isOk === true) return noted
    const stored = this.#storage.get(txKey(hash))
    return stored === undefined ? noted : decodePlace(stored)
  }

  /** The index record at a key. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#storage.get(key)
  }

  /** Index entries between two keys, at most `limit`. */
  range(start: Uint8Array, end: Uint8Array | undefined, limit: number): [Uint8Array, Uint8Array][] {
    return this.#storage.range(start, end, { limit })
  }

  /** Ends the thread. */
  async stop(): Promise<void> {
    await this.#thread?.stop()
  }

  #index(): void {
    while (this.#writer.indexSome(this.#chainHeight));
  }

  #forget(indexed: bigint): void {
    // What the thread has written is there from now on.
    this.#storage.refresh()
    while (this.#noted.length > 0 && this.#noted[0]!.height <= indexed) {
      for (const key of this.#noted.shift()!.keys) {
        const place = this.#places.get(key)
        if (place !== undefined && place.height <= indexed) this.#places.delete(key)
      }
    }
  }
}

function decodePlace(bytes: Uint8Array): TxPlace {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { height: fromBe64(record), index: record.readUInt32BE(8) }
}
