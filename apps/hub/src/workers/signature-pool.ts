import { Worker } from 'node:worker_threads'
import type { SignatureCheck, VerifySignatures } from '../tx/signatures.ts'
import { hasForm, verifyCheck, verifyDigest, verifyNatively, withDigest } from './native-signatures.ts'
import { BATCH_MAX, CHUNK, SignatureBatch } from './signature-batch.ts'

const WORKER_TIMEOUT_MS = 10_000

interface Waiting {
  readonly check: SignatureCheck
  resolve(isValid: boolean): void
}

/**
 * Threads that verify signatures: for a synchronous caller, who works beside them and waits only for chunks
 * that they have taken, and for one who goes on and is told later. Should a thread not finish in 10 s, the
 * caller judges everything itself and the threads are not asked again.
 */
export class SignaturePool {
  readonly #batch = new SignatureBatch()
  readonly #workers: Worker[] = []
  readonly #exits: Promise<void>[]
  #queue: Waiting[] = []
  #inFlight: readonly Waiting[] = []
  #isUsable: boolean

  constructor(threads: number) {
    this.#isUsable = threads > 0
    this.#exits = Array.from({ length: threads }, () => this.#start())
  }

  /** Verifies now. */
  readonly verify: VerifySignatures = (checks) => {
    // Waking a thread costs more than a few signatures.
    if (!this.#isUsable || checks.length <= CHUNK) return verifyNatively(checks)
    this.#finish()
    const verdicts: boolean[] = []
    for (let start = 0; start < checks.length; start += BATCH_MAX) {
      for (const verdict of this.#verifyBatch(checks.slice(start, start + BATCH_MAX))) verdicts.push(verdict)
    }
    return verdicts
  }

  /** Verifies in another thread while the caller goes on. */
  verifyLater(check: SignatureCheck): Promise<boolean> {
    if (!this.#isUsable) return Promise.resolve(verifyCheck(check))
    if (!hasForm(check)) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#queue.push({ check, resolve })
      if (this.#queue.length === 1 && this.#inFlight.length === 0) setImmediate(() => this.#flush())
    })
  }

  /** Ends the threads; what waits is judged by the caller. */
  async close(): Promise<void> {
    this.#isUsable = false
    this.#settle([...this.#inFlight, ...this.#queue])
    this.#inFlight = []
    this.#queue = []
    this.#batch.end()
    for (const worker of this.#workers) worker.ref()
    // They end by themselves: a thread that is terminated while it goes to sleep may never wake.
    await Promise.all(this.#exits)
  }

  /** Starts a thread; the promise ends with it. */
  #start(): Promise<void> {
    const url = new URL('./signature-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: this.#batch.memory })
    this.#workers.push(worker)
    // A node that ends without closing its pool is not kept alive by it.
    worker.unref()
    worker.on('error', () => (this.#isUsable = false))
    return new Promise((resolve) => worker.on('exit', () => resolve()))
  }

  #verifyBatch(checks: readonly SignatureCheck[]): boolean[] {
    if (!this.#isUsable) return verifyNatively(checks)
    const formed = checks.map((check) => hasForm(check))
    const wellFormed = checks.filter((_, i) => formed[i])
    this.#batch.open(wellFormed.map((check) => withDigest(check)))
    if (!this.#help(wellFormed.length)) return verifyNatively(checks)
    const verdicts = this.#batch.verdicts(wellFormed.length)
    let next = 0
    return formed.map((isFormed) => isFormed && verdicts[next++]!)
  }

  /** Works on the open batch until all of it is judged. */
  #help(count: number): boolean {
    this.#batch.work(verifyDigest)
    const isDone = this.#batch.waitDone(count, WORKER_TIMEOUT_MS)
    if (!isDone) this.#isUsable = false
    return isDone
  }

  /** Publishes what waits, as one batch. */
  #flush(): void {
    if (!this.#isUsable || this.#inFlight.length > 0 || this.#queue.length === 0) return
    const batch = this.#queue.splice(0, BATCH_MAX)
    this.#inFlight = batch
    this.#batch.open(batch.map(({ check }) => withDigest(check)))
    void this.#batch.doneLater(batch.length, WORKER_TIMEOUT_MS).then((isDone) => {
      // A synchronous caller may have finished it meanwhile.
      if (this.#inFlight !== batch) return
      if (!isDone) this.#isUsable = false
      this.#deliver(isDone)
    })
  }

  /** Finishes the batch in flight, so that another can be opened. */
  #finish(): void {
    if (this.#inFlight.length > 0) this.#deliver(this.#help(this.#inFlight.length))
  }

  #deliver(isDone: boolean): void {
    const batch = this.#inFlight
    this.#inFlight = []
    if (!isDone) this.#settle(batch.concat(this.#queue.splice(0)))
    else for (const [i, verdict] of this.#batch.verdicts(batch.length).entries()) batch[i]!.resolve(verdict)
    if (this.#queue.length > 0) setImmediate(() => this.#flush())
  }

  #settle(waiting: readonly Waiting[]): void {
    for (const { check, resolve } of waiting) resolve(verifyCheck(check))
  }
}
