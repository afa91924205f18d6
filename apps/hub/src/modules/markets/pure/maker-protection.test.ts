import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNFILLED, afterFill } from './maker-protection.ts'
import type { ProtectionState } from './types.ts'

const limits = { windowSeconds: 10n, sizeE9Max: 100n, deltaE9Max: 50n, vegaE6Max: 30n }
const fill = (sizeE9: bigint, deltaE9 = 0n, vegaE6 = 0n) => ({ sizeE9, deltaE9, vegaE6 })

describe('market-maker protection', () => {
  it.each([
    ['size', [fill(60n), fill(39n)], [fill(60n), fill(40n)]],
    ['delta', [fill(1n, 30n), fill(1n, 19n)], [fill(1n, 30n), fill(1n, 20n)]],
    ['negative delta', [fill(1n, -49n)], [fill(1n, -50n)]],
    ['vega', [fill(1n, 0n, 29n)], [fill(1n, 0n, -30n)]],
  ])('freezes when %s reaches its limit', (_, below, reached) => {
    const run = (fills: readonly ReturnType<typeof fill>[]) =>
      fills.reduce<ProtectionState>((state, one) => afterFill(state, limits, one, 100n), UNFILLED)
    expect(run(below).isFrozen).toBe(false)
    expect(run(reached).isFrozen).toBe(true)
  })

  it('nets delta and vega by their signs, and adds sizes', () => {
    const first = afterFill(UNFILLED, limits, fill(10n, 40n, 20n), 100n)
    expect(afterFill(first, limits, fill(10n, -45n, -25n), 101n)).toEqual({
      windowStartSeconds: 100n,
      sizeE9: 20n,
      deltaE9: -5n,
      vegaE6: -5n,
      isFrozen: false,
    })
  })

  it('counts a window from its first fill', () => {
    const first = afterFill(UNFILLED, limits, fill(60n), 100n)
    expect(afterFill(first, limits, fill(60n), 109n).isFrozen).toBe(true)
    expect(afterFill(first, limits, fill(60n), 110n)).toEqual({
      ...UNFILLED,
      windowStartSeconds: 110n,
      sizeE9: 60n,
    })
  })

  it('stays frozen until it is reset, whatever time passes', () => {
    const frozen = afterFill(UNFILLED, limits, fill(100n), 100n)
    expect(afterFill(frozen, limits, fill(1n), 10_000n)).toBe(frozen)
    expect(afterFill(UNFILLED, limits, fill(99n), 10_000n).isFrozen).toBe(false)
  })

  it('has no limit of 0, and nothing happens by a fill of nothing', () => {
    const none = { windowSeconds: 10n, sizeE9Max: 0n, deltaE9Max: 0n, vegaE6Max: 0n }
    expect(afterFill(UNFILLED, none, fill(10n ** 18n, 10n ** 18n, -(10n ** 18n)), 1n).isFrozen).toBe(false)
    expect(afterFill(UNFILLED, limits, fill(0n, 99n, 99n), 1n)).toBe(UNFILLED)
    expect(() => afterFill(UNFILLED, limits, fill(-1n), 1n)).toThrow('sign')
  })

  it('freezes whoever has been filled for the limit within a window', () => {
    const fills = fc.array(fc.tuple(fc.bigInt(1n, 60n), fc.bigInt(0n, 4n)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fills, (some) => {
        let [state, now] = [UNFILLED, 1_000n]
        const seen: [time: bigint, size: bigint][] = []
        for (const [size, passed] of some) {
          now += passed
          const before = state
          state = afterFill(state, { ...limits, deltaE9Max: 0n, vegaE6Max: 0n }, fill(size), now)
          if (before.isFrozen) continue
          seen.push([now, size])
          const since = seen.filter(([time]) => time >= state.windowStartSeconds)
          const sum = since.reduce((total, [, one]) => total + one, 0n)
          expect(state.sizeE9).toBe(sum)
          expect(state.isFrozen).toBe(sum >= 100n)
          expect(now < state.windowStartSeconds + 10n).toBe(true)
        }
      }),
    )
  })
})
