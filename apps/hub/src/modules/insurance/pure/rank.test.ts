import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byRank, rankE6 } from './rank.ts'
import type { Exposure } from './rank.ts'

const amount = fc.bigInt({ min: 1n, max: 10n ** 16n })
const exposure = fc.record({
  profitE6: fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
  requirementE6: amount,
  notionalE6: amount,
  equityE6: amount,
})
const BASE: Exposure = { profitE6: 200n, requirementE6: 100n, notionalE6: 500n, equityE6: 250n }

describe('a rank', () => {
  it('is profit over requirement times notional over equity', () => {
    expect(rankE6(BASE)).toBe(4_000_000n)
    expect(rankE6({ ...BASE, profitE6: -200n })).toBe(-4_000_000n)
    expect(rankE6({ ...BASE, equityE6: 0n })).toBeUndefined()
    expect(rankE6({ ...BASE, equityE6: -1n })).toBeUndefined()
    expect(rankE6({ ...BASE, requirementE6: 0n })).toBe(400_000_000n)
  })

  it('rounds down, below 0 as well', () => {
    expect(rankE6({ profitE6: 1n, requirementE6: 3n, notionalE6: 1n, equityE6: 1n })).toBe(333_333n)
    expect(rankE6({ profitE6: -1n, requirementE6: 3n, notionalE6: 1n, equityE6: 1n })).toBe(-333_334n)
  })

  it('is that of each of the equal parts of an account: splitting gains nothing', () => {
    fc.assert(
      fc.property(exposure, fc.bigInt({ min: 2n, max: 50n }), (part, n) => {
        const whole = {
          profitE6: part.profitE6 * n,
          requirementE6: part.requirementE6 * n,
          notionalE6: part.notionalE6 * n,
          equityE6: part.equityE6 * n,
        }
        expect(rankE6(whole)).toBe(rankE6(part))
      }),
    )
  })

  it('rises with profit and notional, and falls with what is at stake, of who has gained', () => {
    fc.assert(
      fc.property(exposure, amount, (drawn, more) => {
        const each = { ...drawn, profitE6: drawn.profitE6 < 0n ? -drawn.profitE6 : drawn.profitE6 }
        const rank = rankE6(each)!
        expect(rankE6({ ...each, profitE6: each.profitE6 + more })! >= rank).toBe(true)
        expect(rankE6({ ...each, notionalE6: each.notionalE6 + more })! >= rank).toBe(true)
        expect(rankE6({ ...each, requirementE6: each.requirementE6 + more })! <= rank).toBe(true)
        expect(rankE6({ ...each, equityE6: each.equityE6 + more })! <= rank).toBe(true)
      }),
    )
  })

  it('of who loses is below that of anybody who gains', () => {
    fc.assert(
      fc.property(exposure, exposure, (a, b) => {
        const lost = rankE6({ ...a, profitE6: a.profitE6 > 0n ? -a.profitE6 : a.profitE6 - 1n })!
        const gained = rankE6({ ...b, profitE6: b.profitE6 < 0n ? -b.profitE6 : b.profitE6 })!
        expect(lost < gained).toBe(true)
      }),
    )
  })

  it('orders: the highest first, who is worth nothing last', () => {
    const list = [undefined, -5n, 3n, undefined, 9n, 0n]
    expect([...list].sort(byRank)).toEqual([9n, 3n, 0n, -5n, undefined, undefined])
    expect(byRank(2n, 2n)).toBe(0)
    expect(byRank(undefined, undefined)).toBe(0)
  })
})
