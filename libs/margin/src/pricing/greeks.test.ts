import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { seeded } from '../math/reference.fixture.ts'
import { black76Greeks, blackScholesGreeks } from './greeks.ts'
import type { ForwardOption, SpotOption } from './greeks.ts'
import { openVectors } from './vectors.fixture.ts'

interface HaugRow {
  readonly type: 'call' | 'put'
  readonly strike: number
  readonly spot: number
  readonly q: number
  readonly r: number
  readonly t: number
  readonly vol: number
  readonly value: number
  readonly tol: number
  readonly quantity: string
}

function optionOf({ type, strike, spot, q, r, t, vol }: HaugRow): SpotOption {
  const isCall = type === 'call'
  return { spot, strike, volatility: vol, years: t, rate: r, dividendYield: q, isCall }
}

/** (f(x + h) − f(x − h)) ÷ 2h */
function slope(f: (x: number) => number, x: number, h: number): number {
  return (f(x + h) - f(x - h)) / (2 * h)
}

describe('blackScholesGreeks', () => {
  it('gives the values and Greeks of Haug’s tables', () => {
    const vectors = openVectors('black_scholes_haug.json') as {
      values: readonly HaugRow[]
      greeks: readonly HaugRow[]
    }
    expect([vectors.values.length, vectors.greeks.length].every((count) => count > 5)).toBe(true)
    for (const row of vectors.values) {
      expect(Math.abs(blackScholesGreeks(optionOf(row)).value - row.value)).toBeLessThanOrEqual(row.tol)
    }
    for (const row of vectors.greeks) {
      const greeks = blackScholesGreeks(optionOf(row))
      const all: Record<string, number> = { ...greeks, 'theta per day': greeks.theta / 365 }
      const got = all[row.quantity]
      if (got === undefined) expect.fail(`no quantity ${row.quantity}`)
      expect(Math.abs(got - row.value)).toBeLessThanOrEqual(row.tol)
    }
  })

  it('are the slopes of the value, by differences', () => {
    const random = seeded(1)
    for (let i = 0; i < 400; i++) {
      const option: SpotOption = {
        ...{ spot: 100, strike: 60 + 90 * random(), volatility: 0.1 + random(), years: 0.1 + 2 * random() },
        ...{ rate: (random() - 0.4) * 0.2, dividendYield: (random() - 0.4) * 0.1, isCall: i % 2 === 0 },
      }
      const greeks = blackScholesGreeks(option)
      const by = (name: keyof SpotOption, h: number) =>
        slope((x) => blackScholesGreeks({ ...option, [name]: x }).value, option[name] as number, h)
      expect(greeks.delta).toBeCloseTo(by('spot', 1e-3), 6)
      expect(greeks.vega).toBeCloseTo(by('volatility', 1e-5), 5)
      expect(greeks.theta).toBeCloseTo(-by('years', 1e-5), 5)
      expect(greeks.rho).toBeCloseTo(by('rate', 1e-6), 5)
      expect(greeks.dividendRho).toBeCloseTo(by('dividendYield', 1e-6), 5)
      const deltaAt = (spot: number) => blackScholesGreeks({ ...option, spot }).delta
      expect(greeks.gamma).toBeCloseTo(slope(deltaAt, 100, 1e-3), 7)
      expect(greeks.elasticity).toBeCloseTo((greeks.delta * 100) / greeks.value, 10)
    }
  })
})

