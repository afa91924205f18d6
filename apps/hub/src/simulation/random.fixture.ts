/** Numbers of one seed: the same on every machine. Source: xoshiro128**, D. Blackman, S. Vigna, 2018. */
export class Random {
  readonly #state: Uint32Array

  constructor(seed: number) {
    // Spread by splitmix32, so that near seeds have nothing in common.
    let mixed = seed >>> 0
    this.#state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0
      let word = mixed
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      return word ^ (word >>> 15)
    })
  }

  /** 0 ≤ number < 1, of 32 bits. */
  next(): number {
    const state = this.#state
    const product = Math.imul(state[1]!, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = state[1]! << 9
    state[2]! ^= state[0]!
    state[3]! ^= state[1]!
    state[1]! ^= state[2]!
    state[0]! ^= state[3]!
    state[2]! ^= shifted
    state[3] = (state[3]! << 11) | (state[3]! >>> 21)
    return result / 4_294_967_296
  }

  /** A whole number, 0 ≤ n < count. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True so often, 0 to 1. */
  chance(part: number): boolean {
    return this.next() < part
  }

  /** One of a list that isn't empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }

  /** One of what has weights. */
  weighted<Item extends { readonly weight: number }>(items: readonly Item[]): Item {
    let left = this.next() * items.reduce((sum, { weight }) => sum + weight, 0)
    return items.find(({ weight }) => (left -= weight) < 0) ?? items.at(-1)!
  }

  /** A part of an amount, in steps of 10⁻⁶ of it: 0 to the whole. */
  part(amount: bigint): bigint {
    return (amount * BigInt(this.below(1_000_001))) / 1_000_000n
  }
}
