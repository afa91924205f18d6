// A batch of signature checks in shared memory, from which several threads take chunks.
import { assert } from '@causeway/primitives'
import type { SignatureCheck, SignatureScheme } from '../tx/signatures.ts'

/** Checks that one batch holds at most. */
export const BATCH_MAX = 16_384
/** Checks that a thread takes at once. */
export const CHUNK = 32
/** Bytes of all messages of a batch. */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024

const SCHEMES: readonly SignatureScheme[] = ['secp256k1', 'eip712', 'ed25519']
const SCHEME = 0
const KEY = 1
const SIGNATURE = KEY + 33
const START = SIGNATURE + 65
const RECORD_BYTES = START + 8
const NEXT = 0
const COUNT = 1
const DONE = 2
const IS_ENDED = 3
const GENERATION_SHIFT = 16
const INDEX_MASK = 0xffff
const CLOSED = INDEX_MASK
const SLEEP_MS_MAX = 500
const CONTROL_BYTES = 16
const MESSAGES = CONTROL_BYTES + BATCH_MAX * (RECORD_BYTES + 1)

/** Judges one check of the right form. */
export type VerifyFormed = (check: SignatureCheck) => boolean

/** How many checks, from a first one on, go into one batch; each message is at most a batch's bytes. */
export function batchEnd(checks: readonly SignatureCheck[], start: number): number {
  let bytes = 0
  let end = start
  for (; end < checks.length && end - start < BATCH_MAX; end++) {
    bytes += checks[end]!.message.length
    if (bytes > BATCH_BYTES_MAX) break
  }
  assert(end > start || checks.length === start, 'no message is larger than a batch')
  return end
}

/**
 * Memory that the threads share. `NEXT` holds the batch's generation and the next free index in one word, so
 * that a thread that is late can't take a chunk of the batch after: its compare-and-swap fails.
 */
export class SignatureBatch {
  readonly memory: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #records: DataView
  readonly #bytes: Uint8Array
  readonly #verdicts: Uint8Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(MESSAGES + BATCH_BYTES_MAX)) {
    this.memory = memory
    this.#control = new Int32Array(memory, 0, 4)
    this.#records = new DataView(memory)
    this.#bytes = new Uint8Array(memory)
    this.#verdicts = new Uint8Array(memory, CONTROL_BYTES + BATCH_MAX * RECORD_BYTES, BATCH_MAX)
  }

  /**
   * Publishes a batch, as `batchEnd` cuts it, of checks of the right form, and wakes the threads. Only one
   * thread opens batches, and only when the one before is done.
   */
  open(checks: readonly SignatureCheck[]): void {
    const generation = (Atomics.load(this.#control, NEXT) >>> GENERATION_SHIFT) + 1
    const first = (generation << GENERATION_SHIFT) | 0
    Atomics.store(this.#control, NEXT, first | CLOSED)
    let start = MESSAGES
    for (const [i, check] of checks.entries()) start = this.#write(i, check, start)
    Atomics.store(this.#control, DONE, 0)
    Atomics.store(this.#control, COUNT, checks.length)
    Atomics.store(this.#control, NEXT, first)
    Atomics.notify(this.#control, NEXT)
  }

  /** Takes chunks and judges them until none is left. */
  work(verify: VerifyFormed): void {
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

  /** Writes one record and its message; gives where the next message starts. */
  #write(index: number, { scheme, publicKey, message, signature }: SignatureCheck, start: number): number {
    assert(start + message.length <= this.#bytes.length, 'a batch was cut to fit')
    const offset = CONTROL_BYTES + index * RECORD_BYTES
    this.#bytes[offset + SCHEME] = SCHEMES.indexOf(scheme)
    this.#bytes.set(publicKey, offset + KEY)
    this.#bytes.set(signature, offset + SIGNATURE)
    this.#records.setUint32(offset + START, start)
    this.#records.setUint32(offset + START + 4, message.length)
    this.#bytes.set(message, start)
    return start + message.length
  }

  #read(index: number): SignatureCheck {
    const offset = CONTROL_BYTES + index * RECORD_BYTES
    const scheme = SCHEMES[this.#bytes[offset + SCHEME]!]!
    const start = this.#records.getUint32(offset + START)
    const length = this.#records.getUint32(offset + START + 4)
    const keyEnd = offset + KEY + (scheme === 'ed25519' ? 32 : 33)
    const signatureEnd = offset + SIGNATURE + (scheme === 'eip712' ? 65 : 64)
    // Copies: native code gets memory of its own thread.
    return {
      scheme,
      publicKey: this.#bytes.slice(offset + KEY, keyEnd),
      message: this.#bytes.slice(start, start + length),
      signature: this.#bytes.slice(offset + SIGNATURE, signatureEnd),
    }
  }
}
