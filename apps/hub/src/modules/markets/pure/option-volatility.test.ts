import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEstablished, isTwoSided, markVolatilityE9, nextPresence } from './option-volatility.ts'
import type { RestingQuote } from './option-volatility.ts'

const both = (owner: string, sizeE9 = 10n): RestingQuote[] =>
  [true, false].map((isBuy) => ({ owner, isBuy, sizeE9 }))
const present = (pattern: readonly boolean[]) => pattern.reduce(nextPresence, 0n)
const times = (count: number, is: boolean) => Array.from({ length: count }, () => is)

describe('two-sided quotes', () => {
  it('are of three unlinked owners, each on both sides', () => {
    expect(isTwoSided([...both('a'), ...both('b'), ...both('c')], 10n)).toBe(true)
    expect(isTwoSided([...both('a'), ...both('b'), ...both('b')], 10n)).toBe(false)
    expect(isTwoSided([...both('a'), ...both('b'), both('c')[0]!, both('d')[1]!], 10n)).toBe(false)
    expect(isTwoSided([], 0n)).toBe(false)
  })

  it('are of size: an owner’s quotes of one side count together', () => {
    expect(isTwoSided([...both('a'), ...both('b'), ...both('c', 9n)], 10n)).toBe(false)
    expect(isTwoSided([...both('a'), ...both('b'), ...both('c', 5n), ...both('c', 5n)], 10n)).toBe(true)
    expect(isTwoSided([...both('a'), ...both('b'), both('c')[0]!], 0n)).toBe(false)
  })
})

describe('presence', () => {
  it('takes 80 of the last 100 blocks', () => {
    expect(isEstablished(present(times(79, true)))).toBe(false)
    expect(isEstablished(present(times(80, true)))).toBe(true)
    expect(isEstablished(present([...times(80, true), ...times(20, false)]))).toBe(true)
    expect(isEstablished(present([...times(80, true), ...times(21, false)]))).toBe(false)
    expect(isEstablished(present([...times(100, true), ...times(20, false), true]))).toBe(true)
  })

  it('counts the last hundred, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (pattern) => {
        const count = pattern.slice(-100).filter(Boolean).length
        expect(isEstablished(present(pattern))).toBe(count >= 80)
      }),
    )
  })
})

describe('an option’s volatility', () => {
  const established = present(times(80, true))
  it.each([
    [600_000_000n, 620_000_000n, 620_000_000n],
    [600_000_000n, 700_000_000n, 650_000_000n],
    [600_000_000n, 100_000_000n, 550_000_000n],
    [30_000_000n, 1n, 1n],
  ])('oracle %s, quoted %s: %s', (oracle, quoted, expected) => {
    expect(markVolatilityE9(oracle, quoted, established)).toBe(expected)
  })

  it('is the oracle’s without quotes that are there most of the time', () => {
    expect(markVolatilityE9(600_000_000n, 620_000_000n, present(times(79, true)))).toBe(600_000_000n)
    expect(markVolatilityE9(600_000_000n, undefined, established)).toBe(600_000_000n)
  })
})
