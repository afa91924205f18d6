import { describe, expect, it } from 'vitest'
import { black76 } from './black76.ts'
import {
  butterflyDensity,
  butterflyViolations,
  calendarViolations,
  checkNoArbitrage,
  wingSlope,
} from './svi-arbitrage.ts'
import { sviVariance } from './svi.ts'
import type { SviSurface } from './svi.ts'

const sound: SviSurface = { a: 0.04, b: 0.1, rho: -0.3, m: 0, sigma: 0.2, forward: 100, tau: 0.5 }
/** A. Vogt's smile: without calendar, with butterfly arbitrage (Gatheral and Jacquier 2014, figure 2). */
const vogt: SviSurface = {
  ...{ a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153, forward: 1, tau: 1 },
}

describe('butterflyDensity', () => {
  it('has the sign of the second difference of call prices', () => {
    for (const surface of [sound, vogt]) {
      for (let k = -1.4; k <= 1.4; k += 0.1) {
        const price = (strike: number) => {
          const v = Math.sqrt(sviVariance(surface, Math.log(strike)))
          return black76(1, strike, v, 1, true)
        }
        const [strike, h] = [Math.exp(k), 1e-3]
        const second = price(strike + h) - 2 * price(strike) + price(strike - h)
        if (Math.abs(second) > 1e-10) expect(Math.sign(butterflyDensity(surface, k))).toBe(Math.sign(second))
      }
    }
  })
})

describe('butterflyViolations', () => {
  it('finds none in a sound smile and where they are in Vogt’s', () => {
    expect(butterflyViolations(sound)).toEqual([])
    const found = butterflyViolations(vogt, { from: -1.5, to: 1.5, steps: 300 })
    expect(found.length).toBeGreaterThan(10)
    expect(found.every(({ k, density }) => k > 0.6 && k < 1.3 && density < 0)).toBe(true)
  })

  it('counts a smile without variance as one with arbitrage', () => {
    expect(butterflyViolations({ ...sound, a: 0, b: 0 }).length).toBeGreaterThan(0)
  })
})

describe('wingSlope', () => {
  it('is the steeper one', () => {
    expect(wingSlope(sound)).toBeCloseTo(0.13, 15)
    expect(wingSlope({ ...sound, rho: 0.5, b: 2 })).toBe(3)
  })
})

describe('calendarViolations', () => {
  it('finds where a later expiry has less total variance', () => {
    const later = { ...sound, a: 0.05, tau: 1 }
    expect(calendarViolations([sound, later])).toEqual([])
    expect(calendarViolations([later, sound])).toEqual([])
    const crossing = { ...sound, b: 0.05, a: 0.055, tau: 1 }
    const found = calendarViolations([sound, crossing], { from: -1, to: 1, steps: 200 })
    expect(found.length).toBeGreaterThan(0)
    for (const { k, near, far } of found) {
      expect([near, far]).toEqual([0.5, 1])
      expect(sviVariance(crossing, k)).toBeLessThan(sviVariance(sound, k))
    }
    expect(found.some(({ k }) => Math.abs(k) < 0.1)).toBe(false)
  })

  it('compares neighbours only, whatever the order they come in', () => {
    const [b, c] = [
      { ...sound, a: 0.02, tau: 0.75 },
      { ...sound, a: 0.03, tau: 1 },
    ]
    const found = calendarViolations([c, sound, b], { from: 0, to: 0, steps: 1 })
    expect(found.map(({ near, far }) => [near, far])).toEqual([
      [0.5, 0.75],
      [0.5, 0.75],
    ])
  })
})

describe('checkNoArbitrage', () => {
  it('passes what is sound and throws a typed error for the first fault', () => {
    const later = { ...sound, a: 0.05, tau: 1 }
    expect(() => checkNoArbitrage('BTC', [sound, later])).not.toThrow()
    expect(() => checkNoArbitrage('BTC', [vogt])).toThrow('negative density')
    expect(() => checkNoArbitrage('BTC', [later, { ...sound, tau: 2 }])).toThrow('BTC: total variance falls')
    const steep = { ...sound, a: 2, b: 2.1, rho: 0, sigma: 3 }
    const narrow = { from: -0.1, to: 0.1, steps: 2 }
    expect(() => checkNoArbitrage('BTC', [steep], narrow)).toThrow('wing slope is 2.1')
    expect(() => checkNoArbitrage('BTC', [{ ...sound, tau: Number.NaN }])).toThrow('tau is no finite number')
  })
})
