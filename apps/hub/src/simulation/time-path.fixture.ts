// How time passes: seconds mostly, half minutes round expiries, hours and days now and then.
import type { Random } from './random.fixture.ts'

const DAY = 86_400n
const EXPIRY_OF_DAY = 28_800n
const WINDOW = 1_800n

/** Seconds between blocks. */
export class TimePath {
  readonly #random: Random
  /** Blocks of half minutes that are still to come. */
  #slowLeft = 0
  /** No jumps for now: a vote is on. */
  isHeld = false
  #next: bigint

  constructor(random: Random) {
    this.#random = random
    this.#next = 1n
  }

  /** Seconds to the block after the next one. */
  peek(): bigint {
    return this.#next
  }

  /** Seconds to the next block. */
  next(timeSeconds: bigint): bigint {
    const seconds = this.#next
    this.#next = this.#draw(timeSeconds + seconds)
    return seconds
  }

  #draw(timeSeconds: bigint): bigint {
    const random = this.#random
    if (this.isHeld) return BigInt(random.between(1, 5))
    if (this.#slowLeft > 0) {
      this.#slowLeft--
      return BigInt(random.between(24, 30))
    }
    const { kind } = random.weighted(STEPS)
    if (kind === 'second') return 1n
    if (kind === 'seconds') return BigInt(random.between(2, 9))
    if (kind === 'minute') return BigInt(random.between(40, 70))
    if (kind === 'hour') return BigInt(random.between(3_000, 4_000))
    if (kind === 'day') return BigInt(random.between(80_000, 200_000))
    // To the beginning of the window before 08:00 UTC, to be lived through.
    this.#slowLeft = 75
    const untilExpiry = (EXPIRY_OF_DAY - (timeSeconds % DAY) + DAY) % DAY
    const jump = untilExpiry - WINDOW - 120n
    return jump > 0n ? jump : jump + DAY
  }
}

const STEPS = [
  { kind: 'second', weight: 800 },
  { kind: 'seconds', weight: 120 },
  { kind: 'minute', weight: 50 },
  { kind: 'hour', weight: 15 },
  { kind: 'day', weight: 3 },
  { kind: 'window', weight: 3 },
] as const
