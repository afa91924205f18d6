import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { sviVariance, sviVolatility } from './svi.ts'
import type { SviSurface } from './svi.ts'
import { openVectors } from './vectors.fixture.ts'

const surface: SviSurface = { a: 0.01, b: 0.1, rho: -0.4, m: 0.05, sigma: 0.2, forward: 2000, tau: 0.25 }

type Row = Record<keyof SviSurface | 'strike', string> & {
  vol?: string
  tol?: string
  vol_trunc6?: string
}

function numbers(row: Row): SviSurface & { strike: number } {
  const of = (name: keyof SviSurface | 'strike') => Number(row[name])
  return {
    ...{ a: of('a'), b: of('b'), rho: of('rho'), m: of('m'), sigma: of('sigma') },
    ...{ forward: of('forward'), tau: of('tau'), strike: of('strike') },
  }
}

describe('sviVolatility', () => {
  it('gives the published volatilities', () => {
    const vectors = openVectors('svi.json') as { vols: readonly Row[]; caps: readonly Row[] }
    expect([vectors.vols.length, vectors.caps.length]).toEqual([6, 2])
    for (const row of vectors.vols) {
      const input = numbers(row)
      expect(Math.abs(sviVolatility(input, input.strike) - Number(row.vol))).toBeLessThanOrEqual(
        Number(row.tol),
      )
    }
    for (const row of vectors.caps) {
      const input = numbers(row)
      expect(Math.floor(sviVolatility(input, input.strike) * 1e6) / 1e6).toBe(Number(row.vol_trunc6))
    }
  })

  it('is the formula within the caps', () => {
    for (const strike of [1500, 1900, 2000, 2100, 2500]) {
      const x = Math.log(strike / 2000) - 0.05
      const w = 0.01 + 0.1 * (-0.4 * x + Math.sqrt(x * x + 0.04))
      expect(sviVolatility(surface, strike)).toBeCloseTo(Math.sqrt(w / 0.25), 14)
    }
  })

  it('stands still beyond ±4·√(a + bσ) and is no more than √(144 ÷ tau)', () => {
    const limit = 4 * Math.sqrt(0.01 + 0.1 * 0.2)
    expect(sviVolatility(surface, 1e9)).toBe(Math.sqrt(sviVariance(surface, limit) / 0.25))
    expect(sviVolatility(surface, 1e-9)).toBe(Math.sqrt(sviVariance(surface, -limit) / 0.25))
    expect(sviVolatility(surface, 1e300)).toBe(sviVolatility(surface, 1e9))
    expect(sviVolatility({ ...surface, a: 1000 }, 2000)).toBe(24)
    expect(sviVolatility(surface, 0)).toBe(0)
  })

  it('refuses a negative variance', () => {
    expect(() => sviVolatility({ ...surface, a: -0.1 }, 2000)).toThrow('variance')
    expect(() => sviVolatility({ ...surface, a: -0.02, rho: 2 }, 1000)).toThrow('variance')
    expect(() => sviVolatility({ ...surface, b: -1 }, 2000)).toThrow(MarginError)
    expect(sviVolatility({ ...surface, a: 0, b: 0 }, 2000)).toBe(0)
  })

  it('refuses what is no number', () => {
    for (const name of ['a', 'b', 'rho', 'm', 'sigma', 'forward', 'tau'] as const)
      for (const bad of [Number.NaN, Infinity, -Infinity])
        expect(() => sviVolatility({ ...surface, [name]: bad }, 2000)).toThrow(MarginError)
    for (const bad of [Number.NaN, Infinity, -1])
      expect(() => sviVolatility(surface, bad)).toThrow(MarginError)
    for (const bad of [0, -1]) {
      expect(() => sviVolatility({ ...surface, forward: bad }, 2000)).toThrow(MarginError)
      expect(() => sviVolatility({ ...surface, tau: bad }, 2000)).toThrow(MarginError)
    }
    expect(sviVolatility({ ...surface, a: 1e308, b: 1e308 }, 2000)).toBe(24)
    expect(() => sviVolatility({ ...surface, b: 0, m: 1e200 }, 2000)).toThrow(MarginError)
    expect(() => sviVolatility({ ...surface, tau: 5e-324 }, 2000)).toThrow('beyond the largest number')
    expect(() => sviVolatility({ ...surface, m: 1e200 }, 2000)).not.toThrow()
  })
})
