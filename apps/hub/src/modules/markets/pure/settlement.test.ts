import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSample, observedPartE9, settlementAt, trimHistory } from './settlement.ts'
import type { IndexBucket } from './types.ts'

const E9 = 1_000_000_000n
const SECOND = 1_000_000_000n
/** 2026-03-27 08:00:00 UTC. */
const EXPIRY = 1_774_598_400n
const HOURS_6 = 21_600n

/** Samples at seconds from expiry, each seen again at the next one's time; the last for as long as it may. */
function history(...samples: [second: number, price: bigint][]): IndexBucket[] {
  let buckets: IndexBucket[] = []
  samples.forEach(([second, price], i) => {
    const at = (EXPIRY + BigInt(second)) * SECOND
    const next = samples[i + 1]
    const until = next === undefined ? at + 60n * SECOND : (EXPIRY + BigInt(next[0])) * SECOND
    buckets = addSample(buckets, { priceE9: price * E9, timeNanoseconds: at }, until)
  })
  return buckets
}

/** A sample every `step` seconds from one second on to before another. */
const every = (step: number, from: number, to: number, price: (second: number) => bigint) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i): [number, bigint] => [
    from + i * step,
    price(from + i * step),
  ])

const at = (second: bigint) => (EXPIRY + second) * SECOND
const covered = (buckets: readonly IndexBucket[]) =>
  buckets.reduce((sum, { coveredNanoseconds }) => sum + coveredNanoseconds, 0n)

describe('a sample', () => {
  it('stands until the next, over the minutes between', () => {
    expect(history([-70, 100n], [-55, 200n])).toEqual([
      // 100 for 10 s; then 100 for 5 s and 200 for 30 s
      { minute: EXPIRY / 60n - 2n, sum: 1_000n * E9 * SECOND, coveredNanoseconds: 10n * SECOND },
      { minute: EXPIRY / 60n - 1n, sum: 6_500n * E9 * SECOND, coveredNanoseconds: 35n * SECOND },
    ])
  })

  it('counts 30 s at most', () => {
    expect(covered(history([-900, 100n], [-100, 100n]))).toBe(60n * SECOND)
  })

  it('counts nothing before the next block, and comes after the one before', () => {
    const sample = { priceE9: E9, timeNanoseconds: at(0n) }
    expect(addSample([], sample, at(0n))).toEqual([])
    expect(() => addSample([], sample, at(-1n))).toThrow('past')
    expect(() =>
      addSample(addSample([], sample, at(5n)), { ...sample, timeNanoseconds: at(-90n) }, at(5n)),
    ).toThrow('order of time')
    const once = addSample([], { priceE9: E9, timeNanoseconds: at(0n) }, at(30n))
    const twice = addSample(once, { priceE9: E9, timeNanoseconds: at(20n) }, at(50n))
    expect(() => addSample(twice, { priceE9: E9, timeNanoseconds: at(30n) }, at(60n))).toThrow('twice')
  })

  it('leaves all but the last bucket as they were', () => {
    const before = history(...every(20, -600, 0, () => 100n))
    const after = addSample(before, { priceE9: 7n * E9, timeNanoseconds: at(31n) }, at(61n))
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  })
})

