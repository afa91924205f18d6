import { describe, expect, it } from 'vitest'
import { drawFrom } from '../explain/random-case.fixture.ts'
import { leastCost } from './least-cost.ts'

const near = (got: readonly number[] | undefined, expected: readonly number[]) => {
  expect(got).toBeDefined()
  got!.forEach((share, i) => expect(share).toBeCloseTo(expected[i]!, 9))
}
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0)

describe('the cheapest shares', () => {
  it('by hand', () => {
    near(leastCost([1, 1], [[2, 1]], [1]), [0.5, 0])
    near(leastCost([3, 1], [[2, 1]], [2]), [0.5, 1])
    near(leastCost([1, 1], [[1, -1], [-1, 2]], [0, 0.5]), [0.5, 0.5]) // prettier-ignore
    near(leastCost([1, 2], [[1, 1]], [-1]), [0, 0])
    near(leastCost([1], [], []), [0])
  })

  it('are none where none suffice', () => {
    expect(leastCost([1, 1], [[1, 1]], [3])).toBeUndefined()
    expect(leastCost([1], [[1], [-1]], [0.6, -0.5])).toBeUndefined()
    expect(leastCost([1], [[0]], [1])).toBeUndefined()
  })

  it('satisfy every need, and no shares of a fine grid are cheaper', () => {
    const draw = drawFrom(4)
    let solved = 0
    for (let run = 0; run < 300; run++) {
      const costs = [0, 0, 0].map(() => 0.1 + draw())
      const rows = Array.from({ length: 1 + Math.floor(draw() * 5) }, () => costs.map(() => draw() * 2 - 0.5))
      const needs = rows.map(() => draw() * 1.5 - 0.3)
      const found = leastCost(costs, rows, needs)
      const cheapest = onGrid(costs, rows, needs)
      if (found === undefined) {
        expect(cheapest).toBe(Number.POSITIVE_INFINITY)
        continue
      }
      solved++
      for (const [k, row] of rows.entries()) expect(dot(row, found)).toBeGreaterThan(needs[k]! - 1e-9)
      for (const share of found) expect(share >= 0 && share <= 1).toBe(true)
      expect(dot(costs, found)).toBeLessThan(cheapest + 1e-9)
    }
    expect(solved).toBeGreaterThan(100)
  })
})

/** The least cost of all shares by twentieths. */
function onGrid(
  costs: readonly number[],
  rows: readonly (readonly number[])[],
  needs: readonly number[],
): number {
  let least = Number.POSITIVE_INFINITY
  for (let code = 0; code < 21 ** 3; code++) {
    const shares = [code % 21, Math.floor(code / 21) % 21, Math.floor(code / 441)].map((each) => each / 20)
    if (rows.every((row, k) => dot(row, shares) >= needs[k]!)) least = Math.min(least, dot(costs, shares))
  }
  return least
}
