import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteAround } from './quote-rule.ts'
import type { MakerStyle, QuotedMarket } from './quote-rule.ts'

const E9 = 1_000_000_000n
const style: MakerStyle = {
  ...{ linearBps: 10n, optionBps: 200n, quoteNotional: 15_000_000_000n, quotesHeldMax: 10 },
  ...{ strikesBeside: 1, expiryDaysMin: 7 },
}
const perpetual: QuotedMarket = {
  market: 'ETH-PERP',
  isOption: false,
  tickE9: E9 / 100n,
  lotE9: E9 / 1_000n,
  indexE9: 3_000n * E9,
  fairE9: 3_000n * E9,
  positionE9: 0n,
}

describe('a quote', () => {
  it('lies around what the market is worth, on ticks, of whole lots', () => {
    expect(quoteAround(perpetual, style)).toEqual({
      market: 'ETH-PERP',
      bidE9: 2_997n * E9,
      bidSizeE9: 5n * E9,
      askE9: 3_003n * E9,
      askSizeE9: 5n * E9,
    })
  })

  it('of an option has the wider spread, and the size of its underlying', () => {
    const option = { ...perpetual, isOption: true, fairE9: 100n * E9, tickE9: E9 / 10n }
    const { bidE9, askE9, bidSizeE9 } = quoteAround(option, style)
    expect([bidE9, askE9, bidSizeE9]).toEqual([98n * E9, 102n * E9, 5n * E9])
  })

  it('moves against what is held, by half of the spread at most', () => {
    const held = (lots: bigint) => quoteAround({ ...perpetual, positionE9: lots * E9 }, style)
    expect([held(25n).bidE9, held(25n).askE9]).toEqual([29_955n * (E9 / 10n), 30_015n * (E9 / 10n)])
    expect([held(-25n).bidE9, held(-25n).askE9]).toEqual([29_985n * (E9 / 10n), 30_045n * (E9 / 10n)])
    expect([held(1_000n).bidE9, held(1_000n).askE9]).toEqual([2_994n * E9, 3_000n * E9])
  })

  it('shrinks on the side that would lead beyond what may be held', () => {
    const sizes = (held: bigint) => {
      const { bidSizeE9, askSizeE9 } = quoteAround({ ...perpetual, positionE9: held * E9 }, style)
      return [bidSizeE9 / E9, askSizeE9 / E9]
    }
    expect([sizes(45n), sizes(48n), sizes(50n)]).toEqual([
      [5n, 5n],
      [2n, 5n],
      [0n, 5n],
    ])
    expect([sizes(-48n), sizes(-1_000n)]).toEqual([
      [5n, 2n],
      [5n, 0n],
    ])
  })

  it('of what is worth less than a tick has an ask alone', () => {
    const option = { ...perpetual, isOption: true, fairE9: E9 / 20n, tickE9: E9 / 10n }
    const { bidE9, bidSizeE9, askE9, askSizeE9 } = quoteAround(option, style)
    expect([bidE9, bidSizeE9]).toEqual([0n, 0n])
    expect(askE9).toBe((E9 * 2n) / 10n)
    expect(askSizeE9).toBeGreaterThan(0n)
  })

  it('is never crossed, never beyond the bound, always on the grid', () => {
    const positive = (max: bigint) => fc.bigInt({ min: 1n, max })
    const seen = fc.record({
      market: fc.constant('ETH-PERP'),
      isOption: fc.boolean(),
      tickE9: positive(10n * E9),
      lotE9: positive(E9),
      indexE9: fc.bigInt({ min: E9, max: 200_000n * E9 }),
      fairE9: fc.bigInt({ min: 0n, max: 200_000n * E9 }),
      positionE9: fc.bigInt({ min: -1_000_000n * E9, max: 1_000_000n * E9 }),
    })
    fc.assert(
      fc.property(seen, (market) => {
        const { bidE9, bidSizeE9, askE9, askSizeE9 } = quoteAround(market, style)
        expect(bidE9 < askE9).toBe(true)
        expect(bidE9 >= 0n && (bidE9 > 0n || bidSizeE9 === 0n)).toBe(true)
        expect([bidE9 % market.tickE9, askE9 % market.tickE9]).toEqual([0n, 0n])
        expect([bidSizeE9 % market.lotE9, askSizeE9 % market.lotE9]).toEqual([0n, 0n])
        const full = bidSizeE9 > askSizeE9 ? bidSizeE9 : askSizeE9
        const most = full * BigInt(style.quotesHeldMax)
        if (bidSizeE9 > 0n) expect(market.positionE9 + bidSizeE9 <= most).toBe(true)
        if (askSizeE9 > 0n) expect(market.positionE9 - askSizeE9 >= -most).toBe(true)
      }),
    )
  })
})
