import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { seeded } from '../math/reference.fixture.ts'
import { butterflyViolations, wingSlope } from './svi-arbitrage.ts'
import { calibrateSvi } from './svi-calibration.ts'
import type { VolatilityQuote } from './svi-calibration.ts'
import { fitSmile } from './svi-inner-fit.ts'
import { solveLinear } from './linear-system.ts'
import { sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

const strikes = [50, 60, 70, 80, 85, 90, 95, 100, 105, 110, 115, 120, 130, 140, 160, 200]

function quotesOf(surface: SviSurface): VolatilityQuote[] {
  return strikes.map((strike) => {
    const variance = sviVariance(surface, Math.log(strike / surface.forward))
    return { strike, volatility: Math.sqrt(variance / surface.tau), weight: 1 }
  })
}

describe('calibrateSvi', () => {
  it('finds the smile that quotes were made from', () => {
    const random = seeded(1)
    for (let i = 0; i < 8; i++) {
      const sigma = 0.05 + 0.4 * random()
      const b = 0.05 + 0.3 * random()
      const surface: SviSurface = {
        ...{
          a: 0.02 * random() - 0.2 * b * sigma,
          b,
          rho: 1.2 * (random() - 0.5),
          m: 0.3 * (random() - 0.5),
          sigma,
        },
        ...{ forward: 100, tau: 0.05 + random() },
      }
      const found = calibrateSvi(quotesOf(surface), 100, surface.tau)
      expect(found.error).toBeLessThan(1e-8)
      for (const k of [-0.6, -0.2, 0, 0.3, 0.6])
        expect(sviVariance(found.surface, k)).toBeCloseTo(sviVariance(surface, k), 6)
    }
  })

  it('gives the same bits for the same quotes', () => {
    const quotes = quotesOf({ a: 0.01, b: 0.2, rho: -0.5, m: 0.1, sigma: 0.1, forward: 100, tau: 0.3 })
    const noisy = quotes.map((quote, i) => ({
      ...quote,
      volatility: quote.volatility * (1 + 0.02 * Math.sin(i)),
    }))
    const found = calibrateSvi(noisy, 100, 0.3)
    expect(calibrateSvi(noisy, 100, 0.3)).toEqual(found)
    expect(found.error).toBeLessThan(0.004)
    expect(wingSlope(found.surface)).toBeLessThanOrEqual(2)
    expect(butterflyViolations(found.surface, { from: -0.5, to: 0.5, steps: 50 })).toEqual([])
  })

  it('keeps its conditions whatever the quotes are', () => {
    const random = seeded(2)
    for (let i = 0; i < 6; i++) {
      const quotes = strikes.map((strike) => ({ strike, volatility: 3 * random(), weight: random() + 0.1 }))
      const { surface } = calibrateSvi(quotes, 100, 1 + random())
      expect(wingSlope(surface)).toBeLessThanOrEqual(2 + 1e-9)
      expect(Math.abs(surface.rho)).toBeLessThanOrEqual(1)
      for (let k = -5; k <= 5; k += 0.25) expect(sviVariance(surface, k)).toBeGreaterThanOrEqual(-1e-11)
    }
  })

  it('bends no narrower than it may', () => {
    const quotes = quotesOf({ a: 0.01, b: 0.2, rho: -0.5, m: 0.1, sigma: 0.05, forward: 100, tau: 0.3 })
    expect(calibrateSvi(quotes, 100, 0.3).surface.sigma).toBeCloseTo(0.05, 3)
    expect(calibrateSvi(quotes, 100, 0.3, 0.01).surface.sigma).toBeCloseTo(0.05, 3)
    expect(calibrateSvi(quotes, 100, 0.3, 0.2).surface.sigma).toBeGreaterThanOrEqual(0.2)
    expect(() => calibrateSvi(quotes, 100, 0.3, 0)).toThrow('sigmaMin')
  })

  it('lets quotes without weight out', () => {
    const quotes = quotesOf({ a: 0.01, b: 0.2, rho: -0.5, m: 0.1, sigma: 0.1, forward: 100, tau: 0.3 })
    const wild = { strike: 103, volatility: 9, weight: 0 }
    expect(calibrateSvi([...quotes, wild], 100, 0.3)).toEqual(calibrateSvi(quotes, 100, 0.3))
  })

  it('refuses too few quotes, too many, and what is no number', () => {
    const quotes = quotesOf({ a: 0.01, b: 0.2, rho: -0.5, m: 0.1, sigma: 0.1, forward: 100, tau: 0.3 })
    expect(() => calibrateSvi(quotes.slice(0, 4), 100, 0.3)).toThrow('4 points, 5 are needed')
    expect(() => calibrateSvi(Array<VolatilityQuote>(10_001).fill(quotes[0]!), 100, 1)).toThrow(
      'quotes is 10001',
    )
    for (const name of ['strike', 'volatility', 'weight'] as const)
      for (const bad of [Number.NaN, Infinity, -1])
        expect(() => calibrateSvi(quotes.with(3, { ...quotes[3]!, [name]: bad }), 100, 1)).toThrow(
          MarginError,
        )
    for (const bad of [Number.NaN, Infinity, -1, 0]) {
      expect(() => calibrateSvi(quotes, bad, 1)).toThrow(MarginError)
      expect(() => calibrateSvi(quotes, 100, bad)).toThrow(MarginError)
    }
  })
})

describe('fitSmile', () => {
  it('is no worse than any other a, b, ρ that meet the conditions', () => {
    const random = seeded(3)
    for (let i = 0; i < 60; i++) {
      const [m, sigma] = [0.4 * (random() - 0.5), 0.02 + random()]
      const points = Array.from({ length: 7 }, () => ({ k: random() - 0.5, w: random(), weight: random() }))
      const { error } = fitSmile(points, m, sigma)
      for (let j = 0; j < 200; j++) {
        const rho = 2 * random() - 1
        const b = (2 * random()) / (1 + Math.abs(rho))
        const a = random() - (1 - Math.abs(rho)) * b * sigma
        const other = { a, b, rho, m, sigma, forward: 1, tau: 1 }
        const squares = points.map(({ k, w, weight }) => weight * (sviVariance(other, k) - w) ** 2)
        expect(error).toBeLessThanOrEqual(squares.reduce((sum, one) => sum + one) + 1e-12)
      }
    }
  })
})

describe('solveLinear', () => {
  it('solves what can be solved', () => {
    expect(
      solveLinear([
        [0, 2, 4],
        [1, 1, 5],
      ]),
    ).toEqual([3, 2])
    expect(
      solveLinear([
        [1, 2, 3],
        [2, 4, 6],
      ]),
    ).toBeUndefined()
    expect(solveLinear([])).toEqual([])
  })
})
