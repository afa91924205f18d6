import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doesFor, filledE9, linearHalfE9, quotePrices, quoteSizes, shareOf } from './quote-rule.ts'
import type { Exposure, QuotedInstrument } from './quote-rule.ts'
import { squareRoot } from './square-root.ts'

const E9 = 10n ** 9n
const EXPOSURE: Exposure = {
  spreadE9: 300_000n,
  volatilitySpreadE9: 15_000_000n,
  volatilityE9: 600_000_000n,
  seconds: 5n,
}
const PERPETUAL: QuotedInstrument = {
  tickE9: 10_000_000n,
  lotE9: 1_000_000n,
  isOption: false,
  indexE9: 3_000n * E9,
  fairE9: 3_000n * E9,
  deltaE9: E9,
  vegaE9: 0n,
}
const CALL: QuotedInstrument = {
  ...PERPETUAL,
  isOption: true,
  fairE9: 150n * E9,
  deltaE9: E9 / 2n,
  vegaE9: 300n * E9,
}
const FLAT = { deltaE9: 0n, vegaE9: 0n }
const LONG = { deltaE9: E9, vegaE9: 0n }

const part = fc.bigInt({ min: -E9, max: E9 })
const instruments = fc.record({
  tickE9: fc.constantFrom(1n, 10_000_000n, E9),
  lotE9: fc.constantFrom(1_000_000n, 100_000_000n),
  isOption: fc.boolean(),
  indexE9: fc.bigInt({ min: E9, max: 10n ** 15n }),
  fairE9: fc.bigInt({ min: 1n, max: 10n ** 15n }),
  deltaE9: part,
  vegaE9: fc.bigInt({ min: 0n, max: 10n ** 13n }),
})
const exposures = fc.record({
  spreadE9: fc.bigInt({ min: 0n, max: E9 / 10n }),
  volatilitySpreadE9: fc.bigInt({ min: 0n, max: E9 }),
  volatilityE9: fc.bigInt({ min: 0n, max: 10n * E9 }),
  seconds: fc.bigInt({ min: 0n, max: 3_600n }),
})
const inventories = fc.record({ deltaE9: part, vegaE9: part })

describe('a square root', () => {
  it('is the greatest integer whose square is no more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (square) => {
        const root = squareRoot(square)
        expect(root * root <= square && (root + 1n) * (root + 1n) > square).toBe(true)
      }),
    )
  })
})

describe('half of the spread', () => {
  it('is the least one, and what the price moves while nobody looks: at 60 % 0.024 % in 5 s', () => {
    expect(linearHalfE9({ ...EXPOSURE, seconds: 0n })).toBe(300_000n)
    expect(linearHalfE9(EXPOSURE)).toBe(300_000n + 238_909n)
  })

  it('is wider the older the price and the wilder it moves', () => {
    fc.assert(
      fc.property(exposures, fc.bigInt({ min: 0n, max: 1_000n }), (exposure, more) => {
        const half = linearHalfE9(exposure)
        expect(linearHalfE9({ ...exposure, seconds: exposure.seconds + more })).toBeGreaterThanOrEqual(half)
        const wilder = { ...exposure, volatilityE9: exposure.volatilityE9 + more * 1_000_000n }
        expect(linearHalfE9(wilder)).toBeGreaterThanOrEqual(half)
      }),
    )
  })
})

