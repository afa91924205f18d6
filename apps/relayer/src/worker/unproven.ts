/** A height under which nothing could be proven for this long is given up for a newer one. */
const GIVEN_UP_AFTER_MS = 30_000

/** The height that a client has, while nothing can be proven under it: a node has pruned it, or is away. */
export class Unproven {
  readonly #nowMs: () => number
  #height: bigint | undefined
  #sinceMs = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** What came of proving under a height. */
  note(height: bigint, isProven: boolean): void {
    if (isProven) this.#height = undefined
    else if (this.#height !== height) {
      this.#height = height
      this.#sinceMs = this.#nowMs()
    }
  }

  /** The oldest height that proofs are asked for under, when nodes say that it is this one. */
  oldest(told: bigint): bigint {
    if (this.#height === undefined || this.#nowMs() - this.#sinceMs < GIVEN_UP_AFTER_MS) return told
    return this.#height < told ? told : this.#height + 1n
  }
}
