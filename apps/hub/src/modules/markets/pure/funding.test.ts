import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accrueFunding,
  fundingIndexE18,
  fundingPaymentE6,
  fundingRateE9,
  premiumE18,
  startFunding,
} from './funding.ts'
import type { FundingState } from './types.ts'

const E9 = 1_000_000_000n
const SECOND = 1_000_000_000n
const HOUR = 3_600n * SECOND
const PERCENT_E18 = 10_000_000_000_000_000n
const INDEX = 3_000n * E9

/** Blocks of the given length from a start on, the premium and the index the same. */
function run(state: FundingState, from: bigint, to: bigint, block: bigint, premium: bigint): FundingState {
  let [current, at] = [state, from]
  while (at < to) {
    const next = at + block < to ? at + block : to
    current = accrueFunding(current, at, next, INDEX, premium)
    at = next
  }
  return current
}

describe('the premium of a block', () => {
  it.each([
    // impact bid, impact ask, percent of the index
    [99n, 101n, 0n],
    [101n, 103n, 1n],
    [97n, 98n, -2n],
    [102n, undefined, 2n],
    [undefined, 96n, -4n],
    [undefined, undefined, 0n],
  ])('bid %s, ask %s: %s %', (bid, ask, percent) => {
    const prices = { bidE9: bid && bid * E9, askE9: ask && ask * E9 }
    expect(premiumE18(prices, 100n * E9)).toBe(percent * PERCENT_E18)
  })
})

describe('the rate of an hour', () => {
  it.each([
    // mean premium in 10⁻⁶, rate in 10⁻⁹
    [0n, 12_500n], // 0.01 % ÷ 8
    [100n, 12_500n], // 0.01 %: nothing pulls
    [-400n, 12_500n], // pulled by 0.05 %: 0.01 % again
    [-500n, 0n], // −0.05 % + 0.05 %
    [600n, 12_500n], // 0.06 % − 0.05 %
    [1_000n, 62_500n], // (0.1 % − 0.05 %) ÷ 8
    [-1_000n, -62_500n],
    [40_500n, 5_000_000n], // 4 % ÷ 8: the largest
    [100_000n, 5_000_000n],
    [-100_000n, -5_000_000n],
  ])('premium %s · 10⁻⁶: %s · 10⁻⁹', (millionths, rate) => {
    expect(fundingRateE9(millionths * 10n ** 12n)).toBe(rate)
  })

  it('never falls as the premium rises', () => {
    const premium = fc.bigInt(-(10n ** 17n), 10n ** 17n)
    fc.assert(
      fc.property(premium, premium, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(fundingRateE9(low) <= fundingRateE9(high)).toBe(true)
      }),
    )
  })
})

