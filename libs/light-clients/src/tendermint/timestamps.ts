import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { WireWriter } from './wire.ts'

/** Go's `time.Time{}` (year 1): what CometBFT has where a timestamp field is absent on the wire. */
export const ZERO_TIME: Timestamp = { seconds: -62135596800n, nanos: 0 }

const SECONDS_END = 253402300800n // year 10000

/** Nanoseconds since 1970; negative before. An absent timestamp is Go's zero time. */
export function toNanoseconds(time: Timestamp | undefined): bigint {
  const { seconds, nanos } = time ?? ZERO_TIME
  return seconds * NANOSECONDS_PER_SECOND + BigInt(nanos)
}

/** The timestamp of a count of nanoseconds since 1970. */
export function fromNanoseconds(nanoseconds: bigint): Timestamp {
  const nanos = ((nanoseconds % NANOSECONDS_PER_SECOND) + NANOSECONDS_PER_SECOND) % NANOSECONDS_PER_SECOND
  return { seconds: (nanoseconds - nanos) / NANOSECONDS_PER_SECOND, nanos: Number(nanos) }
}

/** Whether gogoproto would accept it as a time: years 1 to 9999, nanoseconds within a second. */
export function isValidTimestamp(time: Timestamp | undefined): boolean {
  if (time === undefined) return true
  if (time.seconds < ZERO_TIME.seconds || time.seconds >= SECONDS_END) return false
  return Number.isInteger(time.nanos) && time.nanos >= 0 && time.nanos < 1_000_000_000
}

/** Whether it is Go's zero time. */
export function isZeroTime(time: Timestamp | undefined): boolean {
  return time === undefined || (time.seconds === ZERO_TIME.seconds && time.nanos === 0)
}

/** Protobuf bytes of a timestamp. */
export function encodeTimestamp(time: Timestamp | undefined): Uint8Array {
  const { seconds, nanos } = time ?? ZERO_TIME
  return new WireWriter().varint(1, seconds).varint(2, nanos).finish()
}
