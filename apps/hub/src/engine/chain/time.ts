import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { errors } from '../errors.ts'

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** Reads an RFC 3339 time with up to nine decimals of a second. Throws `engine/2`. */
export function parseTime(text: string): Timestamp {
  const match = PATTERN.exec(text)
  if (!match) throw errors.badTime({ text })
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const milliseconds = Date.UTC(2000, month - 1, day, hour, minute, second)
  const date = new Date(milliseconds)
  date.setUTCFullYear(year, month - 1, day)
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!isReal || hour > 23 || minute > 59 || second > 59) throw errors.badTime({ text })
  const zone = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -60 : 60)
  return {
    seconds: BigInt(date.getTime() / 1000 - zone),
    nanos: Number((match[7] ?? '').padEnd(9, '0')),
  }
}

/** Writes a time as Go's `RFC3339Nano` in UTC: as many decimals as it has. */
export function formatTime(time: Timestamp | undefined): string {
  const { seconds, nanos } = time ?? { seconds: -62135596800n, nanos: 0 }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  const decimals = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  return `${whole}${decimals}Z`
}