describe('funding', () => {
  it('over a day equals the closed form', () => {
    // A premium of 0.1 % all day. The first hour pays nothing, the 24 after it 0.00625 % each of 3,000.
    const premium = PERCENT_E18 / 10n
    const start = { ...startFunding(0n), premiumE18: premium }
    const afterHour = run(start, 0n, HOUR, SECOND, premium)
    expect(afterHour).toMatchObject({ hour: 1n, index: 0n, rateE9PerHour: 62_500n })
    const afterDay = run(afterHour, HOUR, 25n * HOUR, SECOND, premium)
    expect(afterDay.index).toBe(24n * INDEX * 62_500n * HOUR)
    // 3,000 · 0.00625 % · 24 = 4.5 cash per 1.0
    expect(fundingPaymentE6(E9, 0n, fundingIndexE18(afterDay))).toBe(-4_500_000n)
    expect(fundingPaymentE6(-2n * E9, 0n, fundingIndexE18(afterDay))).toBe(9_000_000n)
  })

  it('is the same day in uneven blocks, to the last digit', () => {
    const premium = PERCENT_E18 / 10n
    const start = { ...startFunding(0n), premiumE18: premium }
    const after = run(start, 0n, 25n * HOUR, 7n * SECOND + 123_456_789n, premium)
    expect(after).toMatchObject({ hour: 25n, rateE9PerHour: 62_500n, index: 24n * INDEX * 62_500n * HOUR })
  })

  it('takes the mean by time, of the premium that held, not by block', () => {
    // 1 % for 36 minutes, then −1 % for 24: 0.2 % in the mean, 0.15 % ÷ 8.
    let state = { ...startFunding(0n), premiumE18: PERCENT_E18 }
    state = accrueFunding(state, 0n, 2_160n * SECOND, INDEX, -PERCENT_E18)
    state = accrueFunding(state, 2_160n * SECOND, 3_599n * SECOND, INDEX, -PERCENT_E18)
    state = accrueFunding(state, 3_599n * SECOND, HOUR, INDEX, 5n * PERCENT_E18)
    expect(state).toMatchObject({ hour: 1n, rateE9PerHour: 187_500n, measuredNanoseconds: 0n })
  })

  it('holds for the next hour: a block across the hour pays each part at its rate', () => {
    const state: FundingState = { ...startFunding(0n), rateE9PerHour: 1_000_000n }
    const after = accrueFunding(state, 1_800n * SECOND, HOUR + 1_800n * SECOND, INDEX, 0n)
    // Half an hour at 0.1 %, half an hour at 0.00125 %
    expect(after.index).toBe((INDEX * 1_012_500n * HOUR) / 2n)
  })

  it('starts in the middle of an hour with what is left of it', () => {
    const from = 10n * HOUR + 1_800n * SECOND
    const start = { ...startFunding(from), premiumE18: PERCENT_E18 / 10n }
    expect(accrueFunding(start, from, 11n * HOUR, INDEX, 0n)).toMatchObject({
      hour: 11n,
      rateE9PerHour: 62_500n,
    })
  })

  it('goes through hours without a block', () => {
    const start = { ...startFunding(0n), premiumE18: PERCENT_E18 / 10n }
    const after = accrueFunding(start, 0n, 5n * HOUR + HOUR / 2n, INDEX, 0n)
    expect(after).toMatchObject({ hour: 5n, rateE9PerHour: 62_500n, measuredNanoseconds: HOUR / 2n })
    expect(after.index).toBe((INDEX * 62_500n * 9n * HOUR) / 2n)
  })

  it('goes on where it stopped', () => {
    expect(() => accrueFunding(startFunding(0n), HOUR, 2n * HOUR, INDEX, 0n)).toThrow('stopped')
    expect(() => accrueFunding(startFunding(HOUR), HOUR + 2n, HOUR + 1n, INDEX, 0n)).toThrow('forward')
  })
})

describe('a payment', () => {
  it('is by the index in 10⁻¹⁸, rounded down on either side of 0', () => {
    const state = startFunding(0n)
    expect([HOUR, HOUR - 1n, -1n, 0n].map((index) => fundingIndexE18({ ...state, index }))).toEqual([
      1n,
      0n,
      -1n,
      0n,
    ])
  })

  it('rounds the payer up and the receiver down, so that no cash is made', () => {
    expect([1n, -1n].map((size) => fundingPaymentE6(size, 0n, 1n))).toEqual([-1n, 0n])
    const sizes = fc.array(fc.bigInt(-(10n ** 15n), 10n ** 15n), { maxLength: 20 })
    fc.assert(
      fc.property(sizes, fc.bigInt(-(10n ** 22n), 10n ** 22n), (some, index) => {
        const all = [...some, -some.reduce((sum, size) => sum + size, 0n)]
        const dust = -all.reduce((sum, size) => sum + fundingPaymentE6(size, 0n, index), 0n)
        expect(dust >= 0n && dust < BigInt(all.length)).toBe(true)
      }),
    )
  })

  it('is of what moved since the last one', () => {
    const [then, now] = [5n * 10n ** 18n, 7n * 10n ** 18n]
    expect(fundingPaymentE6(3n * E9, then, now)).toBe(-6_000_000n)
    expect(fundingPaymentE6(3n * E9, now, then)).toBe(6_000_000n)
  })
})
