import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isEstablished,
  markVolatilityE9,
  nextPresence,
  quotedLotsMin,
  quotedPriceE9,
} from './option-volatility.ts'
import type { RestingQuote } from './option-volatility.ts'

const at = (owner: string, priceE9: bigint, lots = 10): RestingQuote => ({ owner, priceE9, lots })
const present = (pattern: readonly boolean[]) => pattern.reduce((bits, is) => nextPresence(bits, is), 0n)
const times = (count: number, is: boolean) => Array.from({ length: count }, () => is)

describe('a quoted price', () => {
  const bids = [at('a', 99n), at('b', 98n), at('c', 97n)]
  const asks = [at('c', 103n), at('b', 104n), at('a', 105n)]

  it('is the median of what three unlinked owners say, each on both sides', () => {
    // a: 102, b: 101, c: 100
    expect(quotedPriceE9(bids, asks, 10)).toBe(101n)
    expect(quotedPriceE9(bids, [], 10)).toBeUndefined()
    expect(quotedPriceE9(bids.slice(1), asks, 10)).toBeUndefined()
    expect(quotedPriceE9(bids, [at('b', 103n), at('b', 104n), at('a', 105n)], 10)).toBeUndefined()
  })

  it('counts an owner’s orders of a side together, at the worst price that its size needs', () => {
    const thin = [at('a', 99n, 5), at('b', 98n), at('c', 97n), at('a', 89n, 5), at('a', 1n)]
    // a: (89 + 105) / 2 = 97
    expect(quotedPriceE9(thin, asks, 10)).toBe(100n)
    expect(quotedPriceE9(thin.slice(0, 3), asks, 10)).toBeUndefined()
  })

  it('is between the others’ when one of three says anything at all', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 10n ** 12n), (bid, ask) => {
        const price = quotedPriceE9([at('x', bid), ...bids.slice(1)], [at('x', ask), ...asks], 10)!
        expect(price >= 100n && price <= 101n).toBe(true)
      }),
    )
  })

  it('needs 10,000 cash a side', () => {
    expect(quotedLotsMin(2_500_000_000_000n, 1n)).toBe(4_000_000_000)
    expect(quotedLotsMin(3_000_000_000_000n, 1n)).toBe(3_333_333_334)
    expect(quotedLotsMin(3_000_000_000_000n, 10_000_000n)).toBe(334)
    expect(quotedLotsMin(10n ** 24n, 10n ** 9n)).toBe(1)
  })
})

describe('presence', () => {
  it('takes 80 of the last 100 blocks', () => {
    expect(isEstablished(present(times(79, true)))).toBe(false)
    expect(isEstablished(present(times(80, true)))).toBe(true)
    expect(isEstablished(present([...times(80, true), ...times(20, false)]))).toBe(true)
    expect(isEstablished(present([...times(80, true), ...times(21, false)]))).toBe(false)
    expect(isEstablished(present([...times(100, true), ...times(20, false), true]))).toBe(true)
  })

  it('counts the last hundred, whatever was before', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (pattern) => {
        const count = pattern.slice(-100).filter(Boolean).length
        expect(isEstablished(present(pattern))).toBe(count >= 80)
      }),
    )
  })

  it('of many blocks at once is that of each', () => {
    const runs = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 250 })), { maxLength: 8 })
    fc.assert(
      fc.property(runs, (each) => {
        const atOnce = each.reduce((bits, [is, blocks]) => nextPresence(bits, is, BigInt(blocks)), 0n)
        expect(atOnce).toBe(present(each.flatMap(([is, blocks]) => times(blocks, is))))
      }),
    )
  })
})

describe('an option’s volatility', () => {
  it.each([
    [600_000_000n, 620_000_000n, 620_000_000n],
    [600_000_000n, 700_000_000n, 650_000_000n],
    [600_000_000n, 100_000_000n, 550_000_000n],
    [30_000_000n, 1n, 1n],
  ])('oracle %s, quoted %s: %s', (oracle, quoted, expected) => {
    expect(markVolatilityE9(oracle, quoted)).toBe(expected)
  })

  it('is never more than 5 points from the oracle’s, nor below nothing', () => {
    const volatility = fc.bigInt(0n, 10n ** 16n)
    fc.assert(
      fc.property(volatility, volatility, (oracle, quoted) => {
        const mark = markVolatilityE9(oracle, quoted)
        expect(mark >= 0n && mark - oracle <= 50_000_000n && oracle - mark <= 50_000_000n).toBe(true)
      }),
    )
  })
})
