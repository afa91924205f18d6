import { describe, expect, it } from 'vitest'
import { drawFrom } from './random-case.fixture.ts'
import { microCash, splitExactly, splitSum } from './split-exactly.ts'

const sum = (parts: readonly bigint[]) => parts.reduce((total, each) => total + each, 0n)

describe('splitting into whole micro-cash', () => {
  it('gives what is missing to the largest remainders, of equal ones to the first', () => {
    expect(splitExactly([1e-6 / 2, 1e-6 / 2, 0], 1n)).toEqual([1n, 0n, 0n])
    expect(splitExactly([0.4e-6, 0.6e-6, 1e-6], 2n)).toEqual([0n, 1n, 1n])
    expect(splitExactly([-0.4e-6, 0.4e-6], 0n)).toEqual([0n, 0n])
    expect(splitExactly([432, 431.99999999999994], 864_000_000n)).toEqual([432_000_000n, 432_000_000n])
    expect(splitSum([0.1, 0.2, -0.3])).toEqual([100_000n, 200_000n, -300_000n])
    expect([microCash(431.99999999999994), microCash(-1e-6), microCash(-1e-7)]).toEqual([
      432_000_000n,
      -1n,
      -1n,
    ])
    expect(splitExactly([-1.5e-6, 3.5e-6], 2n)).toEqual([-1n, 3n])
  })

  it('spreads what no rounding explains', () => {
    expect(splitExactly([0, 0, 0], 7n)).toEqual([3n, 2n, 2n])
    expect(splitExactly([0, 0, 0], -7n)).toEqual([-2n, -2n, -3n])
    expect(splitExactly([0, 0, 0], -6n)).toEqual([-2n, -2n, -2n])
    expect(splitExactly([], 0n)).toEqual([])
  })

  it('sums exactly, each part within a micro-cash of its amount', () => {
    const draw = drawFrom(1)
    for (let run = 0; run < 2_000; run++) {
      const amounts = Array.from(
        { length: 1 + Math.floor(draw() * 30) },
        () => (draw() - 0.5) * 10 ** (draw() * 9),
      )
      const total = BigInt(Math.floor(amounts.reduce((a, b) => a + b, 0) * 1e6))
      expect(sum(splitExactly(amounts, total))).toBe(total)
      const parts = splitSum(amounts)
      expect(Math.abs(Number(sum(parts) - total))).toBeLessThanOrEqual(1)
      for (const [i, part] of parts.entries()) {
        const error = Number(part) - amounts[i]! * 1e6
        expect(error > -1.001 && error < 1.001).toBe(true)
      }
    }
  })
})
