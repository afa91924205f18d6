import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ONE_E18, exponentialDecayE18, halfLifeDecayE18 } from './decay.ts'

const seconds = fc.bigInt({ min: 0n, max: 10_000_000_000_000n })

describe('decay', () => {
  // Digits of e^−x and 2^−x to 18 places, cut off (Wolfram: e^-1, e^-0.001, e^-10, 2^-0.5, 2^-0.1).
  it.each([
    [1n, 1n, 367_879_441_171_442_321n],
    [1n, 1000n, 999_000_499_833_374_991n],
    [10n, 1n, 45_399_929_762_484n],
    [0n, 1n, ONE_E18],
    [100n, 1n, 0n],
    [1n << 100n, 1n, 0n],
  ])('e^−(%s/%s) is %s', (elapsed, constant, expected) => {
    expect(exponentialDecayE18(elapsed, constant)).toBe(expected)
  })

  it.each([
    [1n, 2n, 707_106_781_186_547_524n],
    [1n, 10n, 933_032_991_536_807_415n],
    [1n, 1n, 500_000_000_000_000_000n],
    [3n, 1n, 125_000_000_000_000_000n],
    [59n, 1n, 1n],
    [60n, 1n, 0n],
    [0n, 1n, ONE_E18],
    [1n << 100n, 1n, 0n],
  ])('2^−(%s/%s) is %s', (elapsed, halfLife, expected) => {
    expect(halfLifeDecayE18(elapsed, halfLife)).toBe(expected)
  })

  it('is that of floating point to 15 digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6_000_000 }), (milliseconds) => {
        const elapsed = BigInt(milliseconds)
        expect(Number(exponentialDecayE18(elapsed, 150_000n)) / 1e18).toBeCloseTo(
          Math.exp(-milliseconds / 150_000),
          14,
        )
        expect(Number(halfLifeDecayE18(elapsed, 60_000n)) / 1e18).toBeCloseTo(
          2 ** (-milliseconds / 60_000),
          14,
        )
      }),
    )
  })

  it.each([
    ['e', exponentialDecayE18],
    ['2', halfLifeDecayE18],
  ])('to base %s never grows, and in two steps is that in one but for the last digits', (_, decay) => {
    fc.assert(
      fc.property(seconds, seconds, (a, b) => {
        const constant = 150_000_000_000n
        const [first, second, both] = [decay(a, constant), decay(b, constant), decay(a + b, constant)]
        expect(both <= first && both <= second).toBe(true)
        const off = (first * second) / ONE_E18 - both
        expect(off >= -3n && off <= 3n).toBe(true)
      }),
    )
  })

  it('does not go back in time', () => {
    expect(() => exponentialDecayE18(-1n, 1n)).toThrow('forward')
    expect(() => halfLifeDecayE18(1n, 0n)).toThrow('forward')
  })
})
