import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { exactCdf, exactLn, fixed, PLACES, relativeError, seeded } from '../math/reference.fixture.ts'
import { black76 } from './black76.ts'
import { openVectors } from './vectors.fixture.ts'

/** The formula of the textbook in 1,536 binary places. */
function exactValue(forward: number, strike: number, v: number, isCall: boolean): bigint {
  const [f, k, total] = [fixed(forward), fixed(strike), fixed(v)]
  const logRatio = exactLn((f << PLACES) / k)
  const d1 = (logRatio << PLACES) / total + total / 2n
  const d2 = d1 - total
  const call = (f * exactCdf(d1) - k * exactCdf(d2)) >> PLACES
  return isCall ? call : call - f + k
}

function toNumber(x: bigint): number {
  return Number(x >> (PLACES - 200n)) / 2 ** 200
}

describe('black76', () => {
  it('gives the published prices', () => {
    const vectors = openVectors('black76.json')
    const { prices, tolerance_abs: tolerance } = vectors as {
      prices: Record<'timeToExpirySec' | 'vol' | 'forward' | 'strike' | 'discount' | 'call' | 'put', string>[]
      tolerance_abs: string
    }
    expect(prices.length).toBe(5)
    for (const price of prices) {
      const total = Number(price.vol) * Math.sqrt(Number(price.timeToExpirySec) / 31_536_000)
      const value = (isCall: boolean) =>
        black76(Number(price.forward), Number(price.strike), total, Number(price.discount), isCall)
      expect(Math.abs(value(true) - Number(price.call))).toBeLessThanOrEqual(Number(tolerance))
      expect(Math.abs(value(false) - Number(price.put))).toBeLessThanOrEqual(Number(tolerance))
    }
  })

  it('is within 6e-16 of the greater of forward and strike, and precise out of the money', () => {
    const random = seeded(1)
    let [worst, worstFar] = [0, 0]
    for (let i = 0; i < 400; i++) {
      const forward = 100
      const strike = 100 * 2 ** ((random() - 0.5) * [0.02, 0.5, 2, 8][i % 4]!)
      // At most 35 standard deviations away: beyond, the exact series have too many terms
      const v = Math.max(2 ** ((random() - 0.6) * 12), Math.abs(Math.log(forward / strike)) / 35)
      const isCall = i % 8 < 4
      const exact = exactValue(forward, strike, v, isCall)
      const value = black76(forward, strike, v, 1, isCall)
      worst = Math.max(worst, Math.abs(toNumber(fixed(value) - exact)) / Math.max(forward, strike))
      if (v > 0.05 && isCall === strike > forward) worstFar = Math.max(worstFar, relativeError(value, exact))
    }
    process.stdout.write(
      `black76: off by ${worst.toExponential(1)} of the greater price at most; out of the money, total ` +
        `volatility of 5 % and more: ${worstFar.toExponential(1)} of the value\n`,
    )
    expect(worst).toBeLessThan(6e-16)
    expect(worstFar).toBeLessThan(1e-12)
  })

  it('keeps the bounds, and puts and calls their parity', () => {
    const random = seeded(2)
    for (let i = 0; i < 10_000; i++) {
      const [forward, strike] = [2 ** ((random() - 0.5) * 20), 2 ** ((random() - 0.5) * 20)]
      const v = 2 ** ((random() - 0.5) * 20)
      const discount = random() + 0.1
      const call = black76(forward, strike, v, discount, true)
      const put = black76(forward, strike, v, discount, false)
      const greater = Math.max(forward, strike) * discount
      expect(Math.abs(call - put - discount * (forward - strike))).toBeLessThanOrEqual(4e-16 * greater)
      expect(call).toBeGreaterThanOrEqual(discount * Math.max(0, forward - strike))
      expect(put).toBeGreaterThanOrEqual(discount * Math.max(0, strike - forward))
      expect(call).toBeLessThanOrEqual(discount * forward * (1 + 4e-16))
      expect(put).toBeLessThanOrEqual(discount * strike * (1 + 4e-16))
    }
  })

  it('is the same for a call and the put with forward and strike exchanged', () => {
    const random = seeded(3)
    for (let i = 0; i < 10_000; i++) {
      const [a, b, v] = [100 * random() + 1, 100 * random() + 1, random() * 3]
      expect(black76(a, b, v, 0.9, true)).toBe(black76(b, a, v, 0.9, false))
    }
  })

  it('grows with volatility', () => {
    const random = seeded(4)
    for (let i = 0; i < 10_000; i++) {
      const [forward, strike, v] = [100, 100 * 2 ** ((random() - 0.5) * 4), random() * 4]
      const more = black76(forward, strike, v + 0.001 + random(), 1, i % 2 === 0)
      expect(more).toBeGreaterThanOrEqual(black76(forward, strike, v, 1, i % 2 === 0))
    }
  })

  it('is defined where the formula is not', () => {
    expect(black76(100, 90, 0, 0.9, true)).toBe(9)
    expect(black76(100, 90, 0, 0.9, false)).toBe(0)
    expect(black76(100, 100, 0, 0.9, true)).toBe(0)
    expect(black76(90, 100, 0, 0.5, false)).toBe(5)
    expect(black76(90, 100, 24, 0.5, true)).toBe(45)
    expect(black76(90, 100, 1e300, 0.5, false)).toBe(50)
    expect(black76(0, 1000, 4, 0.99, true)).toBe(0)
    expect(black76(0, 1000, 4, 0.99, false)).toBe(990)
    expect(black76(1000, 0, 4, 0.5, true)).toBe(500)
    expect(black76(1000, 0, 4, 0.5, false)).toBe(0)
    expect(black76(0, 0, 0, 1, true)).toBe(0)
    expect(black76(0, 0, 30, 1, false)).toBe(0)
    expect(black76(1e300, 1e-300, 1, 1, true)).toBe(1e300)
    expect(black76(5e-324, 5e-324, 1, 1, true)).toBeGreaterThanOrEqual(0)
    expect(black76(-0, 1, -0, 1, true)).toBe(0)
  })

  it('refuses what is no price, with the name of it', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, -1]) {
      for (const [i, name] of ['forward', 'strike', 'totalVolatility', 'discount'].entries()) {
        const inputs = [1, 1, 1, 1].with(i, bad) as [number, number, number, number]
        expect(() => black76(...inputs, true)).toThrow(MarginError)
        expect(() => black76(...inputs, true)).toThrow(name)
      }
    }
    expect(() => black76(1e308, 1, 1, 1e10, true)).toThrow('value is beyond the largest number')
  })
})