describe('the settlement price', () => {
  it('is the mean by time of the last half hour', () => {
    // 100 for 1,200 s, then 130 for 600 s; what came before and after doesn't count.
    const samples = every(10, -3_000, 20, (second) =>
      second < -1_800 ? 5n : second < -600 ? 100n : second < 0 ? 130n : 9n,
    )
    const expected = { isSettled: true, priceE9: 110n * E9, rule: 'window' }
    expect(settlementAt(history(...samples), EXPIRY, at(0n))).toEqual(expected)
    expect(settlementAt(history(...samples), EXPIRY, at(100n))).toEqual(expected)
  })

  it('is that of the covered part, from 80 % on', () => {
    // 1,440 s of the window: 720 s at 100, 360 s of nothing, 720 s at 103.
    const samples = [...every(30, -1_800, -1_080, () => 100n), ...every(30, -720, 0, () => 103n)]
    expect(settlementAt(history(...samples), EXPIRY, at(0n))).toEqual({
      isSettled: true,
      priceE9: 101_500_000_000n,
      rule: 'window',
    })
  })

  it('rounds down', () => {
    const samples = [...every(30, -1_800, -600, () => 100n), ...every(30, -600, 0, () => 101n)]
    // 100 + 1/3
    expect(settlementAt(history(...samples), EXPIRY, at(0n))).toMatchObject({ priceE9: 100_333_333_333n })
  })

  it('below that waits until 1,440 s are covered, before and after expiry together', () => {
    // 1,410 s at 100 by expiry; 30 s more at 196 from 1,000 s after.
    const samples: [number, bigint][] = [...every(30, -1_800, -390, () => 100n), [1_000, 196n]]
    const waiting = { isSettled: false, coveredNanoseconds: 1_410n * SECOND, isNever: false }
    expect(settlementAt(history(...samples.slice(0, -1)), EXPIRY, at(0n))).toEqual(waiting)
    expect(settlementAt(history(...samples.slice(0, -1)), EXPIRY, at(HOURS_6 - 1n))).toEqual(waiting)
    // (1,410 · 100 + 30 · 196) ÷ 1,440
    expect(settlementAt(history(...samples), EXPIRY, at(1_030n))).toEqual({
      isSettled: true,
      priceE9: 102n * E9,
      rule: 'extended',
    })
  })

  it('after six hours is the mean of the last covered half hour before expiry', () => {
    // 70 s at 50 long ago, 1,790 s at 100 a day before, 10 s at 460 shortly before expiry.
    const day = -86_400
    const samples = [
      ...every(20, day - 1_000, day - 940, () => 50n),
      ...every(20, day, day + 1_780, () => 100n),
    ]
    let buckets = history(...samples, [-10, 460n])
    // The last one that `history` lets stand 30 s is cut at expiry by its buckets.
    buckets = buckets.filter(({ minute }) => minute < EXPIRY / 60n)
    expect(covered(buckets)).toBe((70n + 1_790n + 10n) * SECOND)
    const waiting = settlementAt(buckets, EXPIRY, at(HOURS_6) - 1n)
    expect(waiting).toEqual({ isSettled: false, coveredNanoseconds: 10n * SECOND, isNever: false })
    // 10 s at 460 and the 1,790 s before that at 100
    expect(settlementAt(buckets, EXPIRY, at(HOURS_6))).toEqual({
      isSettled: true,
      priceE9: 102n * E9,
      rule: 'fallback',
    })
  })

  it('after six hours counts nothing that came after expiry', () => {
    const samples = [...every(30, -1_200, 0, () => 100n), ...every(30, 600, 780, () => 900n)]
    const buckets = history(...samples)
    expect(settlementAt(buckets, EXPIRY, at(HOURS_6))).toMatchObject({ priceE9: 100n * E9, rule: 'fallback' })
    const trimmed = trimHistory(history(...every(30, -9_000, -8_000, () => 40n), ...samples), EXPIRY)
    // 1,200 s at 100 and 600 s at 40
    expect(settlementAt(trimmed, EXPIRY, at(HOURS_6))).toMatchObject({ priceE9: 80n * E9, rule: 'fallback' })
  })

  it('of the earliest minute takes the part that is needed, at its mean', () => {
    const minute = (number: bigint, seconds: bigint, price: bigint) => ({
      minute: EXPIRY / 60n - number,
      sum: price * E9 * seconds * SECOND,
      coveredNanoseconds: seconds * SECOND,
    })
    const old = Array.from({ length: 31 }, (_, i) => minute(131n - BigInt(i), 59n, i === 0 ? 400n : 100n))
    // 30 minutes of 59 s = 1,770 s, and 30 s of the oldest, which is at 400: 100 + 300/60
    expect(settlementAt(old, EXPIRY, at(HOURS_6))).toEqual({
      isSettled: true,
      priceE9: 105n * E9,
      rule: 'fallback',
    })
  })

  it('takes less than a half hour if there never was more, and says so if there never was a price', () => {
    expect(settlementAt(history([-5_000, 100n]), EXPIRY, at(HOURS_6))).toMatchObject({
      priceE9: 100n * E9,
      rule: 'fallback',
    })
    expect(settlementAt([], EXPIRY, at(HOURS_6))).toEqual({
      isSettled: false,
      coveredNanoseconds: 0n,
      isNever: true,
    })
  })

  it('is not asked for before expiry, nor off the minute', () => {
    expect(() => settlementAt([], EXPIRY, at(0n) - 1n)).toThrow('before')
    expect(() => settlementAt([], EXPIRY + 1n, at(9n))).toThrow('minute')
  })

  it('lies within the prices seen', () => {
    const samples = fc.uniqueArray(fc.tuple(fc.integer({ min: -4_000, max: 400 }), fc.bigInt(90n, 110n)), {
      minLength: 1,
      maxLength: 120,
      selector: ([second]) => second,
    })
    fc.assert(
      fc.property(samples, (some) => {
        const sorted = some.sort(([a], [b]) => a - b)
        const result = settlementAt(history(...sorted), EXPIRY, at(HOURS_6))
        if (!result.isSettled) {
          expect(sorted[0]![0]).toBeGreaterThanOrEqual(0)
          return
        }
        const prices = sorted.map(([, price]) => price * E9)
        expect(prices.some((price) => price <= result.priceE9)).toBe(true)
        expect(prices.some((price) => price >= result.priceE9)).toBe(true)
      }),
    )
  })
})

