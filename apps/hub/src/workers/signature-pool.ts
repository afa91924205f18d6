import { Worker } from 'node:worker_threads'
import type { SignatureCheck, VerifySignatures } from '../tx/signatures.ts'
import { hasForm, verifyCheck, verifyFormed, verifyNatively } from './native-signatures.ts'
import { BATCH_BYTES_MAX, CHUNK, SignatureBatch, batchEnd } from './signature-batch.ts'

const WORKER_TIMEOUT_MS = 10_000
const TOO_LONG = `one did not finish in ${WORKER_TIMEOUT_MS / 1000} s`

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
  readonly #onFailure: (failure: Error) => void

  /** `onFailure` is told once, when the threads are not asked again. */
  constructor(threads: number, onFailure: (failure: Error) => void = () => undefined) {
    this.#isUsable = threads > 0
    this.#onFailure = onFailure
    this.#exits = Array.from({ length: threads }, () => this.#start())
  }

  /** Verifies now. */
  readonly verify: VerifySignatures = (checks) => {
    // Waking a thread costs more than a few signatures.
    if (!this.#isUsable || checks.length <= CHUNK) return verifyNatively(checks)
    this.#finish()
    const verdicts = checks.map(() => false)
    const wellFormed = [...checks.keys()].filter((i) => hasForm(checks[i]!))
    const formed = wellFormed.map((i) => checks[i]!)
    for (let start = 0; start < formed.length;) {
      const end = batchEnd(formed, start)
      const judged = this.#verifyBatch(formed.slice(start, end))
      for (const [i, verdict] of judged.entries()) verdicts[wellFormed[start + i]!] = verdict
      start = end
    }
    return verdicts
  }

  /** Verifies in another thread while the caller goes on. */
  verifyLater(check: SignatureCheck): Promise<boolean> {
    if (!this.#isUsable) return Promise.resolve(verifyCheck(check))
    if (!hasForm(check)) return Promise.resolve(false)
    if (check.message.length > BATCH_BYTES_MAX) return Promise.resolve(verifyCheck(check))
    return new Promise((resolve) => {
      this.#queue.push({ check, resolve })
      if (this.#queue.length === 1 && this.#inFlight.length === 0) setImmediate(() => this.#flush())
    })
  }

  /** Ends the threads; what waits is judged by the caller. */
  async close(): Promise<void> {
    this.#isUsable = false
    this.#settleAll()
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
    worker.on('error', (error: Error) => this.#giveUp(`one ended: ${error.message}`))
    return new Promise((resolve) => worker.on('exit', () => resolve()))
  }

  #verifyBatch(checks: readonly SignatureCheck[]): boolean[] {
    if (!this.#isUsable) return verifyNatively(checks)
    this.#batch.open(checks)
    if (!this.#help(checks.length)) return verifyNatively(checks)
    return this.#batch.verdicts(checks.length)
  }

  /** Works on the open batch until all of it is judged. */
  #help(count: number): boolean {
    this.#batch.work(verifyFormed)
    const isDone = this.#batch.waitDone(count, WORKER_TIMEOUT_MS)
    if (!isDone) this.#giveUp(TOO_LONG)
    return isDone
  }

  /** Publishes what waits, as one batch. */
  #flush(): void {
    if (!this.#isUsable || this.#inFlight.length > 0 || this.#queue.length === 0) return
    const waiting = this.#queue.map(({ check }) => check)
    const batch = this.#queue.splice(0, batchEnd(waiting, 0))
    this.#inFlight = batch
    this.#batch.open(batch.map(({ check }) => check))
    void this.#batch.doneLater(batch.length, WORKER_TIMEOUT_MS).then((isDone) => {
      // A synchronous caller may have finished it meanwhile.
      if (this.#inFlight !== batch) return
      if (isDone) this.#deliver()
      else this.#giveUp(TOO_LONG)
    })
  }

  /** Finishes the batch in flight, so that another can be opened. */
  #finish(): void {
    if (this.#inFlight.length > 0 && this.#help(this.#inFlight.length)) this.#deliver()
  }

  #deliver(): void {
    const batch = this.#inFlight
    this.#inFlight = []
    for (const [i, verdict] of this.#batch.verdicts(batch.length).entries()) batch[i]!.resolve(verdict)
    if (this.#queue.length > 0) setImmediate(() => this.#flush())
  }

  /** The threads are not asked again; nobody waits for them any more. */
  #giveUp(why: string): void {
    if (!this.#isUsable) return
    this.#isUsable = false
    this.#onFailure(new Error(`threads that check signatures are not used any more: ${why}`))
    this.#settleAll()
  }

  #settleAll(): void {
    const waiting = [...this.#inFlight, ...this.#queue]
    this.#inFlight = []
    this.#queue = []
    for (const { check, resolve } of waiting) resolve(verifyCheck(check))
  }
}
