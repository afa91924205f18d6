import { CheckTxType } from '@causeway/protocol/tendermint/abci/types'
import type { ExecTxResult, ResponseCheckTx } from '@causeway/protocol/tendermint/abci/types'
import type { Application } from '../application.ts'
import { txBytesInBlock } from '../chain/block.ts'
import { errors } from '../errors.ts'
import { TxCache } from './tx-cache.ts'
import { hashKey, txHash } from './tx-hash.ts'

/** Bounds of the mempool. */
export interface MempoolOptions {
  /** Most transactions at once. */
  readonly sizeMax: number
  /** Most bytes of transactions at once. */
  readonly bytesMax: number
  /** Most bytes of one transaction. */
  readonly txBytesMax: number
  /** How many hashes of seen transactions are remembered. */
  readonly cacheSize: number
  /** Whether what is left after a block is checked again. */
  readonly recheck: boolean
  /** Whether a transaction that was refused stays in the cache. */
  readonly keepInvalidInCache: boolean
}

/** Defaults: CometBFT's, with more room. */
export const DEFAULT_MEMPOOL: MempoolOptions = {
  sizeMax: 20_000,
  bytesMax: 64 * 1024 * 1024,
  txBytesMax: 1024 * 1024,
  cacheSize: 100_000,
  recheck: true,
  keepInvalidInCache: false,
}

/** A transaction that waits for a block. */
export interface MempoolTx {
  readonly tx: Uint8Array
  readonly hash: Uint8Array
  readonly gasWanted: bigint
}

/** A transaction's hash and what the application said to it. */
export interface Admission {
  readonly hash: Uint8Array
  readonly response: ResponseCheckTx
}

/** Limits of the next block, which no transaction may exceed alone. */
export interface BlockLimits {
  readonly dataBytesMax: bigint
  /** −1: none. */
  readonly gasMax: bigint
}

/** Transactions that the application admitted, first in, first out. */
export class Mempool {
  readonly options: MempoolOptions
  private readonly application: Application
  private readonly txs = new Map<string, MempoolTx>()
  private readonly cache: TxCache
  private totalBytes = 0
  private limits: BlockLimits = { dataBytesMax: 0n, gasMax: -1n }

  constructor(application: Application, options: Partial<MempoolOptions> = {}) {
    this.application = application
    this.options = { ...DEFAULT_MEMPOOL, ...options }
    this.cache = new TxCache(this.options.cacheSize)
  }

  /** How many transactions wait. */
  get size(): number {
    return this.txs.size
  }

  /** How many bytes they have. */
  get bytes(): number {
    return this.totalBytes
  }

  /** Sets what a block can take. */
  setLimits(limits: BlockLimits): void {
    this.limits = limits
  }

  /**
   * Asks the application to admit a transaction. Throws `engine/60`–`/62`, `engine/65` before it is asked.
   */
  add(tx: Uint8Array, hash = txHash(tx)): Admission {
    const key = hashKey(hash)
    this.requireNew(tx, key)
    this.cache.push(key)
    const response = this.application.checkTx({ tx, type: CheckTxType.NEW })
    if (response.code === 0 && this.fitsGas(response.gasWanted)) {
      this.txs.set(key, { tx, hash, gasWanted: response.gasWanted })
      this.totalBytes += tx.length
    } else if (!this.options.keepInvalidInCache) this.cache.remove(key)
    return { hash, response }
  }

  /** Throws what `add` would throw before the application is asked. */
  requireNew(tx: Uint8Array, key: string): void {
    this.requireRoom(tx)
    if (this.cache.has(key) || this.txs.has(key)) throw errors.txInCache()
  }

  /** Transactions for a block: the first that fit; a negative bound is none. */
  reap(bytesMax: bigint, gasMax: bigint): MempoolTx[] {
    if (bytesMax < 0n && gasMax < 0n) return [...this.txs.values()]
    const reaped: MempoolTx[] = []
    let bytes = 0n
    let gas = 0n
    for (const entry of this.txs.values()) {
      bytes += BigInt(txBytesInBlock(entry.tx.length))
      gas += entry.gasWanted
      if ((bytesMax >= 0n && bytes > bytesMax) || (gasMax >= 0n && gas > gasMax)) break
      reaped.push(entry)
    }
    return reaped
  }

  /** The first transactions, at most `countMax`. */
  first(countMax: number): Uint8Array[] {
    const found: Uint8Array[] = []
    for (const { tx } of this.txs.values()) {
      if (found.length >= countMax) break
      found.push(tx)
    }
    return found
  }

  /** Drops what a block took, and what the application no longer admits. */
  update(txHashes: readonly Uint8Array[], results: readonly ExecTxResult[]): void {
    txHashes.forEach((hash, i) => {
      const key = hashKey(hash)
      if (results[i]!.code === 0) this.cache.push(key)
      else if (!this.options.keepInvalidInCache) this.cache.remove(key)
      this.remove(key)
    })
    if (this.options.recheck) this.recheck()
  }

  /** Drops everything. */
  flush(): void {
    for (const key of this.txs.keys()) this.cache.remove(key)
    this.txs.clear()
    this.totalBytes = 0
  }

  private recheck(): void {
    for (const [key, { tx }] of this.txs) {
      const response = this.application.checkTx({ tx, type: CheckTxType.RECHECK })
      if (response.code === 0 && this.fitsGas(response.gasWanted)) continue
      this.remove(key)
      if (!this.options.keepInvalidInCache) this.cache.remove(key)
    }
  }

  private requireRoom(tx: Uint8Array): void {
    const { sizeMax, bytesMax, txBytesMax } = this.options
    if (this.txs.size >= sizeMax || this.totalBytes + tx.length > bytesMax) {
      const now = { txs: this.txs.size, maxTxs: sizeMax, bytes: this.totalBytes, maxBytes: bytesMax }
      throw errors.mempoolFull(now)
    }
    if (tx.length > txBytesMax) throw errors.txTooLarge({ max: txBytesMax, actual: tx.length })
    const inBlock = txBytesInBlock(tx.length)
    const { dataBytesMax } = this.limits
    if (BigInt(inBlock) > dataBytesMax) throw errors.txExceedsBlock({ max: dataBytesMax, actual: inBlock })
  }

  private fitsGas(gasWanted: bigint): boolean {
    return this.limits.gasMax < 0n || (gasWanted >= 0n && gasWanted <= this.limits.gasMax)
  }

  private remove(key: string): void {
    const entry = this.txs.get(key)
    if (!entry) return
    this.txs.delete(key)
    this.totalBytes -= entry.tx.length
  }
}
