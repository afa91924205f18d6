import { Block } from '@causeway/protocol/tendermint/types/block'
import { ResponseFinalizeBlock } from '@causeway/protocol/tendermint/abci/types'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { assert, be64, fromBe64 } from '@causeway/primitives'
import type { Storage, StorageWrite } from '@causeway/state-tree'
import { hashKey, txHash } from '../mempool/tx-hash.ts'
import { BASE_KEY, heightKey } from '../store/keys.ts'
import { INDEXED_HEIGHT_KEY, txKey } from './index-keys.ts'
import { Postings } from './postings.ts'

/** A block that is to be indexed. */
export interface IndexedBlock {
  readonly txHashes: readonly Uint8Array[]
  readonly response: Pick<ResponseFinalizeBlock, 'txResults' | 'events'>
}

/** Where blocks come from. */
export interface IndexedBlocks {
  /** Lowest height whose block is kept; 0 while there is none. */
  base(): bigint
  at(height: bigint): IndexedBlock
}

/** A write is one flush to the disk: few of them touch each page of the index less often. */
const WRITES_PER_BATCH_MAX = 100_000

/** Writes transactions by hash, and transactions and blocks by the attributes of their events. */
export class IndexWriter {
  readonly #storage: Storage
  readonly #blocks: IndexedBlocks

  constructor(storage: Storage, blocks: IndexedBlocks) {
    this.#storage = storage
    this.#blocks = blocks
  }

  /** Up to here blocks are indexed. */
  get height(): bigint {
    const stored = this.#storage.get(INDEXED_HEIGHT_KEY)
    return stored === undefined ? 0n : fromBe64(stored)
  }

  /**
   * Indexes blocks up to a height: at least one, and as many as go into one write. Gives false when there is
   * nothing left to do.
   */
  indexSome(until: bigint): boolean {
    const [indexed, pruned] = [this.height, this.#blocks.base() - 1n]
    if (indexed >= until) return false
    const from = indexed < pruned ? pruned : indexed
    const batch: Batch = { txs: new Map(), postings: [] }
    let height = from
    while (height < until && batch.txs.size + batch.postings.length < WRITES_PER_BATCH_MAX) {
      height += 1n
      this.#indexBlock(height, batch)
    }
    const mark = { key: INDEXED_HEIGHT_KEY, value: be64(height) }
    this.#storage.write([...batch.txs.values(), ...batch.postings, mark])
    return height < until
  }

  /** Forgets everything: of another chain, or of one that has gone back. */
  clear(): void {
    const start = Uint8Array.of(0)
    const some = () => this.#storage.range(start, undefined, { limit: WRITES_PER_BATCH_MAX })
    for (let entries = some(); entries.length > 0; entries = some())
      this.#storage.write(entries.map(([key]) => ({ key, value: undefined })))
  }

  #indexBlock(height: bigint, batch: Batch): void {
    const { txHashes, response } = this.#blocks.at(height)
    const { txResults, events } = response
    for (const [index, hash] of txHashes.entries())
      this.#indexTx(hash, { height, index }, txResults[index]!, batch)
    const ofTxs = new Postings('tx')
    for (const [index, result] of txResults.entries()) ofTxs.add(result.events, index)
    ofTxs.write(height, batch.postings)
    const ofBlock = new Postings('block')
    ofBlock.add(events, 0)
    ofBlock.write(height, batch.postings)
  }

  #indexTx(
    hash: Uint8Array,
    { height, index }: { readonly height: bigint; readonly index: number },
    result: ExecTxResult,
    { txs }: Batch,
  ): void {
    const key = txKey(hash)
    const mapKey = hashKey(hash)
    if (result.code !== 0) {
      const known = txs.get(mapKey)?.value ?? this.#storage.get(key)
      if (known?.[12] === 1) return
    }
    const value = Buffer.allocUnsafe(13)
    value.writeBigUInt64BE(height)
    value.writeUInt32BE(index, 8)
    value[12] = result.code === 0 ? 1 : 0
    txs.set(mapKey, { key, value })
  }
}

/** Records to be written at once; one of a transaction may be replaced by a later block's. */
interface Batch {
  readonly txs: Map<string, StorageWrite>
  readonly postings: StorageWrite[]
}

/** The blocks of a block store. */
export function storedBlocks(store: Storage): IndexedBlocks {
  return {
    base() {
      const stored = store.get(BASE_KEY)
      return stored === undefined ? 0n : fromBe64(stored)
    },
    at(height) {
      const [block, results] = [
        store.get(heightKey('block', height)),
        store.get(heightKey('results', height)),
      ]
      assert(block !== undefined && results !== undefined, 'a committed block and its results are stored')
      return {
        txHashes: Block.decode(block).data!.txs.map(txHash),
        response: ResponseFinalizeBlock.decode(results),
      }
    },
  }
}
