import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateOf, dayOf, expiryOn, fridayFrom, lastFridayOf, weekdayOf } from './calendar.ts'

const DAY_MS = 86_400_000
const utcDay = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY_MS
/** 1970 to 9999. */
const anyDay = fc.integer({ min: 0, max: 2_932_896 })

describe('the calendar', () => {
  it.each([
    ['1970-01-01', 0],
    ['2000-02-29', 11_016],
    ['2024-02-29', 19_782],
    ['2026-03-27', 20_539],
    ['2100-03-01', 47_541],
  ])('%s is day %s', (text, day) => {
    const [year, month, number] = text.split('-').map(Number)
    expect(dayOf({ year: year!, month: month!, day: number! })).toBe(day)
    expect(dateOf(day)).toEqual({ year, month, day: number })
  })

  it('is that of the platform', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const date = new Date(day * DAY_MS)
        const expected = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        }
        expect(dateOf(day)).toEqual(expected)
        expect(dayOf(expected)).toBe(day)
        expect(weekdayOf(day)).toBe(date.getUTCDay())
      }),
      { numRuns: 2_000 },
    )
  })

  it('knows Fridays', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const friday = fridayFrom(day)
        expect(weekdayOf(friday)).toBe(5)
        expect(friday >= day && friday < day + 7).toBe(true)
      }),
    )
  })

  it.each([
    ['2026-01-30', 2026, 1],
    ['2026-02-27', 2026, 2],
    ['2024-02-23', 2024, 2],
    ['2008-02-29', 2008, 2],
    ['2026-07-31', 2026, 7],
    ['2027-12-31', 2027, 12],
    ['2026-12-25', 2026, 12],
  ])('%s is the last Friday of %s-%s', (text, year, month) => {
    expect(lastFridayOf(year, month)).toBe(utcDay(text))
  })

  it('expires at 08:00:00 UTC', () => {
    expect(expiryOn(utcDay('2026-03-27'))).toBe(BigInt(Date.parse('2026-03-27T08:00:00Z') / 1000))
    expect(() => dateOf(-1)).toThrow('1970')
    expect(() => dateOf(0.5)).toThrow('whole')
  })
})
