// A batch of signature checks in shared memory, from which several threads take chunks.

/** Checks that one batch holds at most. */
export const BATCH_MAX = 16_384
/** Checks that a thread takes at once. */
export const CHUNK = 32

const KEY_BYTES = 33
const DIGEST_BYTES = 32
const SIGNATURE_BYTES = 64
const RECORD_BYTES = KEY_BYTES + DIGEST_BYTES + SIGNATURE_BYTES
const NEXT = 0
const COUNT = 1
const DONE = 2
const IS_ENDED = 3
const GENERATION_SHIFT = 16
const INDEX_MASK = 0xffff
const CLOSED = INDEX_MASK
const SLEEP_MS_MAX = 500
const CONTROL_BYTES = 16

/** One record of a batch. */
export interface DigestCheck {
  readonly publicKey: Uint8Array
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

/** Judges one record. */
export type VerifyDigest = (check: DigestCheck) => boolean

/**
 * Memory that the threads share. `NEXT` holds the batch's generation and the next free index in one word, so
 * that a thread that is late can't take a chunk of the batch after: its compare-and-swap fails.
 */
export class SignatureBatch {
  readonly memory: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #records: Uint8Array
  readonly #verdicts: Uint8Array

  constructor(
    memory: SharedArrayBuffer = new SharedArrayBuffer(CONTROL_BYTES + BATCH_MAX * (RECORD_BYTES + 1)),
  ) {
    this.memory = memory
    this.#control = new Int32Array(memory, 0, 4)
    this.#records = new Uint8Array(memory, CONTROL_BYTES, BATCH_MAX * RECORD_BYTES)
    this.#verdicts = new Uint8Array(memory, CONTROL_BYTES + BATCH_MAX * RECORD_BYTES, BATCH_MAX)
  }

  /**
   * Publishes a batch and wakes the threads. Only one thread opens batches, and only when the one before is
   * done.
   */
  open(checks: readonly DigestCheck[]): void {
    const generation = (Atomics.load(this.#control, NEXT) >>> GENERATION_SHIFT) + 1
    const first = (generation << GENERATION_SHIFT) | 0
    Atomics.store(this.#control, NEXT, first | CLOSED)
    for (const [i, check] of checks.entries()) this.#write(i, check)
    Atomics.store(this.#control, DONE, 0)
    Atomics.store(this.#control, COUNT, checks.length)
    Atomics.store(this.#control, NEXT, first)
    Atomics.notify(this.#control, NEXT)
  }

  /** Takes chunks and judges them until none is left. */
  work(verify: VerifyDigest): void {
    for (;;) {
      const word = Atomics.load(this.#control, NEXT)
      const index = word & INDEX_MASK
      const count = Atomics.load(this.#control, COUNT)
      if (index >= count) return
      const end = Math.min(index + CHUNK, count)
      if (Atomics.compareExchange(this.#control, NEXT, word, (word & ~INDEX_MASK) | end) !== word) continue
      for (let i = index; i < end; i++) this.#verdicts[i] = verify(this.#read(i)) ? 1 : 0
      Atomics.add(this.#control, DONE, end - index)
      Atomics.notify(this.#control, DONE)
    }
  }

  /** Waits until every chunk is judged. False when a thread did not finish in time. */
  waitDone(count: number, timeoutMs: number): boolean {
    for (;;) {
      const done = Atomics.load(this.#control, DONE)
      if (done >= count) return true
      if (Atomics.wait(this.#control, DONE, done, timeoutMs) === 'timed-out') return false
    }
  }

  /** The same without blocking the caller. */
  async doneLater(count: number, timeoutMs: number): Promise<boolean> {
    for (;;) {
      const done = Atomics.load(this.#control, DONE)
      if (done >= count) return true
      const waiting = Atomics.waitAsync(this.#control, DONE, done, timeoutMs)
      const outcome = waiting.async ? await waiting.value : waiting.value
      if (outcome === 'timed-out') return false
    }
  }

  /** Sleeps until another batch is published. False when there will be no more. */
  waitOpen(): boolean {
    for (;;) {
      if (Atomics.load(this.#control, IS_ENDED) === 1) return false
      const word = Atomics.load(this.#control, NEXT)
      if ((word & INDEX_MASK) < Atomics.load(this.#control, COUNT)) return true
      // Bounded, so that a wake-up that comes between the look and the sleep is only late.
      Atomics.wait(this.#control, NEXT, word, SLEEP_MS_MAX)
    }
  }

  /** Tells the threads that there will be no more batches. */
  end(): void {
    Atomics.store(this.#control, IS_ENDED, 1)
    Atomics.notify(this.#control, NEXT)
  }

  /** The verdicts of a batch that is done. */
  verdicts(count: number): boolean[] {
    return Array.from(this.#verdicts.subarray(0, count), (verdict) => verdict === 1)
  }

  #write(index: number, { publicKey, digest, signature }: DigestCheck): void {
    const offset = index * RECORD_BYTES
    this.#records.set(publicKey, offset)
    this.#records.set(digest, offset + KEY_BYTES)
    this.#records.set(signature, offset + KEY_BYTES + DIGEST_BYTES)
  }

  #read(index: number): DigestCheck {
    const offset = index * RECORD_BYTES
    // Copies: native code gets memory of its own thread.
    return {
      publicKey: this.#records.slice(offset, offset + KEY_BYTES),
      digest: this.#records.slice(offset + KEY_BYTES, offset + KEY_BYTES + DIGEST_BYTES),
      signature: this.#records.slice(offset + KEY_BYTES + DIGEST_BYTES, offset + RECORD_BYTES),
    }
  }
}
