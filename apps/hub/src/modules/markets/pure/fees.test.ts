import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_FEES, futureDeliveryFeeE6, linearFeeE6, optionDeliveryFeeE6, optionFeeE6 } from './fees.ts'

const E9 = 1_000_000_000n
const size = fc.bigInt(-(10n ** 15n), 10n ** 15n)
const price = fc.bigInt(0n, 10n ** 15n)

describe('the fee of a linear trade', () => {
  it('is 0.05 % for a taker, 0.02 % for a maker, of either side', () => {
    // 0.5 at 60,000 = 30,000
    expect(linearFeeE6(E9 / 2n, 60_000n * E9, false)).toBe(15_000_000n)
    expect(linearFeeE6(E9 / 2n, 60_000n * E9, true)).toBe(6_000_000n)
    expect(linearFeeE6(-E9 / 2n, 60_000n * E9, false)).toBe(15_000_000n)
  })

  it('rounds up, and is 0 of nothing', () => {
    // 0.001 at 0.001: 0.0000000005
    expect(linearFeeE6(1_000_000n, 1_000_000n, false)).toBe(1n)
    expect(linearFeeE6(0n, E9, false)).toBe(0n)
  })

  it('of a fill in parts is never less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(0n, 10n ** 12n), { maxLength: 9 }),
        price,
        fc.boolean(),
        (parts, at, isMaker) => {
          const whole = linearFeeE6(
            parts.reduce((sum, part) => sum + part, 0n),
            at,
            isMaker,
          )
          const sum = parts.reduce((fees, part) => fees + linearFeeE6(part, at, isMaker), 0n)
          expect(sum >= whole && sum <= whole + BigInt(parts.length)).toBe(true)
        },
      ),
    )
  })
})

describe('the fee of an option trade', () => {
  it.each([
    // size, premium, index, fee: 0.03 % of the index, or 12.5 % of the premium
    [1n, 100n, 3_000n, 900_000n],
    [10n, 100n, 3_000n, 9_000_000n],
    [1n, 4n, 3_000n, 500_000n],
    [-1n, 4n, 3_000n, 500_000n],
    [1n, 0n, 3_000n, 0n],
  ])('of %s at %s, index %s: %s', (count, premium, index, fee) => {
    expect(optionFeeE6(count * E9, premium * E9, index * E9)).toBe(fee)
  })

  it('turns where both are the same: a premium of 0.24 % of the index', () => {
    expect(optionFeeE6(E9, 7_200_000_000n, 3_000n * E9)).toBe(900_000n)
    expect(optionFeeE6(E9, 7_199_999_000n, 3_000n * E9)).toBe(900_000n)
    expect(optionFeeE6(E9, 7_199_992_000n, 3_000n * E9)).toBe(899_999n)
    expect(optionFeeE6(E9, 8_000_000_000n, 3_000n * E9)).toBe(900_000n)
  })
})

describe('the fee of delivery', () => {
  it('of a future is 0.015 % of its notional', () => {
    expect(futureDeliveryFeeE6(-2n * E9, 3_000n * E9)).toBe(900_000n)
    expect(futureDeliveryFeeE6(0n, 3_000n * E9)).toBe(0n)
  })

  it.each([
    // payoff, fee of 2.0 settled at 3,000: 0.9, but at most 12.5 % of the payoff
    [100n * E9, 900_000n],
    [3_600_000_000n, 900_000n],
    [2n * E9, 500_000n],
    [4n, 1n],
    [0n, 0n],
  ])('of an option that pays %s is %s', (payoff, fee) => {
    expect(optionDeliveryFeeE6(2n * E9, 3_000n * E9, payoff)).toBe(fee)
    expect(optionDeliveryFeeE6(-2n * E9, 3_000n * E9, payoff)).toBe(fee)
  })
})

describe('every fee', () => {
  const fees: [string, (s: bigint, a: bigint, b: bigint) => bigint][] = [
    ['linear', (s, a) => linearFeeE6(s, a, false)],
    ['option', (s, a, b) => optionFeeE6(s, a, b)],
    ['future delivery', (s, a) => futureDeliveryFeeE6(s, a)],
    ['option delivery', (s, a, b) => optionDeliveryFeeE6(s, a, b)],
  ]
  it.each(fees)('%s: is not negative, and the same for both sides', (_, fee) => {
    fc.assert(
      fc.property(size, price, price, (s, a, b) => {
        expect(fee(s, a, b) >= 0n).toBe(true)
        expect(fee(-s, a, b)).toBe(fee(s, a, b))
      }),
    )
  })

  it('follows a schedule, which has no rebates', () => {
    const doubled = { ...DEFAULT_FEES, takerE9: DEFAULT_FEES.takerE9 * 2n }
    expect(linearFeeE6(E9, 1_000n * E9, false, doubled)).toBe(1_000_000n)
    expect(() => linearFeeE6(E9, E9, true, { ...DEFAULT_FEES, makerE9: -1n })).toThrow('rebates')
  })
})
