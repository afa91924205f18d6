import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { seeded } from '../math/reference.fixture.ts'
import { black76 } from './black76.ts'
import { impliedTotalVolatility, impliedVolatility } from './implied-volatility.ts'

describe('impliedTotalVolatility', () => {
  it('finds a volatility that gives the price back to the last bits, wherever it lies', () => {
    const random = seeded(1)
    for (let i = 0; i < 20_000; i++) {
      const [forward, strike] = [2 ** ((random() - 0.5) * 8), 2 ** ((random() - 0.5) * 8)]
      const price = black76(forward, strike, 2 ** (12 * random() - 9), 0.9, i % 2 === 0)
      const found = impliedTotalVolatility(price, forward, strike, 0.9, i % 2 === 0)
      const error = Math.abs(black76(forward, strike, found, 0.9, i % 2 === 0) - price)
      expect(error).toBeLessThanOrEqual(1e-15 * Math.max(forward, strike))
    }
  })

  it('gives the volatility back out of the money, down to prices of 1e-290', () => {
    const random = seeded(2)
    let worst = 0
    for (let i = 0; i < 20_000; i++) {
      const strike = 2 ** ((random() - 0.5) * 8)
      const v = 0.05 + 6 * random()
      const price = black76(1, strike, v, 1, strike > 1)
      if (price < 1e-290) continue
      worst = Math.max(worst, Math.abs(impliedTotalVolatility(price, 1, strike, 1, strike > 1) / v - 1))
    }
    process.stdout.write(`implied volatility: relative error at most ${worst.toExponential(1)}\n`)
    expect(worst).toBeLessThan(1e-13)
  })

  it('is 0 and 24 at the bounds', () => {
    expect(impliedTotalVolatility(0, 90, 100, 1, true)).toBe(0)
    expect(impliedTotalVolatility(5, 100, 90, 0.5, true)).toBe(0)
    expect(impliedTotalVolatility(90, 90, 100, 1, true)).toBe(24)
    expect(impliedTotalVolatility(100, 90, 100, 1, false)).toBe(24)
    expect(impliedTotalVolatility(5e-324, 90, 100, 1, true)).toBeGreaterThan(0)
    expect(impliedTotalVolatility(89.99999999999999, 90, 100, 1, true)).toBeGreaterThan(10)
  })

  it('always ends, for any numbers at all', () => {
    const random = seeded(3)
    for (let i = 0; i < 5_000; i++) {
      const spread = () => 2 ** ((random() - 0.5) * 1000)
      const [forward, strike, price] = [spread(), spread(), spread()]
      try {
        const v = impliedTotalVolatility(price, forward, strike, 1, i % 2 === 0)
        expect(v >= 0 && v <= 24).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(MarginError)
      }
    }
  })

  it('refuses prices outside the bounds and numbers that are none, with a typed error', () => {
    expect(() => impliedTotalVolatility(91, 90, 100, 1, true)).toThrow('prices lie within 0 and 90')
    expect(() => impliedTotalVolatility(9, 100, 90, 1, true)).toThrow('no volatility gives 9')
    expect(() => impliedTotalVolatility(-1, 100, 90, 1, false)).toThrow('no volatility gives -1')
    for (const bad of [Number.NaN, Infinity, -1, 0]) {
      expect(() => impliedTotalVolatility(1, bad, 90, 1, true)).toThrow(MarginError)
      expect(() => impliedTotalVolatility(1, 90, bad, 1, true)).toThrow(MarginError)
      expect(() => impliedTotalVolatility(1, 90, 90, bad, true)).toThrow(MarginError)
      expect(() => impliedVolatility(1, 90, 90, bad, 1, true)).toThrow(MarginError)
    }
    expect(() => impliedTotalVolatility(Number.NaN, 90, 90, 1, true)).toThrow(MarginError)
  })
})

describe('impliedVolatility', () => {
  it('is a year’s', () => {
    const price = black76(100, 120, 0.8 * Math.sqrt(0.25), 0.99, true)
    expect(impliedVolatility(price, 100, 120, 0.25, 0.99, true)).toBeCloseTo(0.8, 13)
  })
})
