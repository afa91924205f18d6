import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLEARING_BAND_E9,
  MARK_BAND_E9,
  clampToBand,
  clearingBandE9,
  isReducingPrice,
  isRfqPrice,
  isWithinBand,
  marketOrderLimitE9,
  ofTier,
} from './bands.ts'
import type { Tier } from './types.ts'

const E9 = 1_000_000_000n
const perpetual = (tier: Tier) =>
  ({ kind: 'perpetual', tier, markE9: 100n * E9, indexE9: 100n * E9 }) as const
const option = (markE9: bigint) => ({ kind: 'option', tier: 1, markE9, indexE9: 3000n * E9 }) as const

describe('bands', () => {
  it('are by tier', () => {
    expect(([1, 2, 3] as const).map((tier) => ofTier(CLEARING_BAND_E9, tier))).toEqual([
      50_000_000n,
      100_000_000n,
      200_000_000n,
    ])
    expect(([1, 2, 3] as const).map((tier) => ofTier(MARK_BAND_E9, tier))).toEqual([
      5_000_000n,
      10_000_000n,
      25_000_000n,
    ])
  })

  it('include their edges and nothing beyond', () => {
    const edge = [94_999_999_999n, 95_000_000_000n, 105_000_000_000n, 105_000_000_001n]
    expect(edge.map((price) => isWithinBand(price, 100n * E9, 50_000_000n))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it.each([
    [1, 105, 106],
    [2, 110, 111],
    [3, 120, 121],
  ] as const)('of RFQ in a linear market of tier %s: %s but not %s', (tier, last, beyond) => {
    expect([last, 200 - last].map((p) => isRfqPrice(BigInt(p) * E9, perpetual(tier)))).toEqual([true, true])
    expect([beyond, 200 - beyond].map((p) => isRfqPrice(BigInt(p) * E9, perpetual(tier)))).toEqual([
      false,
      false,
    ])
  })

  it('of RFQ in options: 20 % of a dear one, 1 % of the index for a cheap one', () => {
    // Mark 200: ± 40. Mark 10: ± 30, so that it may be given away.
    expect([159n, 160n, 240n, 241n].map((p) => isRfqPrice(p * E9, option(200n * E9)))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect([0n, 40n, 41n].map((p) => isRfqPrice(p * E9, option(10n * E9)))).toEqual([true, true, false])
  })

  it('of the auctions: by tier, and for options that of RFQ, which never is narrower', () => {
    expect(([1, 2, 3] as const).map((tier) => clearingBandE9(perpetual(tier)))).toEqual([...CLEARING_BAND_E9])
    expect(clearingBandE9(option(200n * E9))).toBe(200_000_000n)
    // 30 of 10
    expect(clearingBandE9(option(10n * E9))).toBe(3n * E9)
    expect(() => clearingBandE9(option(0n))).toThrow('mark')
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 13n), fc.bigInt(1n, 10n ** 13n), (price, mark) => {
        // Rounded down: what an auction may clear at, RFQ may, too.
        if (isWithinBand(price, mark, clearingBandE9(option(mark))))
          expect(isRfqPrice(price, option(mark))).toBe(true)
      }),
    )
  })

  it('of what counts as reducing: 1 % of the mark, for options that of RFQ', () => {
    expect([98n, 99n, 101n, 102n].map((p) => isReducingPrice(p * E9, perpetual(3)))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect([159n, 160n].map((p) => isReducingPrice(p * E9, option(200n * E9)))).toEqual([false, true])
  })

  it('clamp to the nearest price inside, never outside by rounding', () => {
    expect([1n, 1_000n, 2_000n].map((price) => clampToBand(price, 1_001n, 5_000_000n))).toEqual([
      996n,
      1_000n,
      1_006n,
    ])
    fc.assert(
      fc.property(
        fc.bigInt(0n, 1n << 64n),
        fc.bigInt(1n, 1n << 64n),
        fc.constantFrom(...MARK_BAND_E9, ...CLEARING_BAND_E9),
        (price, mark, band) => {
          const clamped = clampToBand(price, mark, band)
          expect(isWithinBand(clamped, mark, band)).toBe(true)
          if (isWithinBand(price, mark, band)) expect(clamped).toBe(price)
          else expect(isWithinBand(clamped + (price > clamped ? 1n : -1n), mark, band)).toBe(false)
        },
      ),
    )
  })
})

describe('the worst price of a market order', () => {
  it.each([
    [true, undefined, 105n],
    [false, undefined, 95n],
    [true, 103n, 103n],
    [false, 97n, 97n],
    [true, 106n, 105n],
    [false, 94n, 95n],
    [true, 90n, 90n],
    [false, 110n, 110n],
    [true, 105n, 105n],
  ])('buying %s, asked %s: %s', (isBuy, asked, expected) => {
    const askedE9 = asked === undefined ? undefined : asked * E9
    expect(marketOrderLimitE9(isBuy, askedE9, 100n * E9)).toBe(expected * E9)
  })
})
