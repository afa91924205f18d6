import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { annualise, observedPart, settlementForward } from './settlement.ts'
import { openVectors } from './vectors.fixture.ts'

describe('settlementForward', () => {
  it('is all variable until half an hour before expiry', () => {
    expect(settlementForward(2000, 1800)).toEqual({ fixed: 0, variable: 2000 })
    expect(settlementForward(2000, 1e9)).toEqual({ fixed: 0, variable: 2000 })
  })

  it('becomes fixed by and by', () => {
    expect(settlementForward(2000, 900)).toEqual({ fixed: 1000, variable: 1000 })
    expect(settlementForward(2000, 0)).toEqual({ fixed: 2000, variable: 0 })
    expect(settlementForward(1800, 1)).toEqual({ fixed: 1799, variable: 1 })
  })

  it('takes what was seen of the index', () => {
    expect(settlementForward(2000, 900, 1100)).toEqual({ fixed: 1100, variable: 1000 })
    const observed = observedPart([
      { price: 2200, seconds: 450 },
      { price: 2600, seconds: 450 },
    ])
    expect(observed).toBe(1200)
    expect(settlementForward(2000, 900, observed).fixed).toBe(1200)
    expect(observedPart([])).toBe(0)
  })

  it('refuses what is no price or time, and more than the window holds', () => {
    for (const bad of [Number.NaN, Infinity, -1]) {
      expect(() => settlementForward(bad, 1)).toThrow(MarginError)
      expect(() => settlementForward(1, bad)).toThrow(MarginError)
      expect(() => settlementForward(1, 1, bad)).toThrow(MarginError)
      expect(() => observedPart([{ price: bad, seconds: 1 }])).toThrow(MarginError)
      expect(() => observedPart([{ price: 1, seconds: bad }])).toThrow(MarginError)
    }
    expect(() => observedPart([{ price: 1, seconds: 1801 }])).toThrow('not within 0 to 1800')
    expect(() => observedPart([{ price: 1e308, seconds: 1800 }])).toThrow(MarginError)
    expect(() => settlementForward(1e308, 900)).toThrow(MarginError)
    expect(() => settlementForward(1e308, 1799, 0)).toThrow(MarginError)
    expect(settlementForward(1e308, 1800).variable).toBe(1e308)
  })
})

describe('annualise', () => {
  it('gives the published years', () => {
    const vectors = openVectors('black76.json') as {
      annualise: readonly { seconds: number; years: string }[]
    }
    for (const { seconds, years } of vectors.annualise)
      expect(Math.abs(annualise(seconds) - Number(years))).toBeLessThanOrEqual(
        1e-15 * Math.max(1, Number(years)),
      )
  })

  it('has years of 365 days', () => {
    expect(annualise(31_536_000)).toBe(1)
    expect(annualise(0)).toBe(0)
    expect(() => annualise(-1)).toThrow(MarginError)
  })
})
