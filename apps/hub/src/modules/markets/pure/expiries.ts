import { assert } from '@causeway/primitives'
import { DAY_SECONDS, EXPIRY_TIME_SECONDS, dateOf, expiryOn, fridayFrom, lastFridayOf } from './calendar.ts'

const DAYS = 3
const WEEKS = 4
const MONTHS = 3
const QUARTERS = 4

/**
 * The expiries that are listed at a block time, ascending, each once: the next 3 days, the next 4 Fridays,
 * the last Friday of 3 months and of 4 quarters (March, June, September, December), all at 08:00:00 UTC and
 * all later than now. Spec: docs/markets.md.
 */
export function nextExpiries(nowSeconds: bigint): bigint[] {
  assert(nowSeconds >= 0n, 'block time is after 1970')
  const today = Number(nowSeconds / DAY_SECONDS)
  const first = nowSeconds % DAY_SECONDS < EXPIRY_TIME_SECONDS ? today : today + 1
  const friday = fridayFrom(first)
  const days = new Set<number>([
    ...Array.from({ length: DAYS }, (_, i) => first + i),
    ...Array.from({ length: WEEKS }, (_, i) => friday + 7 * i),
    ...lastFridays(first, MONTHS, 1),
    ...lastFridays(first, QUARTERS, 3),
  ])
  return [...days].sort((a, b) => a - b).map(expiryOn)
}

/** The next last Fridays, from a day on, of months whose number is a multiple of `every`. */
function lastFridays(first: number, count: number, every: number): number[] {
  const start = dateOf(first)
  const found: number[] = []
  for (let months = start.month - 1; found.length < count; months++) {
    const month = (months % 12) + 1
    const day = lastFridayOf(start.year + Math.floor(months / 12), month)
    if (month % every === 0 && day >= first) found.push(day)
  }
  return found
}
