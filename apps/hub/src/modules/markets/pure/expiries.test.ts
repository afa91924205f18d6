import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextExpiries } from './expiries.ts'

const seconds = (text: string) => BigInt(Date.parse(text) / 1000)
const days = (text: string) =>
  nextExpiries(seconds(text)).map((expiry) => new Date(Number(expiry) * 1000).toISOString())
const at8 = (...dates: string[]) => dates.map((date) => `${date}T08:00:00.000Z`)

describe('the next expiries', () => {
  it('on a Monday in the middle of a month', () => {
    expect(days('2026-02-09T12:00:00Z')).toEqual(
      at8(
        '2026-02-10', // days
        '2026-02-11',
        '2026-02-12',
        '2026-02-13', // Fridays
        '2026-02-20',
        '2026-02-27', // and the month's last
        '2026-03-06',
        '2026-03-27', // month and quarter
        '2026-04-24',
        '2026-06-26',
        '2026-09-25',
        '2026-12-25',
      ),
    )
  })

  it('on a quarter’s last Friday, a second before it expires', () => {
    expect(days('2026-03-27T07:59:59Z')).toEqual(
      at8(
        '2026-03-27',
        '2026-03-28',
        '2026-03-29',
        '2026-04-03',
        '2026-04-10',
        '2026-04-17',
        '2026-04-24',
        '2026-05-29',
        '2026-06-26',
        '2026-09-25',
        '2026-12-25',
      ),
    )
  })

  it('on a quarter’s last Friday, as it expires', () => {
    expect(days('2026-03-27T08:00:00Z')).toEqual(
      at8(
        '2026-03-28',
        '2026-03-29',
        '2026-03-30',
        '2026-04-03',
        '2026-04-10',
        '2026-04-17',
        '2026-04-24',
        '2026-05-29',
        '2026-06-26',
        '2026-09-25',
        '2026-12-25',
        '2027-03-26',
      ),
    )
  })

  it('at the end of a month whose last Friday is over: the next month’s', () => {
    expect(days('2026-04-28T00:00:00Z')).toEqual(
      at8(
        '2026-04-28',
        '2026-04-29',
        '2026-04-30',
        '2026-05-01',
        '2026-05-08',
        '2026-05-15',
        '2026-05-22',
        '2026-05-29',
        '2026-06-26',
        '2026-07-31',
        '2026-09-25',
        '2026-12-25',
        '2027-03-26',
      ),
    )
  })

  it('over a leap day, and over the end of a year', () => {
    expect(days('2028-02-27T09:00:00Z').slice(0, 3)).toEqual(at8('2028-02-28', '2028-02-29', '2028-03-01'))
    expect(days('2027-12-30T08:00:00Z')).toEqual(
      at8(
        '2027-12-31',
        '2028-01-01',
        '2028-01-02',
        '2028-01-07',
        '2028-01-14',
        '2028-01-21',
        '2028-01-28',
        '2028-02-25',
        '2028-03-31',
        '2028-06-30',
        '2028-09-29',
      ),
    )
  })

  it('knows no summer time: every expiry is at 08:00:00 UTC', () => {
    const moment = fc.integer({ min: 0, max: 4_000_000_000 })
    fc.assert(
      fc.property(moment, (now) => {
        const found = nextExpiries(BigInt(now))
        for (const expiry of found) {
          expect(expiry > BigInt(now)).toBe(true)
          expect(expiry % 86_400n).toBe(28_800n)
        }
        expect(found).toEqual([...new Set(found)].sort((a, b) => (a < b ? -1 : 1)))
        expect(found).toEqual(naiveExpiries(now))
      }),
      { numRuns: 300 },
    )
  })

  it('only loses what expires as time goes on', () => {
    const moment = fc.integer({ min: 0, max: 4_000_000_000 })
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 86_400 }), (now, passed) => {
        const later = nextExpiries(BigInt(now + passed))
        for (const expiry of nextExpiries(BigInt(now)).filter((one) => one > BigInt(now + passed)))
          expect(later).toContain(expiry)
      }),
    )
  })
})

/** Day by day, with the platform's calendar. */
function naiveExpiries(now: number): bigint[] {
  const want = { days: 3, fridays: 4, months: 3, quarters: 4 }
  const found: bigint[] = []
  for (let day = Math.floor(now / 86_400); want.quarters > 0; day++) {
    const expiry = day * 86_400 + 28_800
    if (expiry <= now) continue
    const date = new Date(expiry * 1000)
    const isFriday = date.getUTCDay() === 5
    const isLast = isFriday && new Date((expiry + 7 * 86_400) * 1000).getUTCMonth() !== date.getUTCMonth()
    const isQuarter = isLast && date.getUTCMonth() % 3 === 2
    let isListed = want.days-- > 0
    if (isFriday && want.fridays-- > 0) isListed = true
    if (isLast && want.months-- > 0) isListed = true
    if (isQuarter && want.quarters-- > 0) isListed = true
    if (isListed) found.push(BigInt(expiry))
  }
  return found
}
