// The Gregorian calendar in UTC, in whole days since 1970-01-01. Plain integers below 2³¹: exact.
import { assert } from '@causeway/primitives'

/** Seconds in a day of UTC; leap seconds don't exist in block time. */
export const DAY_SECONDS = 86_400n
/** 08:00:00 UTC, when everything expires. */
export const EXPIRY_TIME_SECONDS = 28_800n

const DAYS_OF_400_YEARS = 146_097
/** 0000-03-01, where years of the algorithm begin. */
const DAYS_BEFORE_1970 = 719_468
const FRIDAY = 5

/** A day by name. */
export interface CivilDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 31. */
  readonly day: number
}

/**
 * Days since 1970 of a date. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * days_from_civil.
 */
export function dayOf({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_OF_400_YEARS + dayOfEra - DAYS_BEFORE_1970
}

/** The date of a day since 1970. Source: as `dayOf`, civil_from_days. */
export function dateOf(day: number): CivilDate {
  assert(Number.isSafeInteger(day) && day >= 0, 'a day is whole and not before 1970')
  const shifted = day + DAYS_BEFORE_1970
  const era = Math.floor(shifted / DAYS_OF_400_YEARS)
  const dayOfEra = shifted - era * DAYS_OF_400_YEARS
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

/** 0 = Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (day + 4) % 7
}

/** The first Friday on a day or after it. */
export function fridayFrom(day: number): number {
  return day + ((FRIDAY - weekdayOf(day) + 7) % 7)
}

/** The last Friday of a month. */
export function lastFridayOf(year: number, month: number): number {
  const next = dayOf(month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 })
  return fridayFrom(next - 7)
}

/** When what expires on a day does, seconds since 1970. */
export function expiryOn(day: number): bigint {
  return BigInt(day) * DAY_SECONDS + EXPIRY_TIME_SECONDS
}
