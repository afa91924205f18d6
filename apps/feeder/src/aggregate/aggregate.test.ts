import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AHEAD_MS_MAX, aggregate } from './aggregate.ts'
import type { Aggregate, SourceReading } from './aggregate.ts'

const NOW = 1_000_000
const terms = { minSources: 3, maxDeviationBps: 200n }

function from(prices: readonly (number | bigint)[], ages: readonly number[] = []): SourceReading[] {
  return prices.map((price, i) => ({
    source: `s${i}`,
    priceE9: BigInt(price),
    publishTimeMs: NOW - (ages[i] ?? 0),
    staleAfterMs: 5_000,
  }))
}

function priceOf(result: Aggregate): bigint | string {
  return result.kind === 'price' ? result.priceE9 : result.reason
}

function leftOut(result: Aggregate): (string | undefined)[] {
  return result.verdicts.map((verdict) => verdict.leftOut)
}

describe('aggregate', () => {
  it('is the median of an odd number, the mean of the middle two of an even one', () => {
    expect(priceOf(aggregate(from([1_010, 1_000, 1_005]), terms, NOW))).toBe(1_005n)
    expect(priceOf(aggregate(from([1_010, 1_000, 1_005, 1_008]), terms, NOW))).toBe(1_006n)
  })

  it('is never that of too few sources', () => {
    expect(priceOf(aggregate(from([1_000, 1_001]), terms, NOW))).toBe('too-few-sources')
    expect(priceOf(aggregate([], terms, NOW))).toBe('too-few-sources')
    // Three speak, but one is stale.
    expect(priceOf(aggregate(from([1_000, 1_001, 1_002], [0, 0, 5_001]), terms, NOW))).toBe('too-few-sources')
    // Three are fresh, but one lies.
    expect(priceOf(aggregate(from([1_000, 1_001, 1_500]), terms, NOW))).toBe('too-few-sources')
  })

  it('leaves out a source that lies by 50 % either way', () => {
    for (const lie of [500, 1_500]) {
      const result = aggregate(from([1_000, 1_001, 999, lie]), terms, NOW)
      expect(priceOf(result)).toBe(1_000n)
      expect(leftOut(result)).toEqual([undefined, undefined, undefined, 'outlier'])
      expect(result).toMatchObject({ used: 3, spreadE9: 2n })
    }
  })

  it('believes neither of two camps that disagree', () => {
    expect(priceOf(aggregate(from([1_000, 1_001, 1_500, 1_501]), terms, NOW))).toBe('sources-disagree')
    expect(priceOf(aggregate(from([1_000, 1_500]), { ...terms, minSources: 2 }, NOW))).toBe(
      'sources-disagree',
    )
    // Two against three: the majority is believed.
    expect(priceOf(aggregate(from([1_000, 1_001, 1_002, 1_500, 1_501]), terms, NOW))).toBe(1_001n)
    // One that alone is asked for is believed.
    expect(priceOf(aggregate(from([1_000]), { ...terms, minSources: 1 }, NOW))).toBe(1_000n)
  })

  it('leaves out what sticks out of close agreement, but nothing within 0.1 %', () => {
    const close = aggregate(from([100_000, 100_010, 99_990, 100_000, 100_900]), terms, NOW)
    expect(leftOut(close)).toEqual([undefined, undefined, undefined, undefined, 'outlier'])
    const equal = aggregate(from([100_000, 100_000, 100_000, 100_100]), terms, NOW)
    expect(leftOut(equal)).toEqual([undefined, undefined, undefined, undefined])
  })

  it('judges times: stale after the source’s own limit, and from the future not at all', () => {
    const ages = [0, 5_000, 5_001, -AHEAD_MS_MAX, -AHEAD_MS_MAX - 1]
    const result = aggregate(from([1_000, 1_000, 1_000, 1_000, 1_000], ages), terms, NOW)
    expect(leftOut(result)).toEqual([undefined, undefined, 'stale', undefined, 'future'])
  })

  it('is published when more than half of its sources were', () => {
    const time = (ages: readonly number[]) => {
      const result = aggregate(
        from(
          ages.map(() => 1_000),
          ages,
        ),
        { ...terms, minSources: 2 },
        NOW,
      )
      return result.kind === 'price' ? NOW - result.publishTimeMs : undefined
    }
    expect(time([100, 200, 4_000])).toBe(200)
    expect(time([100, 4_000])).toBe(4_000)
    expect(time([100, 200, 300, 4_000])).toBe(300)
  })

  it('less than half of liars never move the price beyond the honest ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(99_900n, 100_100n), { minLength: 3, maxLength: 9 }),
        fc.array(fc.bigInt(1n, 1n << 63n), { maxLength: 8 }),
        (honest, lies) => {
          fc.pre(lies.length < honest.length)
          const result = aggregate(from([...honest, ...lies]), terms, NOW)
          if (result.kind === 'none') return
          expect(result.used).toBeGreaterThanOrEqual(terms.minSources)
          expect(result.priceE9).toBeGreaterThanOrEqual(99_900n)
          expect(result.priceE9).toBeLessThanOrEqual(100_100n)
        },
      ),
    )
  })

  it('does not depend on the order of its sources', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(90_000n, 110_000n), { minLength: 1, maxLength: 9 }), (prices) => {
        expect(priceOf(aggregate(from(prices), terms, NOW))).toBe(
          priceOf(aggregate(from([...prices].reverse()), terms, NOW)),
        )
      }),
    )
  })
})
