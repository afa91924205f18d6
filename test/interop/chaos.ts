import type { Part } from './devnet-parts.ts'
import { waitFor } from './processes.ts'

/** How a `Chaos` goes about it. */
export interface ChaosOptions {
  readonly kills: number
  /** Numbers from 0 up to 1: see `generator`. */
  readonly random: () => number
  /** For how long a victim may take to work again. */
  readonly waitMs: number
  /** Awaited right before each kill. */
  readonly beforeKill?: (victim: Part) => Promise<void>
}

/**
 * Kills one part after the other: some while they work, some wherever they are in starting, all at random
 * instants.
 */
export class Chaos {
  readonly #victims: readonly Part[]
  readonly #options: ChaosOptions
  #round: Part[] = []
  #kills = 0
  readonly #waiting = new Set<() => void>()

  /** @param victims who is named twice is killed twice as often */
  constructor(victims: readonly Part[], options: ChaosOptions) {
    this.#victims = victims
    this.#options = options
  }

  async run(): Promise<void> {
    const { kills, random, waitMs, beforeKill } = this.#options
    while (this.#kills < kills) {
      const victim = this.#choose()
      if (random() < 0.6) await waitFor(`${victim.name} to work`, () => victim.isServing(), waitMs)
      await pause(300 + random() * 2_000)
      await beforeKill?.(victim)
      await victim.kill()
      await pause(random() * 700)
      victim.start()
      this.#kills += 1
      for (const look of this.#waiting) look()
    }
  }

  /** Resolves when so many kills have happened. */
  reached(kills: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#kills < kills) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  summary(): string {
    return [...new Set(this.#victims)]
      .map(({ name, kills, endings }) => `${name} killed ${kills}× (ended ${endings}×)`)
      .join(', ')
  }

  /** In rounds of all of them, each in an order of its own: nobody is spared. */
  #choose(): Part {
    if (this.#round.length === 0)
      this.#round = this.#victims
        .map((victim) => ({ victim, at: this.#options.random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ victim }) => victim)
    return this.#round.pop()!
  }
}

/** mulberry32: the same instants for the same seed. */
export function generator(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
