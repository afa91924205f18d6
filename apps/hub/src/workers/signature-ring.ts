// Signature checks in shared memory: a ring that one thread fills and empties, from which others take chunks.
import { assert } from '@causeway/primitives'
import type { SignatureCheck, SignatureScheme } from '../tx/signatures.ts'

/** Checks that the ring holds at most; a power of two. */
export const RING_CHECKS = 16_384
/** Checks that a thread takes at once. */
export const CHUNK = 32
/** Bytes of all messages in the ring. */
export const RING_BYTES = 8 * 1024 * 1024

const SCHEMES: readonly SignatureScheme[] = ['secp256k1', 'eip712', 'ed25519']
const SCHEME = 0
const KEY = 1
const SIGNATURE = KEY + 33
const START = SIGNATURE + 65
const RECORD_BYTES = START + 8
// Counters of all checks ever, which wrap at 32 bits; a check's slot is its number's low bits.
const PUBLISHED = 0
const TAKEN = 1
const JUDGED = 2
const IS_ENDED = 3
const CONTROL_BYTES = 16
const RECORDS = CONTROL_BYTES + RING_CHECKS
const MESSAGES = RECORDS + RING_CHECKS * RECORD_BYTES
const [PENDING, INVALID, VALID] = [0, 1, 2]
const SLOT = RING_CHECKS - 1
const SLEEP_MS_MAX = 500

/** Judges one check of the right form. */
export type VerifyFormed = (check: SignatureCheck) => boolean

/** A check and who asked for it. */
export interface AskedCheck {
  readonly check: SignatureCheck
  readonly resolve: (isValid: boolean) => void
}

/**
 * The ring. One thread adds checks, publishes them and is told verdicts in the order of asking; the others
 * take published chunks, each by a compare-and-swap, and judge them. Nobody waits for all of a batch: checks
 * are added while others are judged.
 */
export class SignatureRing {
  readonly memory: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #verdicts: Uint8Array
  readonly #records: DataView
  readonly #bytes: Uint8Array
  // Of the thread that fills it: by slot who asked, and where their message ends.
  readonly #asked: (AskedCheck | undefined)[] = []
  readonly #ends = new Float64Array(RING_CHECKS)
  #added: number
  #settled: number
  #isAbandoned = false
  /** Places of messages, which never go back; one of a ring's length later is the same memory. */
  #end = 0
  #freed = 0

