// The newest reading of each source and pair, and how each way of getting it is doing.
import { AHEAD_MS_MAX } from '../aggregate/aggregate.ts'
import { errors } from '../errors.ts'
import type { Reading } from '../formats/format.ts'

/** How a way to a source is doing. */
export interface WayState {
  readonly source: string
  /** 'stream', or 'rest' and what is asked for there. */
  readonly way: string
  readonly successes: number
  readonly failures: number
  /** Why the last attempt failed; none if it worked. */
  readonly error?: string
}

/** What is known of all sources. */
export interface Board {
  /**
   * Takes a reading; an older one than is known, or as old, changes nothing. Throws `feeder/12` for one of
   * the future, which would keep out those that follow.
   */
  put(source: string, reading: Reading): void
  reading(source: string, pair: string): Reading | undefined
  worked(source: string, way: string): void
  failed(source: string, way: string, error: string): void
  ways(): readonly WayState[]
}

/** Makes an empty board. */
export function createBoard(now: () => number): Board {
  const newest = new Map<string, Reading>()
  const ways = new Map<string, WayState>()
  const stateOf = (source: string, way: string): WayState =>
    ways.get(`${source} ${way}`) ?? { source, way, successes: 0, failures: 0 }
  return {
    put(source, reading) {
      const ahead = reading.publishTimeMs - now()
      if (ahead > AHEAD_MS_MAX) throw errors.ahead({ milliseconds: ahead })
      const key = `${source} ${reading.pair}`
      const known = newest.get(key)
      if (known === undefined || known.publishTimeMs < reading.publishTimeMs) newest.set(key, reading)
    },
    reading: (source, pair) => newest.get(`${source} ${pair}`),
    worked(source, way) {
      const { successes, failures } = stateOf(source, way)
      ways.set(`${source} ${way}`, { source, way, successes: successes + 1, failures })
    },
    failed(source, way, error) {
      const { successes, failures } = stateOf(source, way)
      ways.set(`${source} ${way}`, { source, way, successes, failures: failures + 1, error })
    },
    ways: () => [...ways.values()],
  }
}
