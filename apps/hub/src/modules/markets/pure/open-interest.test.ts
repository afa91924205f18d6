import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { initialMarginFractionE9, openNotionalE6, ownerRoomE9 } from './open-interest.ts'

const E9 = 1_000_000_000n
const terms = { baseE9: 20_000_000n, lowerE6: 100n, upperE6: 300n }
const lot = 100_000_000n

describe('open notional', () => {
  it('is size at the mark, rounded up', () => {
    expect(openNotionalE6(2n * E9, 3_000n * E9)).toBe(6_000_000_000n)
    expect(openNotionalE6(1n, 1n)).toBe(1n)
    expect(openNotionalE6(0n, E9)).toBe(0n)
    expect(() => openNotionalE6(-1n, E9)).toThrow('negative')
  })
})

describe('the initial margin fraction', () => {
  it.each([
    [0n, 20_000_000n],
    [100n, 20_000_000n],
    [101n, 24_900_000n], // 2 % + 98 % · 1/200
    [200n, 510_000_000n],
    [299n, 995_100_000n],
    [300n, E9],
    [10n ** 30n, E9],
  ])('at %s: %s', (open, fraction) => {
    expect(initialMarginFractionE9(open, terms)).toBe(fraction)
  })

  it('rounds up', () => {
    expect(initialMarginFractionE9(1n, { baseE9: 0n, lowerE6: 0n, upperE6: 3n })).toBe(333_333_334n)
  })

  it('is between base and 1, and never falls as the market grows', () => {
    const amount = fc.bigInt(0n, 10n ** 18n)
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.bigInt(0n, E9),
        amount,
        fc.bigInt(1n, 10n ** 18n),
        (a, b, baseE9, lowerE6, width) => {
          const any = { baseE9, lowerE6, upperE6: lowerE6 + width }
          const [low, high] = a < b ? [a, b] : [b, a]
          const [less, more] = [initialMarginFractionE9(low, any), initialMarginFractionE9(high, any)]
          expect(baseE9 <= less && less <= more && more <= E9).toBe(true)
        },
      ),
    )
  })

  it('is of bounds in order', () => {
    expect(() => initialMarginFractionE9(1n, { ...terms, upperE6: 100n })).toThrow('below')
    expect(() => initialMarginFractionE9(1n, { ...terms, baseE9: E9 + 1n })).toThrow('below')
  })
})

describe('the room under an owner’s cap', () => {
  const room = (position: bigint, isBuy: boolean) =>
    ownerRoomE9(position * E9, isBuy, 30_050_000_000n, 3_000n * E9, lot)

  it.each([
    // The cap is 10.016… at this mark.
    [0n, true, 10_000_000_000n],
    [4n, true, 6_000_000_000n],
    [4n, false, 14_000_000_000n],
    [-4n, true, 14_000_000_000n],
    [-4n, false, 6_000_000_000n],
    [10n, true, 0n],
    [12n, true, 0n],
    [12n, false, 22_000_000_000n],
  ])('at %s, buying %s: %s', (position, isBuy, size) => {
    expect(room(position, isBuy)).toBe(size)
  })

  it('is whole lots that end under the cap, one more does not', () => {
    const position = fc.bigInt(-500n, 500n).map((lots) => lots * lot)
    fc.assert(
      fc.property(
        position,
        fc.boolean(),
        fc.bigInt(0n, 10n ** 12n),
        fc.bigInt(1n, 10n ** 14n),
        (held, isBuy, cap, mark) => {
          const size = ownerRoomE9(held, isBuy, cap, mark, lot)
          const notional = (more: bigint) => (isBuy ? held + more : -held + more) * mark
          expect(size % lot).toBe(0n)
          expect(size >= 0n).toBe(true)
          if (size > 0n) expect(notional(size) <= cap * 10n ** 12n).toBe(true)
          expect(notional(size + lot) > cap * 10n ** 12n).toBe(true)
        },
      ),
    )
  })

  it('needs a mark', () => {
    expect(() => ownerRoomE9(0n, true, 1n, 0n, lot)).toThrow('mark')
  })
})