describe('prices', () => {
  it('stand around fair value by spread and fee, on the grid', () => {
    // 0.0539 % of 3,000 and the fee of 0.05 %: 3.12, outwards
    expect(quotePrices(PERPETUAL, EXPOSURE, FLAT)).toEqual({
      halfE9: 3_116_727_000n,
      bidE9: 2_996_880_000_000n,
      askE9: 3_003_120_000_000n,
    })
  })

  it('of an option cover its delta, its vega and its fee', () => {
    const { bidE9, askE9, halfE9 } = quotePrices(CALL, EXPOSURE, FLAT)
    // 0.5 · 1.617 + 300 · 0.015 + 0.9
    expect(Number(halfE9) / 1e9).toBeCloseTo(0.808 + 4.5 + 0.9, 2)
    expect(Number(bidE9) / 1e9).toBeCloseTo(143.79, 2)
    expect(Number(askE9) / 1e9).toBeCloseTo(156.21, 2)
  })

  it('lean against what is held: who is long buys lower and sells lower', () => {
    const [flat, long] = [quotePrices(PERPETUAL, EXPOSURE, FLAT), quotePrices(PERPETUAL, EXPOSURE, LONG)]
    expect(flat.bidE9 - long.bidE9).toBe(1_620_000_000n)
    expect(flat.askE9 - long.askE9).toBe(1_620_000_000n)
    const put = { ...CALL, deltaE9: -E9 / 2n }
    const [before, after] = [quotePrices(put, EXPOSURE, FLAT), quotePrices(put, EXPOSURE, LONG)]
    expect(after.bidE9).toBeGreaterThan(before.bidE9)
  })

  it('never cross, never give fair value away, and lie on the grid', () => {
    fc.assert(
      fc.property(instruments, exposures, inventories, (instrument, exposure, inventory) => {
        const { tickE9, fairE9 } = instrument
        const { bidE9, askE9 } = quotePrices(instrument, exposure, inventory)
        expect(bidE9).toBeLessThan(askE9)
        expect(bidE9 % tickE9 === 0n && askE9 % tickE9 === 0n && bidE9 >= 0n).toBe(true)
        if (inventory.deltaE9 === 0n && inventory.vegaE9 === 0n)
          expect(bidE9 < fairE9 && (askE9 > fairE9 || bidE9 === 0n)).toBe(true)
        // However full it is: it leans by no more than half of the spread.
        expect(bidE9).toBeLessThanOrEqual(fairE9)
        expect(askE9).toBeGreaterThanOrEqual(fairE9 - tickE9)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('sizes', () => {
  it('are whole lots of what is quoted, on the side that adds less the more there is', () => {
    expect(quoteSizes(PERPETUAL, E9, FLAT, false)).toEqual({ bidSizeE9: E9, askSizeE9: E9 })
    const half = { deltaE9: E9 / 2n, vegaE9: 0n }
    expect(quoteSizes(PERPETUAL, E9, half, false)).toEqual({ bidSizeE9: E9 / 2n, askSizeE9: E9 })
    expect(quoteSizes(PERPETUAL, E9, LONG, false)).toEqual({ bidSizeE9: 0n, askSizeE9: E9 })
    expect(quoteSizes({ ...PERPETUAL, lotE9: 300_000_000n }, E9, FLAT, false).bidSizeE9).toBe(900_000_000n)
  })

  it('of an option heed delta and vega', () => {
    expect(quoteSizes(CALL, E9, { deltaE9: 0n, vegaE9: E9 }, false)).toEqual({ bidSizeE9: 0n, askSizeE9: E9 })
    const put = { ...CALL, deltaE9: -E9 / 2n }
    expect(quoteSizes(put, E9, LONG, false)).toEqual({ bidSizeE9: E9, askSizeE9: 0n })
  })

  it('that only reduce never add', () => {
    fc.assert(
      fc.property(instruments, inventories, (instrument, inventory) => {
        const { bidSizeE9, askSizeE9 } = quoteSizes(instrument, 100n * E9, inventory, true)
        if (instrument.isOption || inventory.deltaE9 === 0n) expect(bidSizeE9 + askSizeE9).toBe(0n)
        const change = instrument.deltaE9 * inventory.deltaE9
        if (bidSizeE9 > 0n) expect(change).toBeLessThan(0n)
        if (askSizeE9 > 0n) expect(change).toBeGreaterThan(0n)
      }),
    )
  })
})

describe('a resting order', () => {
  const wanted = { priceE9: 100n * E9, sizeE9: E9, halfE9: 4n * E9 }

  it('stays within a quarter of the half spread, and from half to twice the size', () => {
    expect(doesFor({ priceE9: 101n * E9, sizeE9: E9 }, wanted)).toBe(true)
    expect(doesFor({ priceE9: 101n * E9 + 1n, sizeE9: E9 }, wanted)).toBe(false)
    expect(doesFor({ priceE9: 99n * E9 - 1n, sizeE9: E9 }, wanted)).toBe(false)
    expect(doesFor({ priceE9: 100n * E9, sizeE9: E9 / 2n }, wanted)).toBe(true)
    expect(doesFor({ priceE9: 100n * E9, sizeE9: E9 / 2n - 1n }, wanted)).toBe(false)
    expect(doesFor({ priceE9: 100n * E9, sizeE9: 2n * E9 + 1n }, wanted)).toBe(false)
  })
})

describe('limits', () => {
  it('are filled from −1 to 1, whole where there is none', () => {
    expect([filledE9(5n, 10n), filledE9(-20n, 10n), filledE9(0n, 0n), filledE9(1n, 0n)]).toEqual([
      E9 / 2n,
      -E9,
      0n,
      E9,
    ])
    expect([shareOf(1_000n, 200n), shareOf(-1n, 200n)]).toEqual([20n, 0n])
  })
})
