import { Worker } from 'node:worker_threads'
import { StorageFault } from '@causeway/state-tree'
import type { LmdbOptions } from '@causeway/state-tree'

/** Folders of the block store and of the index, and what a write survives; both are open already. */
export interface IndexPaths extends Required<Pick<LmdbOptions, 'durability'>> {
  readonly blocks: string
  readonly index: string
}

/** What the thread is told: to index up to a height, or to end. */
export type IndexOrder = bigint | 'end'

/** What the thread says: how far it is, or why it can't go on; `path` of a damaged database. */
export type IndexAnswer = bigint | { readonly reason: string; readonly path?: string }

/** Who is told what becomes of the index. */
export interface IndexListener {
  /** Blocks up to here are in the index, and readable. */
  indexed(height: bigint): void
  /** The thread has ended by itself; said once. */
  failed(error: Error): void
}

/** So long blocks wait for one another: a write of many blocks is cheaper than many writes. */
const GATHERING_MS = 5_000

interface Waiting {
  readonly height: bigint
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Writes the event index beside the thread that makes blocks; started when there is something to do. */
export class IndexThread {
  readonly #paths: IndexPaths
  readonly #listener: IndexListener
  #worker: Worker | undefined
  #exit: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #waiting: Waiting[] = []
  #known = 0n
  #indexed: bigint
  #failure: Error | undefined

  constructor(paths: IndexPaths, indexed: bigint, listener: IndexListener) {
    this.#paths = paths
    this.#indexed = indexed
    this.#listener = listener
  }

  /** A block has come; it is indexed within seconds. */
  note(height: bigint): void {
    this.#known = height
    this.#timer ??= setTimeout(() => this.#order(), GATHERING_MS).unref()
  }

  /** Indexes up to a height now. Rejects when the thread has failed. */
  until(height: bigint): Promise<void> {
    if (height <= this.#indexed) return Promise.resolve()
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (height > this.#known) this.#known = height
    return new Promise((resolve, reject) => {
      this.#waiting.push({ height, resolve, reject })
      this.#order()
    })
  }

  /** Lets it finish its write. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#end(new Error('the node has stopped'))
    this.#worker?.postMessage('end' satisfies IndexOrder)
    this.#worker?.ref()
    await this.#exit
  }

  #order(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#failure !== undefined) return
    try {
      this.#worker ??= this.#start()
      this.#worker.postMessage(this.#known satisfies IndexOrder)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData: this.#paths })
    // A node that ends without stopping is not kept alive by it.
    worker.unref()
    worker.on('message', (answer: IndexAnswer) => {
      if (typeof answer === 'bigint') this.#advance(answer)
      else this.#fail(failureOf(answer))
    })
    worker.on('error', (error: Error) => this.#fail(error))
    this.#exit = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.#fail(new Error(`the thread that writes the event index has ended with ${code}`))
        resolve()
      })
    })
    return worker
  }

  #advance(height: bigint): void {
    this.#indexed = height
    this.#listener.indexed(height)
    const done = this.#waiting.filter((waiting) => waiting.height <= height)
    this.#waiting = this.#waiting.filter((waiting) => waiting.height > height)
    for (const { resolve } of done) resolve()
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return
    this.#end(error)
    this.#listener.failed(error)
  }

  #end(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

/** Errors that cross threads lose their class. */
function failureOf({ path, reason }: Exclude<IndexAnswer, bigint>): Error {
  return path === undefined ? new Error(reason) : new StorageFault(path, reason)
}
