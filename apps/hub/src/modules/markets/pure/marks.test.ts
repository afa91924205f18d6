import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARK_BAND_E9, isWithinBand, ofTier } from './bands.ts'
import { impactMidE9, impactPriceE9, nextBasis, perpetualMarkE9 } from './marks.ts'
import type { DepthOrder, Tier } from './types.ts'

const E9 = 1_000_000_000n
const SECOND = 1_000_000_000n
const depth = (...rows: [price: bigint, size: bigint][]): DepthOrder[] =>
  rows.map(([price, size]) => ({ priceE9: price * E9, sizeE9: size * E9 }))
const side = fc.array(fc.record({ priceE9: fc.bigInt(1n, 10n ** 14n), sizeE9: fc.bigInt(1n, 10n ** 13n) }), {
  maxLength: 12,
})

describe('an impact price', () => {
  it('is that of one order which holds the whole notional', () => {
    expect(impactPriceE9(depth([2_000n, 5n]), true)).toBe(2_000n * E9)
    expect(impactPriceE9(depth([2_000n, 500n]), false)).toBe(2_000n * E9)
  })

  it('is the average of what fills it, the last order in part', () => {
    // 4 at 2,000 and 2,000 of cash at 1,000: 10,000 for 6.0, not the 7.0 that rest there.
    const bids = depth([2_000n, 4n], [1_000n, 3n])
    expect(impactPriceE9(bids, true)).toBe(1_666_666_666_666n)
    expect(impactPriceE9(bids, false)).toBe(1_666_666_666_667n)
  })

  it('is none where the side is too thin, by a hair', () => {
    expect(impactPriceE9([], true)).toBeUndefined()
    expect(impactPriceE9([{ priceE9: 2_000n * E9, sizeE9: 5n * E9 - 1n }], true)).toBeUndefined()
  })

  it('reads no further than it needs', () => {
    function* orders() {
      yield* depth([2_000n, 5n])
      throw new Error('read on')
    }
    expect(impactPriceE9(orders(), true)).toBe(2_000n * E9)
  })

  it('lies between the best and the worst price read, bids at most asks', () => {
    fc.assert(
      fc.property(side, (orders) => {
        const [low, high] = [impactPriceE9(orders, true), impactPriceE9(orders, false)]
        const held = orders.reduce((sum, { priceE9, sizeE9 }) => sum + priceE9 * sizeE9, 0n)
        expect(low === undefined).toBe(held < 10n ** 22n)
        if (low === undefined || high === undefined) return
        const prices = orders.map(({ priceE9 }) => priceE9)
        expect(low <= high && high - low <= 1n).toBe(true)
        expect(prices.some((price) => price <= low) && prices.some((price) => price >= high)).toBe(true)
      }),
    )
  })

  it('has a middle where both sides have one', () => {
    expect(impactMidE9({ bidE9: 10n, askE9: 13n })).toBe(11n)
    expect(impactMidE9({ bidE9: undefined, askE9: 13n })).toBeUndefined()
    expect(impactMidE9({ bidE9: 10n, askE9: undefined })).toBeUndefined()
  })
})

