import type { ExecTxResult, ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import { assert, be64, fromBe64 } from '@causeway/primitives'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import { hashKey, txHash } from '../mempool/tx-hash.ts'
import type { BlockStore } from '../store/block-store.ts'
import { INDEXED_HEIGHT_KEY, txKey } from './index-keys.ts'
import { Postings } from './postings.ts'

/** Where a transaction stands in the chain. */
export interface TxPlace {
  readonly height: bigint
  readonly index: number
}

/** A block that is to be indexed. */
export interface IndexedBlock {
  readonly height: bigint
  readonly txHashes: readonly Uint8Array[]
  readonly response: ResponseFinalizeBlock
}

/** Blocks that are held in memory until they are indexed; what is over is read from the store again. */
const WAITING_BLOCKS_MAX = 64
/** A batch is one flush to the disk, and holds up everything else while it lasts. */
const WRITES_PER_BATCH_MAX = 10_000

/**
 * Transactions by hash, and transactions and blocks by the attributes of their events. Indexing follows the
 * chain at leisure, many blocks to a write; who reads brings it up to date first. It can be rebuilt from the
 * block store.
 */
export class EventIndex {
  private readonly storage: Storage
  private readonly store: BlockStore
  private readonly waiting: IndexedBlock[] = []
  private readonly waitingTxs = new Map<string, TxPlace & { readonly isOk: boolean }>()
  private indexedHeight: bigint
  private chainHeight: bigint
  private txsToIndex = 0

  constructor(storage: Storage, store: BlockStore, chainHeight: bigint) {
    this.storage = storage
    this.store = store
    this.chainHeight = chainHeight
    const stored = storage.get(INDEXED_HEIGHT_KEY)
    this.indexedHeight = stored ? fromBe64(stored) : 0n
  }

  /** How many blocks are not indexed yet. */
  get backlog(): number {
    const from = this.indexedHeight === 0n && this.store.base > 0n ? this.store.base - 1n : this.indexedHeight
    return Number(this.chainHeight - from)
  }

  /** How many transactions of new blocks are not indexed yet. */
  get backlogTxs(): number {
    return this.txsToIndex
  }

  /** Takes note of a new block; it can be found by its transactions' hashes at once. */
  add(block: IndexedBlock): void {
    this.chainHeight = block.height
    this.txsToIndex += block.txHashes.length
    if (this.waiting.length >= WAITING_BLOCKS_MAX) return
    if (this.waiting.length > 0) {
      const last = this.waiting[this.waiting.length - 1]!.height
      if (last + 1n !== block.height) return
    }
    this.waiting.push(block)
    block.txHashes.forEach((hash, index) => {
      const isOk = block.response.txResults[index]!.code === 0
      const key = hashKey(hash)
      if (isOk || this.waitingTxs.get(key)?.isOk !== true)
        this.waitingTxs.set(key, { height: block.height, index, isOk })
    })
  }

  /**
   * Indexes at least one block, and as many as go into one write. Gives false when there is nothing left to
   * do.
   */
  indexSome(): boolean {
    const batch: Batch = { txs: new Map(), postings: [] }
    let height = this.indexedHeight
    if (height < this.store.base - 1n) height = this.store.base - 1n
    while (height < this.chainHeight && batch.txs.size + batch.postings.length < WRITES_PER_BATCH_MAX) {
      height += 1n
      const block = this.blockAt(height)
      this.indexBlock(block, batch)
      this.txsToIndex = Math.max(0, this.txsToIndex - block.txHashes.length)
    }
    if (height === this.indexedHeight) return false
    this.storage.write([
      ...batch.txs.values(),
      ...batch.postings,
      { key: INDEXED_HEIGHT_KEY, value: be64(height) },
    ])
    this.indexedHeight = height
    this.forgetWaiting(height)
    return height < this.chainHeight
  }

  /** Indexes everything. */
  catchUp(): void {
    while (this.indexSome()) assert(this.backlog >= 0, 'the index never runs ahead')
  }

  /** Where the transaction with this hash stands; a success is preferred to an earlier or later failure. */
  find(hash: Uint8Array): TxPlace | undefined {
    const waiting = this.waitingTxs.get(hashKey(hash))
    if (waiting?.isOk) return waiting
    if (this.backlog > this.waiting.length) this.catchUp()
    const stored = this.storage.get(txKey(hash))
    if (!stored) return waiting
    return decodePlace(stored)
  }

  /** The index record at a key. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.storage.get(key)
  }

  /** Index entries between two keys, at most `limit`. */
  range(start: Uint8Array, end: Uint8Array | undefined, limit: number): [Uint8Array, Uint8Array][] {
    return this.storage.range(start, end, { limit })
  }

  close(): void {
    this.storage.close()
  }

  private blockAt(height: bigint): IndexedBlock {
    const waiting = this.waiting.find((block) => block.height === height)
    if (waiting) return waiting
    const block = this.store.block(height)
    const response = this.store.results(height)
    assert(block && response, 'a committed block and its results are stored')
    return { height, txHashes: block.data!.txs.map(txHash), response }
  }

  private indexBlock({ height, txHashes, response }: IndexedBlock, batch: Batch): void {
    txHashes.forEach((hash, index) =>
      this.indexTx(hash, { height, index }, response.txResults[index]!, batch),
    )
    const ofTxs = new Postings('tx')
    response.txResults.forEach(({ events }, index) => ofTxs.add(events, index))
    ofTxs.write(height, batch.postings)
    const ofBlock = new Postings('block')
    ofBlock.add(response.events, 0)
    ofBlock.write(height, batch.postings)
  }

  private indexTx(hash: Uint8Array, place: TxPlace, result: ExecTxResult, { txs }: Batch): void {
    const key = txKey(hash)
    const mapKey = hashKey(hash)
    if (result.code !== 0) {
      const known = txs.get(mapKey)?.value ?? this.storage.get(key)
      if (known?.[12] === 1) return
    }
    const value = Buffer.allocUnsafe(13)
    value.writeBigUInt64BE(place.height)
    value.writeUInt32BE(place.index, 8)
    value[12] = result.code === 0 ? 1 : 0
    txs.set(mapKey, { key, value })
  }

  private forgetWaiting(height: bigint): void {
    while (this.waiting.length > 0 && this.waiting[0]!.height <= height) this.waiting.shift()
    if (this.waiting.length === 0) this.waitingTxs.clear()
    else for (const [key, place] of this.waitingTxs) if (place.height <= height) this.waitingTxs.delete(key)
  }
}

/** Records to be written at once; one of a transaction may be replaced by a later block's. */
interface Batch {
  readonly txs: Map<string, StorageWrite>
  readonly postings: StorageWrite[]
}

function decodePlace(bytes: Uint8Array): TxPlace {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { height: record.readBigUInt64BE(0), index: record.readUInt32BE(8) }
}
