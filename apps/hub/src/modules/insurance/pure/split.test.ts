import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitByWeights } from './split.ts'

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1, maxLength: 30 })
  .filter((list) => list.some((weight) => weight > 0n))
const amount = fc.bigInt({ min: 0n, max: 10n ** 24n })
const sum = (list: readonly bigint[]) => list.reduce((all, each) => all + each, 0n)

describe('splitting a whole number by weights', () => {
  it('gives what the remainders say, of equal ones to the first', () => {
    expect(splitByWeights(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n])
    expect(splitByWeights(10n, [1n, 0n, 2n])).toEqual([3n, 0n, 7n])
    expect(splitByWeights(7n, [50n, 30n, 20n])).toEqual([4n, 2n, 1n])
    expect(splitByWeights(0n, [3n])).toEqual([0n])
  })

  it('conserves every unit, and no part is off by a whole one', () => {
    fc.assert(
      fc.property(amount, weights, (total, list) => {
        const parts = splitByWeights(total, list)
        const all = sum(list)
        expect(sum(parts)).toBe(total)
        for (const [i, part] of parts.entries()) {
          const off = part * all - total * list[i]!
          expect(off > -all && off < all).toBe(true)
          if (list[i] === 0n) expect(part).toBe(0n)
        }
      }),
    )
  })

  it('gives the same to the same weights in any order, but for the unit that breaks a tie', () => {
    fc.assert(
      fc.property(amount, weights, (total, list) => {
        const reversed = splitByWeights(total, [...list].reverse()).reverse()
        for (const [i, part] of splitByWeights(total, list).entries()) {
          const off = part - reversed[i]!
          expect(off >= -1n && off <= 1n).toBe(true)
        }
      }),
    )
  })

  it('gives nobody more than his weight where there is not more than all weights', () => {
    fc.assert(
      fc.property(weights, fc.bigInt({ min: 0n, max: 1_000n }), (list, permille) => {
        const parts = splitByWeights((sum(list) * permille) / 1_000n, list)
        for (const [i, part] of parts.entries()) expect(part <= list[i]!).toBe(true)
      }),
    )
  })

  it('has no parts without weights', () => {
    expect(() => splitByWeights(1n, [0n, 0n])).toThrow()
    expect(() => splitByWeights(1n, [2n, -1n])).toThrow()
    expect(() => splitByWeights(-1n, [1n])).toThrow()
  })
})
