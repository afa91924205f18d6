import { Worker } from 'node:worker_threads'
import type { SignatureCheck, VerifySignatures } from '../tx/signatures.ts'
import { hasForm, verifyCheck, verifyFormed, verifyNatively } from './native-signatures.ts'
import { CHUNK, RING_BYTES, SignatureRing } from './signature-ring.ts'
import type { AskedCheck } from './signature-ring.ts'

const WORKER_TIMEOUT_MS = 10_000
const TOO_LONG = `one did not finish in ${WORKER_TIMEOUT_MS / 1000} s`

/**
 * Threads that verify signatures: for a synchronous caller, who works beside them and waits only for chunks
 * that they have taken, and for one who goes on and is told later. Should a thread not finish in 10 s, the
 * caller judges everything itself and the threads are not asked again.
 */
export class SignaturePool {
  readonly #ring = new SignatureRing()
  readonly #workers: Worker[] = []
  readonly #exits: Promise<void>[]
  /** What was asked since the ring was filled, and what it has no room for. */
  #queue: AskedCheck[] = []
  #isFlushing = false
  #isTelling = false
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
    const verdicts = checks.map(() => false)
    for (const [i, check] of checks.entries()) {
      const asked = { check, resolve: (isValid: boolean) => void (verdicts[i] = isValid) }
      if (!isFit(check)) asked.resolve(verifyCheck(check))
      else while (!this.#ring.add(asked)) if (!this.#help()) return verifyNatively(checks)
    }
    return this.#help() ? verdicts : verifyNatively(checks)
  }

  /** Verifies in another thread while the caller goes on. */
  verifyLater(check: SignatureCheck): Promise<boolean> {
    if (!this.#isUsable || !isFit(check)) return Promise.resolve(verifyCheck(check))
    return new Promise((resolve) => {
      this.#queue.push({ check, resolve })
      if (this.#isFlushing) return
      this.#isFlushing = true
      // What comes in one turn wakes the threads once.
      setImmediate(() => {
        this.#isFlushing = false
        this.#flush()
      })
    })
  }

  /** Ends the threads; what waits is judged by the caller. */
  async close(): Promise<void> {
    this.#isUsable = false
    this.#settleAll()
    this.#ring.end()
    for (const worker of this.#workers) worker.ref()
    // They end by themselves: a thread that is terminated while it goes to sleep may never wake.
    await Promise.all(this.#exits)
  }

  /** Starts a thread; the promise ends with it. */
  #start(): Promise<void> {
    const url = new URL('./signature-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: this.#ring.memory })
    this.#workers.push(worker)
    // A node that ends without closing its pool is not kept alive by it.
    worker.unref()
    worker.on('error', (error: Error) => this.#giveUp(`one ended: ${error.message}`))
    return new Promise((resolve) => worker.on('exit', () => resolve()))
  }

  /** Works on all that the ring holds until it is judged. False when a thread did not finish in time. */
  #help(): boolean {
    this.#ring.publish()
    this.#ring.work(verifyFormed)
    while (this.#ring.waiting > 0) {
      if (!this.#ring.waitOldest(WORKER_TIMEOUT_MS)) {
        this.#giveUp(TOO_LONG)
        return false
      }
      this.#ring.settle()
    }
    return true
  }

  /** Hands what waits to the threads. */
  #flush(): void {
    if (!this.#isUsable) return
    const left = this.#queue.findIndex((asked) => !this.#ring.add(asked))
    this.#queue = left < 0 ? [] : this.#queue.slice(left)
    this.#ring.publish()
    if (!this.#isTelling) void this.#tell()
  }

  /** Tells verdicts as they come, until none is awaited. */
  async #tell(): Promise<void> {
    this.#isTelling = true
    while (this.#ring.waiting > 0) {
      const isJudged = await this.#ring.oldestLater(WORKER_TIMEOUT_MS)
      // Meanwhile a synchronous caller may have had all of them judged, or given up.
      if (!this.#isUsable) return
      if (!isJudged && this.#ring.waiting > 0) return this.#giveUp(TOO_LONG)
      this.#ring.settle()
      if (this.#queue.length > 0) this.#flush()
    }
    this.#isTelling = false
  }

  /** The threads are not asked again; nobody waits for them any more. */
  #giveUp(why: string): void {
    if (!this.#isUsable) return
    this.#isUsable = false
    this.#onFailure(new Error(`threads that check signatures are not used any more: ${why}`))
    this.#settleAll()
  }

  #settleAll(): void {
    const waiting = [...this.#ring.abandon(), ...this.#queue]
    this.#queue = []
    for (const { check, resolve } of waiting) resolve(verifyCheck(check))
  }
}

/** Whether the ring takes it. */
function isFit(check: SignatureCheck): boolean {
  return hasForm(check) && check.message.length <= RING_BYTES
}
