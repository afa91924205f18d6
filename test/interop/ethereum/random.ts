/** Reproducible random numbers: xorshift32 over a seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }

  /** A whole number from 0 to `below` − 1. */
  below(below: number): number {
    this.#state ^= this.#state << 13
    this.#state >>>= 0
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    this.#state >>>= 0
    return this.#state % below
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}
