import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isStrike, strikeStepE9, strikesE9 } from './strikes.ts'

const E9 = 1_000_000_000n
const DAY = 86_400n
const milli = (value: number) => BigInt(Math.round(value * 1_000)) * 1_000_000n

describe('the step of strikes', () => {
  it.each([
    // spot, days, step
    [60_000, 3n, 500], // 600: nearer 500 than 1,000
    [60_000, 30n, 1_000], // 1,500: as near 1,000 as 2,000
    [60_000, 90n, 2_500], // 3,000
    [100_000, 7n, 1_000],
    [100_000, 45n, 2_500],
    [100_000, 46n, 5_000],
    [3_000, 3n, 25], // 30: nearer 25 than 50
    [3_000, 30n, 50], // 75: as near 50 as 100
    [3_000, 90n, 100], // 150: as near 100 as 200
    [150, 3n, 1], // 1.5
    [240, 3n, 2.5], // 2.4
    [190, 3n, 2], // 1.9
    [420, 3n, 5], // 4.2
    [760, 3n, 10], // 7.6: nearer 10 than 5
    [0.5, 3n, 0.005],
    [0.25, 3n, 0.0025],
  ])('spot %s, %s days: %s', (spot, days, step) => {
    const terms = { spotE9: milli(spot), secondsToExpiry: days * DAY, forwardE9: milli(spot) }
    expect(strikeStepE9(terms)).toBe(BigInt(Math.round(step * 1e9)))
  })

  it('changes a second after seven and after 45 days', () => {
    const step = (secondsToExpiry: bigint) =>
      strikeStepE9({ spotE9: 1_000n * E9, forwardE9: E9, secondsToExpiry }) / E9
    expect([7n * DAY, 7n * DAY + 1n, 45n * DAY, 45n * DAY + 1n].map(step)).toEqual([10n, 25n, 25n, 50n])
  })

  it('is a whole number however small the spot', () => {
    const step = (spotE9: bigint) => strikeStepE9({ spotE9, forwardE9: 1n, secondsToExpiry: 0n })
    expect([1n, 100n, 160n, 240n, 400n, 900n].map(step)).toEqual([1n, 1n, 2n, 2n, 5n, 10n])
    expect(() => step(0n)).toThrow('price')
  })

  it('is within a third of what was asked for', () => {
    fc.assert(
      fc.property(fc.bigInt(10n ** 5n, 10n ** 18n), (spotE9) => {
        const step = strikeStepE9({ spotE9, forwardE9: 1n, secondsToExpiry: 0n })
        // Furthest off in the middle of 5 and 10, and of 1 and 2: 7.5 becomes 5, 1.5 becomes 1
        expect(step * 300n >= spotE9 * 2n - 300n && step * 300n <= spotE9 * 4n + 300n).toBe(true)
      }),
    )
  })
})

describe('strikes', () => {
  it('are the multiples of the step from half to twice the forward', () => {
    const terms = { spotE9: 100n * E9, forwardE9: 102n * E9, secondsToExpiry: 90n * DAY }
    const strikes = strikesE9(terms)
    expect([strikes[0], strikes[1], strikes.at(-1)]).toEqual([55n * E9, 60n * E9, 200n * E9])
    expect(strikes).toHaveLength(30)
  })

  it('include both ends where they are multiples', () => {
    const terms = { spotE9: 100n * E9, forwardE9: 100n * E9, secondsToExpiry: 0n }
    const strikes = strikesE9(terms)
    expect([strikes[0], strikes.at(-1), strikes.length]).toEqual([50n * E9, 200n * E9, 151])
  })

  it('are told from others without the list', () => {
    const price = fc.bigInt(10n ** 6n, 10n ** 14n)
    fc.assert(
      fc.property(
        price,
        fc.bigInt(90n, 110n),
        fc.bigInt(0n, 400n * DAY),
        price,
        (spotE9, percent, left, any) => {
          const terms = { spotE9, forwardE9: (spotE9 * percent) / 100n, secondsToExpiry: left }
          const strikes = strikesE9(terms)
          const step = strikeStepE9(terms)
          for (const strike of [...strikes.slice(0, 3), ...strikes.slice(-3)])
            expect(isStrike(strike, terms)).toBe(true)
          for (const other of [any, strikes[0]! - step, strikes.at(-1)! + step, strikes[0]! + 1n])
            expect(isStrike(other, terms)).toBe(strikes.includes(other))
          for (const strike of strikes)
            expect(strike > 0n && strike * 2n >= terms.forwardE9 && strike <= terms.forwardE9 * 2n).toBe(true)
          expect(strikes.length).toBeLessThanOrEqual(252)
        },
      ),
      { numRuns: 300 },
    )
  })
})