  /** A ring in `memory` goes on where its counters stand. */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(MESSAGES + RING_BYTES)) {
    this.memory = memory
    this.#control = new Int32Array(memory, 0, 4)
    this.#verdicts = new Uint8Array(memory, CONTROL_BYTES, RING_CHECKS)
    this.#records = new DataView(memory)
    this.#bytes = new Uint8Array(memory)
    this.#added = this.#settled = Atomics.load(this.#control, PUBLISHED)
  }

  /** How many were added and are not settled. */
  get waiting(): number {
    return this.#added - this.#settled
  }

  /** Adds a check of the right form, to be published. False when there is no room for it now. */
  add(asked: AskedCheck): boolean {
    const { message } = asked.check
    assert(!this.#isAbandoned, 'late threads may still judge what was abandoned')
    assert(message.length <= RING_BYTES, 'no message is larger than the ring')
    if (this.waiting === 0) this.#freed = this.#end = 0
    const at = this.#end % RING_BYTES
    // A message lies in one piece.
    const start = at + message.length > RING_BYTES ? this.#end + RING_BYTES - at : this.#end
    const end = start + message.length
    if (this.waiting === RING_CHECKS || end - this.#freed > RING_BYTES) return false
    const slot = this.#added & SLOT
    this.#write(slot, asked.check, MESSAGES + (start % RING_BYTES))
    Atomics.store(this.#verdicts, slot, PENDING)
    this.#asked[slot] = asked
    this.#ends[slot] = this.#end = end
    this.#added++
    return true
  }

  /** Lets the threads have what was added, and wakes them. */
  publish(): void {
    Atomics.store(this.#control, PUBLISHED, this.#added | 0)
    Atomics.notify(this.#control, PUBLISHED)
  }

  /** Tells verdicts, in the order of asking, up to the first that is not there. */
  settle(): void {
    while (this.waiting > 0) {
      const slot = this.#settled & SLOT
      const verdict = Atomics.load(this.#verdicts, slot)
      if (verdict === PENDING) return
      this.#leave(slot).resolve(verdict === VALID)
    }
  }

  /** Gives back all that waits; the threads' verdicts on it don't count any more, and nothing is added. */
  abandon(): AskedCheck[] {
    const asked: AskedCheck[] = []
    this.#isAbandoned = true
    while (this.waiting > 0) asked.push(this.#leave(this.#settled & SLOT))
    return asked
  }

  /** Waits until the oldest is judged. False when that takes longer, whatever else is judged meanwhile. */
  waitOldest(timeoutMs: number): boolean {
    const [oldest, until] = [this.#settled, performance.now() + timeoutMs]
    for (;;) {
      const judged = Atomics.load(this.#control, JUDGED)
      if (this.#isJudged(oldest)) return true
      const left = until - performance.now()
      if (left <= 0) return false
      Atomics.wait(this.#control, JUDGED, judged, left)
    }
  }

  /** The same without blocking the caller. */
  async oldestLater(timeoutMs: number): Promise<boolean> {
    const [oldest, until] = [this.#settled, performance.now() + timeoutMs]
    for (;;) {
      const judged = Atomics.load(this.#control, JUDGED)
      if (this.#isJudged(oldest)) return true
      const left = until - performance.now()
      if (left <= 0) return false
      const waiting = Atomics.waitAsync(this.#control, JUDGED, judged, left)
      if (waiting.async) await waiting.value
    }
  }

  /** Takes published chunks and judges them until none is left. */
  work(verify: VerifyFormed): void {
    for (;;) {
      const taken = Atomics.load(this.#control, TAKEN)
      const count = Math.min((Atomics.load(this.#control, PUBLISHED) - taken) | 0, CHUNK)
      if (count <= 0) return
      if (Atomics.compareExchange(this.#control, TAKEN, taken, (taken + count) | 0) !== taken) continue
      for (let number = taken; number < taken + count; number++) {
        const slot = number & SLOT
        Atomics.store(this.#verdicts, slot, verify(this.#read(slot)) ? VALID : INVALID)
      }
      Atomics.add(this.#control, JUDGED, count)
      Atomics.notify(this.#control, JUDGED)
    }
  }

  /** Sleeps until something is published. False when there will be no more. */
  waitPublished(): boolean {
    for (;;) {
      if (Atomics.load(this.#control, IS_ENDED) === 1) return false
      const published = Atomics.load(this.#control, PUBLISHED)
      if (published !== Atomics.load(this.#control, TAKEN)) return true
      // Bounded, so that an end that comes between the look and the sleep is only late.
      Atomics.wait(this.#control, PUBLISHED, published, SLEEP_MS_MAX)
    }
  }

  /** Tells the threads that there will be no more. */
  end(): void {
    Atomics.store(this.#control, IS_ENDED, 1)
    Atomics.notify(this.#control, PUBLISHED)
  }

  /** Whether there is a verdict on what was the oldest; somebody else may have settled it meanwhile. */
  #isJudged(oldest: number): boolean {
    return (
      this.waiting === 0 ||
      this.#settled !== oldest ||
      Atomics.load(this.#verdicts, oldest & SLOT) !== PENDING
    )
  }

  #leave(slot: number): AskedCheck {
    const asked = this.#asked[slot]!
    this.#asked[slot] = undefined
    this.#freed = this.#ends[slot]!
    this.#settled++
    return asked
  }

  #write(slot: number, { scheme, publicKey, message, signature }: SignatureCheck, start: number): void {
    const offset = RECORDS + slot * RECORD_BYTES
    this.#bytes[offset + SCHEME] = SCHEMES.indexOf(scheme)
    this.#bytes.set(publicKey, offset + KEY)
    this.#bytes.set(signature, offset + SIGNATURE)
    this.#records.setUint32(offset + START, start)
    this.#records.setUint32(offset + START + 4, message.length)
    this.#bytes.set(message, start)
  }

  #read(slot: number): SignatureCheck {
    const offset = RECORDS + slot * RECORD_BYTES
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