describe('a trimmed history', () => {
  it('settles as the whole one would, whenever it was trimmed', () => {
    const samples = fc.uniqueArray(fc.tuple(fc.integer({ min: -9_000, max: 3_000 }), fc.bigInt(90n, 110n)), {
      maxLength: 120,
      selector: ([second]) => second,
    })
    const moments = [-4_000n, -1_000n, -7n, 0n, 500n, 3_000n, HOURS_6]
    fc.assert(
      fc.property(samples, (some) => {
        const sorted = some.sort(([a], [b]) => a - b)
        let [whole, trimmed] = [[] as IndexBucket[], [] as IndexBucket[]]
        sorted.forEach(([second, price], i) => {
          const sample = { priceE9: price * E9, timeNanoseconds: at(BigInt(second)) }
          const until = at(BigInt(sorted[i + 1]?.[0] ?? 4_000))
          whole = addSample(whole, sample, until)
          const now = until / SECOND
          trimmed = trimHistory(addSample(trimmed, sample, until), now < EXPIRY ? now : EXPIRY)
        })
        for (const moment of moments.filter((second) => second >= 0n))
          expect(settlementAt(trimmed, EXPIRY, at(moment))).toEqual(settlementAt(whole, EXPIRY, at(moment)))
        expect(observedPartE9(trimmed, EXPIRY)).toBe(observedPartE9(whole, EXPIRY))
      }),
    )
  })

  it('is short while prices come: the half hour, and the minute that runs', () => {
    const long = history(...every(1, -20_000, 0, () => 100n))
    expect(trimHistory(long, EXPIRY - 30n).length).toBe(32)
    expect(trimHistory([], EXPIRY)).toEqual([])
  })
})

describe('what the mean has fixed', () => {
  it('is Σ index·Δt so far ÷ 1800', () => {
    const samples = every(10, -3_000, -1_200, () => 90n)
    // 600 s of the window at 90, and 20 s more that the last one stands: 620 · 90 ÷ 1800
    expect(observedPartE9(history(...samples), EXPIRY)).toBe(31n * E9)
    expect(observedPartE9([], EXPIRY)).toBe(0n)
  })
})
