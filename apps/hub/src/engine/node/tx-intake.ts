import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import type { PrepareTx } from '../application.ts'
import { errors } from '../errors.ts'
import type { Admission, Mempool } from '../mempool/mempool.ts'
import { hashKey, txHash } from '../mempool/tx-hash.ts'

/** What became of a transaction in a block. */
export interface Outcome {
  readonly height: bigint
  readonly result: ExecTxResult
}

type Waiter = (outcome: Outcome) => void

/** A transaction that waits for its turn. */
interface Arrival {
  readonly tx: Uint8Array
  readonly hash: Uint8Array
  isPrepared: boolean
  readonly resolve: (admission: Admission) => void
  readonly reject: (error: unknown) => void
}

/**
 * Where transactions come in: prepared side by side, admitted in the order of their arrival, but not while a
 * block is under way.
 */
export class TxIntake {
  private readonly mempool: Mempool
  private readonly prepare: PrepareTx | undefined
  private readonly waiters = new Map<string, Set<Waiter>>()
  /** In order; those before `first` are admitted. */
  private arrivals: Arrival[] = []
  private first = 0
  /** Of those that are not admitted yet. */
  private arrivingBytes = 0
  private readonly arriving = new Set<string>()
  private isHeld = false

  constructor(mempool: Mempool, prepare: PrepareTx | undefined) {
    this.mempool = mempool
    this.prepare = prepare
  }

  /** Offers a transaction to the mempool. Throws or rejects with `engine/60`–`/65`, `engine/49`. */
  submit(tx: Uint8Array, hash = txHash(tx)): Admission | Promise<Admission> {
    const key = hashKey(hash)
    this.requirePlace(tx, key)
    const prepared = this.prepare?.(tx)
    if (!prepared && this.arriving.size === 0 && !this.isHeld) return this.mempool.add(tx, hash)
    return new Promise((resolve, reject) => {
      const arrival: Arrival = { tx, hash, isPrepared: prepared === undefined, resolve, reject }
      this.arrivals.push(arrival)
      this.arriving.add(key)
      this.arrivingBytes += tx.length
      const admit = (): void => {
        arrival.isPrepared = true
        this.admitPrepared()
      }
      prepared?.then(admit, admit)
    })
  }

  /** What the mempool would refuse takes no place, nor does a copy of what has one. */
  private requirePlace(tx: Uint8Array, key: string): void {
    const { sizeMax: maxTxs, bytesMax: maxBytes } = this.mempool.options
    const { size: txs } = this.arriving
    this.mempool.requireNew(tx, key)
    if (this.arriving.has(key)) throw errors.txInCache()
    if (txs >= maxTxs || (txs > 0 && this.arrivingBytes + tx.length > maxBytes))
      throw errors.mempoolFull({ txs, maxTxs, bytes: this.arrivingBytes, maxBytes })
  }

  /** From now on nothing is admitted. */
  hold(): void {
    this.isHeld = true
  }

  /** Admits what was held back. */
  release(): void {
    this.isHeld = false
    this.admitPrepared()
  }

  /** Calls back when a block holds the transaction; gives what cancels it. */
  awaitOutcome(hash: Uint8Array, waiter: Waiter): () => void {
    const key = hashKey(hash)
    const known = this.waiters.get(key) ?? new Set()
    this.waiters.set(key, known.add(waiter))
    return () => {
      known.delete(waiter)
      if (known.size === 0) this.waiters.delete(key)
    }
  }

  /** Tells who waits for transactions of a block. */
  settle(height: bigint, txHashes: readonly Uint8Array[], results: readonly ExecTxResult[]): void {
    if (this.waiters.size === 0) return
    txHashes.forEach((hash, i) => {
      const key = hashKey(hash)
      for (const waiter of this.waiters.get(key) ?? []) waiter({ height, result: results[i]! })
      this.waiters.delete(key)
    })
  }

  /** How many callers wait for a block. */
  get waiting(): number {
    return this.waiters.size
  }

  private admitPrepared(): void {
    while (!this.isHeld && this.arrivals[this.first]?.isPrepared === true) {
      const { tx, hash, resolve, reject } = this.arrivals[this.first++]!
      this.arriving.delete(hashKey(hash))
      this.arrivingBytes -= tx.length
      try {
        resolve(this.mempool.add(tx, hash))
      } catch (error) {
        reject(error)
      }
    }
    // The admitted go when they are half of all, so that each is moved once or twice.
    if (this.first * 2 <= this.arrivals.length) return
    this.arrivals = this.arrivals.slice(this.first)
    this.first = 0
  }
}
