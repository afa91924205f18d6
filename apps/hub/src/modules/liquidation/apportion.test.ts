import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion } from './apportion.ts'

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
  .filter((all) => all.some((weight) => weight > 0n))

describe('apportion', () => {
  it('shares out exactly, each its floor or one more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), weights, (units, all) => {
        const parts = apportion(units, all)
        const sum = all.reduce((total, weight) => total + weight, 0n)
        expect(parts.reduce((total, part) => total + part, 0n)).toBe(units)
        for (const [i, weight] of all.entries()) {
          const floor = (units * weight) / sum
          expect(parts[i]! === floor || parts[i] === floor + 1n).toBe(true)
          if (weight === 0n) expect(parts[i]).toBe(0n)
        }
      }),
    )
  })

  it('gives what is left to the largest remainders, of equal ones to the first', () => {
    expect(apportion(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n])
    expect(apportion(1n, [1n, 5n, 4n])).toEqual([0n, 1n, 0n])
    expect(apportion(7n, [2n, 3n])).toEqual([3n, 4n])
    expect(apportion(1n, [1n])).toEqual([1n])
  })

  it('has somebody to share with', () => {
    expect(() => apportion(1n, [])).toThrow()
    expect(() => apportion(1n, [0n])).toThrow()
    expect(() => apportion(-1n, [1n])).toThrow()
    expect(() => apportion(1n, [2n, -1n])).toThrow()
  })
})