describe('the basis', () => {
  const zero = { basisE18: 0n }

  it('has gone 1 − 1/e of the way after 150 s', () => {
    const { basisE18 } = nextBasis(zero, 100n * E9, 101n * E9, 150n * SECOND)
    // 1 % · (1 − 0.367879441171442321)
    expect(basisE18).toBe(6_321_205_588_285_577n)
  })

  it('is halved in 60 s while the book is thin, on either side of 0', () => {
    for (const basisE18 of [4_000_000_000_000_000n, -4_000_000_000_000_000n])
      expect(nextBasis({ basisE18 }, 100n * E9, undefined, 60n * SECOND)).toEqual({ basisE18: basisE18 / 2n })
    expect(nextBasis({ basisE18: 8n }, 100n * E9, undefined, 120n * SECOND)).toEqual({ basisE18: 2n })
  })

  it('stays within what it was and what the book says, and in no time doesn’t move', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 17n), 10n ** 17n),
        fc.bigInt(90n * E9, 110n * E9),
        fc.bigInt(0n, 4_000n * SECOND),
        (basisE18, mid, elapsed) => {
          const target = ((mid - 100n * E9) * 10n ** 18n) / (100n * E9)
          const after = nextBasis({ basisE18 }, 100n * E9, mid, elapsed).basisE18
          const [low, high] = basisE18 < target ? [basisE18, target] : [target, basisE18]
          expect(after >= low && after <= high).toBe(true)
          expect(nextBasis({ basisE18 }, 100n * E9, mid, 0n)).toEqual({ basisE18 })
        },
      ),
    )
  })

  it('in many blocks is that in one, but for rounding', () => {
    let many = zero
    for (let i = 0; i < 300; i++) many = nextBasis(many, 100n * E9, 102n * E9, SECOND / 2n)
    const one = nextBasis(zero, 100n * E9, 102n * E9, 150n * SECOND)
    const off = many.basisE18 - one.basisE18
    expect(off > -1_000n && off < 1_000n).toBe(true)
  })

  it('draws a mark to an honest book and, once the book is empty, back to the index', () => {
    const index = 100n * E9
    let basis = zero
    for (let i = 0; i < 1_200; i++) basis = nextBasis(basis, index, 100_300_000_000n, SECOND)
    const drawn = perpetualMarkE9(index, basis, 100_300_000_000n, 1)
    expect(drawn).toBeGreaterThanOrEqual(100_299_000_000n)
    for (let i = 0; i < 1_200; i++) basis = nextBasis(basis, index, undefined, SECOND)
    expect(perpetualMarkE9(index, basis, undefined, 1)).toBe(100_000_000_286n)
  })
})

describe('a perpetual’s mark', () => {
  const onePercent = { basisE18: 10_000_000_000_000_000n }
  it.each([
    // basis, mid, tier, mark
    [0n, 103n * E9, 3, 100n * E9],
    [2_000_000_000_000_000n, 103n * E9, 1, 100_200_000_000n],
    [2_000_000_000_000_000n, 100_100_000_000n, 1, 100_100_000_000n],
    [10_000_000_000_000_000n, 103n * E9, 1, 100_500_000_000n],
    [10_000_000_000_000_000n, 103n * E9, 2, 101n * E9],
    [30_000_000_000_000_000n, 109n * E9, 3, 102_500_000_000n],
    [-30_000_000_000_000_000n, 91n * E9, 2, 99n * E9],
    [10_000_000_000_000_000n, undefined, 3, 101n * E9],
  ] as const)('basis %s, middle %s, tier %s: %s', (basisE18, mid, tier, mark) => {
    expect(perpetualMarkE9(100n * E9, { basisE18 }, mid, tier)).toBe(mark)
  })

  it('is never moved by one bad figure, and never leaves the index’s band', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 15n),
        fc.bigInt(-(10n ** 18n), 10n ** 18n),
        fc.option(fc.bigInt(1n, 10n ** 15n), { nil: undefined }),
        fc.constantFrom<Tier>(1, 2, 3),
        (index, basisE18, mid, tier) => {
          const mark = perpetualMarkE9(index, { basisE18 }, mid, tier)
          expect(isWithinBand(mark, index, ofTier(MARK_BAND_E9, tier))).toBe(true)
          expect(perpetualMarkE9(index, { basisE18: 0n }, mid, tier)).toBe(index)
          expect(perpetualMarkE9(index, { basisE18 }, index, tier)).toBe(index)
        },
      ),
    )
  })

  it('needs an index', () => {
    expect(() => perpetualMarkE9(0n, onePercent, undefined, 1)).toThrow('index')
    expect(() => nextBasis(onePercent, 0n, undefined, 1n)).toThrow('index')
  })
})
