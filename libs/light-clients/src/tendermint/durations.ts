import type { Duration } from '@causeway/protocol'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'

/** The longest that Go's `time.Duration` holds: some 292 years. */
const NANOSECONDS_MAX = 2n ** 63n - 1n

/** Nanoseconds of a duration. */
export function durationNanoseconds(duration: Duration): bigint {
  return duration.seconds * NANOSECONDS_PER_SECOND + BigInt(duration.nanos)
}

/**
 * Whether gogoproto (`StdDurationUnmarshal`) would accept it: a fraction of the same sign, and Go can hold
 * it.
 */
export function isValidDuration(duration: Duration | undefined): boolean {
  if (duration === undefined) return true
  const { seconds, nanos } = duration
  if (!Number.isInteger(nanos) || Math.abs(nanos) >= 1_000_000_000) return false
  if ((seconds < 0n && nanos > 0) || (seconds > 0n && nanos < 0)) return false
  const nanoseconds = durationNanoseconds(duration)
  return nanoseconds <= NANOSECONDS_MAX && nanoseconds >= -NANOSECONDS_MAX - 1n
}
