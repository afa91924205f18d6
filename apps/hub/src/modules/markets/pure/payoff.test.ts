import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payoffE9, settlementCashE6 } from './payoff.ts'

const E9 = 1_000_000_000n
const call = { kind: 'option', strikeE9: 3_000n * E9, isCall: true } as const
const put = { ...call, isCall: false }
const future = { kind: 'future', strikeE9: 0n, isCall: false } as const

describe('a payoff', () => {
  it.each([
    ['call', call, 3_123_456_789_123n, 123_456_789_123n],
    ['call', call, 3_000n * E9 + 1n, 1n],
    ['call', call, 3_000n * E9, 0n],
    ['call', call, 0n, 0n],
    ['put', put, 2_999_999_999_999n, 1n],
    ['put', put, 0n, 3_000n * E9],
    ['put', put, 3_000n * E9, 0n],
    ['put', put, 9_000n * E9, 0n],
    ['future', future, 3_123_456_789_123n, 3_123_456_789_123n],
    ['future', future, 0n, 0n],
  ])('of a %s', (_, instrument, settlement, payoff) => {
    expect(payoffE9(instrument, settlement)).toBe(payoff)
  })

  it('is of what expires', () => {
    expect(() => payoffE9({ ...future, kind: 'perpetual' }, 1n)).toThrow('settle')
    expect(() => payoffE9(call, -1n)).toThrow('negative')
  })
})

describe('the cash of a settlement', () => {
  it('of a call, by hand: 2.5 × 123.456789123 = 308.6419728075', () => {
    const price = 3_123_456_789_123n
    expect(settlementCashE6(call, { sizeE9: 2_500_000_000n, quoteE6: -77n }, price)).toBe(308_641_972n)
    expect(settlementCashE6(call, { sizeE9: -2_500_000_000n, quoteE6: 77n }, price)).toBe(-308_641_973n)
  })

  it('of a put, by hand: 0.001 × 0.000000001 is less than a unit', () => {
    const price = 2_999_999_999_999n
    expect(settlementCashE6(put, { sizeE9: 1_000_000n, quoteE6: 0n }, price)).toBe(0n)
    expect(settlementCashE6(put, { sizeE9: -1_000_000n, quoteE6: 0n }, price)).toBe(-1n)
    expect(settlementCashE6(put, { sizeE9: 7n * E9, quoteE6: 0n }, 2_900n * E9)).toBe(700_000_000n)
  })

  it('of a future, by hand: bought 2 at 3,000, settled at 3,123.4567891235', () => {
    const price = 3_123_456_789_124n
    expect(settlementCashE6(future, { sizeE9: 2n * E9, quoteE6: -6_000_000_000n }, price)).toBe(246_913_578n)
    expect(settlementCashE6(future, { sizeE9: -2n * E9, quoteE6: 6_000_000_000n }, price)).toBe(-246_913_579n)
    expect(settlementCashE6(future, { sizeE9: 0n, quoteE6: 5n }, price)).toBe(5n)
  })

  it('of nothing out of the money, for either side', () => {
    for (const sizeE9 of [E9, -E9])
      expect(settlementCashE6(call, { sizeE9, quoteE6: 0n }, 2_000n * E9)).toBe(0n)
  })

  it('makes no cash: what all positions get is 0 or a few units less', () => {
    const sizes = fc.array(fc.bigInt(-(10n ** 14n), 10n ** 14n), { maxLength: 20 })
    fc.assert(
      fc.property(
        sizes,
        fc.bigInt(0n, 10n ** 13n),
        fc.constantFrom(call, put, future),
        (some, price, what) => {
          const all = [...some, -some.reduce((sum, size) => sum + size, 0n)]
          const paid = all.reduce(
            (sum, sizeE9) => sum + settlementCashE6(what, { sizeE9, quoteE6: 0n }, price),
            0n,
          )
          expect(paid <= 0n && paid > -BigInt(all.length)).toBe(true)
        },
      ),
    )
  })

  it('of call less put at one strike is that of a future bought at the strike', () => {
    const size = fc.bigInt(-(10n ** 6n), 10n ** 6n).map((thousandths) => thousandths * 1_000_000n)
    fc.assert(
      fc.property(size, fc.bigInt(0n, 10n ** 7n), (sizeE9, milli) => {
        const price = milli * 1_000_000n
        const quoteE6 = -(sizeE9 * call.strikeE9) / 10n ** 12n
        const parity =
          settlementCashE6(call, { sizeE9, quoteE6: 0n }, price) +
          settlementCashE6(put, { sizeE9: -sizeE9, quoteE6: 0n }, price)
        expect(settlementCashE6(future, { sizeE9, quoteE6 }, price)).toBe(parity)
      }),
    )
  })
})