describe('black76Greeks', () => {
  const base: ForwardOption = {
    ...{ forward: 100, strike: 110, volatility: 0.6, years: 0.5, rate: 0.03, isCall: true },
  }

  it('has the published deltas', () => {
    const vectors = openVectors('black76.json') as { prices: readonly Record<string, string>[] }
    for (const row of vectors.prices) {
      const [forward, strike, volatility] = [
        Number(row['forward']),
        Number(row['strike']),
        Number(row['vol']),
      ]
      const years = Number(row['timeToExpirySec']) / 31_536_000
      const { forwardDelta } = black76Greeks({ forward, strike, volatility, years, rate: 0, isCall: true })
      expect(forwardDelta).toBeCloseTo(Number(row['undiscountedCallDelta']), 14)
    }
  })

  it('are the slopes of the value at a constant forward', () => {
    const random = seeded(2)
    for (let i = 0; i < 400; i++) {
      const option = {
        ...{ ...base, strike: 50 + 100 * random(), volatility: 0.1 + random(), years: 0.05 + random() },
        ...{ rate: random() * 0.2 - 0.1, isCall: i % 2 === 0 },
      }
      const greeks = black76Greeks(option)
      const by = (name: keyof ForwardOption, h: number) =>
        slope((x) => black76Greeks({ ...option, [name]: x }).value, option[name] as number, h)
      expect(greeks.forwardDelta).toBeCloseTo(by('forward', 1e-3), 6)
      expect(greeks.vega).toBeCloseTo(by('volatility', 1e-5), 5)
      expect(greeks.theta).toBeCloseTo(-by('years', 1e-5), 5)
      expect(greeks.rho).toBeCloseTo(by('rate', 1e-6), 5)
    }
  })

  it('of a call less those of the put are those of the forward contract', () => {
    const call = black76Greeks(base)
    const put = black76Greeks({ ...base, isCall: false })
    const discount = Math.exp(-0.015)
    expect(call.value - put.value).toBeCloseTo(-10 * discount, 12)
    expect(call.forwardDelta - put.forwardDelta).toBeCloseTo(discount, 14)
    expect(call.forwardGamma).toBe(put.forwardGamma)
    expect(call.vega).toBe(put.vega)
    expect(call.theta - put.theta).toBeCloseTo(-10 * discount * 0.03, 12)
  })

  it('have limits where there is no time or volatility left, and no NaN anywhere', () => {
    const corner = { ...base, strike: 100, rate: 0 }
    expect(black76Greeks({ ...corner, volatility: 0 })).toMatchObject({ forwardDelta: 0.5, forwardGamma: 0 })
    expect(black76Greeks({ ...corner, years: 0 })).toMatchObject({ forwardDelta: 0.5, vega: 0, theta: 0 })
    expect(black76Greeks({ ...corner, years: 0, strike: 90 })).toMatchObject({ value: 10, forwardDelta: 1 })
    expect(black76Greeks({ ...corner, years: 0, strike: 110 })).toMatchObject({ value: 0, forwardDelta: 0 })
    expect(black76Greeks({ ...corner, volatility: 100, years: 1 })).toMatchObject({
      value: 100,
      forwardDelta: 1,
    })
    const ends = [0, 5e-324, 1e-200, 1e-8, 1, 1e8, 1e150]
    for (const forward of ends)
      for (const strike of ends)
        for (const volatility of ends)
          for (const years of [0, 1e-300, 1, 100]) allFinite({ ...base, forward, strike, volatility, years })
  })

  it('refuse what is no number, with a typed error', () => {
    for (const name of ['forward', 'strike', 'volatility', 'years', 'rate'] as const) {
      for (const bad of [Number.NaN, Infinity, -Infinity, ...(name === 'rate' ? [] : [-1])])
        expect(() => black76Greeks({ ...base, [name]: bad })).toThrow(MarginError)
    }
    expect(() => black76Greeks({ ...base, rate: -1e5, years: 1 })).toThrow('discount is beyond')
    expect(() => blackScholesGreeks({ ...base, spot: 1, dividendYield: Number.NaN })).toThrow(MarginError)
    expect(() => blackScholesGreeks({ ...base, spot: -1, dividendYield: 0 })).toThrow('spot is negative')
  })
})

function allFinite(option: ForwardOption): void {
  try {
    for (const x of Object.values(black76Greeks(option) as object)) expect(x - x).toBe(0)
  } catch (error) {
    if (!(error instanceof MarginError)) throw error
  }
}
