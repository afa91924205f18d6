import { describe, expect, it } from 'vitest'
import { drawFrom } from '../explain/random-case.fixture.ts'
import { closeByCuts } from './close-by-cuts.ts'
import { closeGreedily, leastBetween } from './close-greedily.ts'
import { leastClosing, type Closing } from './least-closing.ts'

/** A closing whose margin is the least of some linear outcomes: one row each, gain per lot by position. */
function closingOf(
  outcomes: readonly (readonly [start: number, ...gains: number[]])[],
  lots: readonly number[],
  notionals: readonly number[],
): Closing {
  const instrument = { kind: 'perp' as const, underlying: 'ETH' }
  return {
    positions: lots.map((all, i) => ({ instrument, size: all, lots: all, notional: notionals[i]! })),
    margin: (closed) =>
      Math.min(
        ...outcomes.map(
          ([start, ...gains]) => start + gains.reduce((sum, each, i) => sum + each * closed[i]!, 0),
        ),
      ),
    notional: (closed) => closed.reduce((sum, count, i) => sum + count * notionals[i]!, 0),
  }
}

describe('closing greedily', () => {
  it('takes what gains most per notional first, and no more than it needs', () => {
    const closing = closingOf([[-100, 1, 3, 2]], [50, 20, 100], [1, 2, 2])
    // 1.5 per notional: 20 lots gain 60; then 1 per notional, the first of two
    expect(closeGreedily(closing)).toEqual([40, 20, 0])
  })

  it('closes a pair where each alone gains nothing', () => {
    const closing = closingOf(
      [
        [-10, 1, -0.5],
        [-10, -0.5, 1],
      ],
      [100, 100],
      [1, 1],
    )
    expect(closeGreedily(closing)).toEqual([20, 20])
  })

  it('finds unequal pairs dearer than cuts do', () => {
    const closing = closingOf(
      [
        [-10, 1, -1],
        [-10, -0.5, 2],
      ],
      [100, 60],
      [1, 1],
    )
    expect(closing.notional(closeGreedily(closing)!)).toBeGreaterThan(33)
    expect(closeByCuts(closing)!.map((count) => Math.round(count))).toEqual([20, 10])
    const lots = leastClosing(closing)!
    expect([closing.margin(lots) >= 0, closing.notional(lots) <= 33]).toEqual([true, true])
  })

  it('closes all where only that helps, and says when nothing does', () => {
    const threes = closingOf(
      [
        [-10, 1, 1, -1.5],
        [-10, 1, -1.5, 1],
        [-10, -1.5, 1, 1],
      ],
      [20, 20, 20],
      [1, 1, 1],
    )
    const lots = closeGreedily(threes)!
    expect(threes.margin(lots)).toBeGreaterThanOrEqual(0)
    expect(closeGreedily(closingOf([[-100, 1]], [50], [1]))).toBeUndefined()
    expect(leastClosing(closingOf([[-100, 1]], [50], [1]))).toBeUndefined()
    expect(closeGreedily(closingOf([[-100]], [], []))).toBeUndefined()
    expect(closeGreedily(closingOf([[5, -1]], [50], [1]))).toEqual([0])
  })

  it('finds the least that is healthy on the way between two closings', () => {
    const closing = closingOf([[-10, 1, 2]], [100, 100], [1, 1])
    expect(leastBetween(closing, [0, 0], [100, 0])).toEqual([10, 0])
    expect(leastBetween(closing, [0, 0], [0, 100])).toEqual([0, 5])
    expect(leastBetween(closing, [1, 0], [1, 100])).toEqual([1, 5])
  })
})

describe('closing by cuts', () => {
  it('is the cheapest of all closings where margin is concave', () => {
    const draw = drawFrom(21)
    for (let run = 0; run < 60; run++) {
      const outcomes = Array.from(
        { length: 6 },
        () => [-20 * draw(), ...[0, 1, 2].map(() => draw() * 4 - 1)] as const,
      )
      const notionals = [1, 2, 3].map(() => 1 + draw())
      const closing = closingOf(outcomes as never, [20, 20, 20], notionals)
      const least = onGrid(closing)
      const found = closeByCuts(closing)
      if (found === undefined) {
        expect(least).toBe(Number.POSITIVE_INFINITY)
        continue
      }
      expect(closing.margin(found)).toBeGreaterThan(-0.01)
      // The grid is whole lots; between them it can only be cheaper
      expect(closing.notional(found)).toBeLessThan(least + 1e-3)
    }
  })

  it('gives up where a slope is none, or on more positions than it takes', () => {
    expect(closeByCuts(closingOf([[-1, 0, 0]], [5, 5], [1, 1]))).toBeUndefined()
    const many = Array.from({ length: 65 }, () => 1)
    expect(closeByCuts(closingOf([[-1, ...many]], many, many))).toBeUndefined()
  })
})

/** The least notional of all healthy closings in whole lots. */
function onGrid(closing: Closing): number {
  let least = Number.POSITIVE_INFINITY
  for (let a = 0; a <= 20; a++)
    for (let b = 0; b <= 20; b++)
      for (let c = 0; c <= 20; c++)
        if (closing.margin([a, b, c]) >= 0) least = Math.min(least, closing.notional([a, b, c]))
  return least
}
