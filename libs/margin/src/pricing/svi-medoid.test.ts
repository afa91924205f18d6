import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEDOID_DEVIATIONS, MEDOID_MONEYNESS, medoidOf } from './svi-medoid.ts'
import type { WeightedSmiles } from './svi-medoid.ts'
import { sviVariance, sviVolatility } from './svi.ts'
import type { SviSurface } from './svi.ts'

const smile = (a: number, more: Partial<SviSurface> = {}): SviSurface => ({
  ...{ a, b: 0.1, rho: -0.3, m: 0, sigma: 0.2, forward: 3_000, tau: 0.1 },
  ...more,
})
const opinion = (weight: number, ...levels: number[]): WeightedSmiles => ({
  weight,
  smiles: levels.map((a) => smile(a)),
})

const anySmile = fc
  .record({
    a: fc.double({ min: 0, max: 1, noNaN: true }),
    b: fc.double({ min: 0, max: 0.5, noNaN: true }),
    rho: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
    m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    sigma: fc.double({ min: 0.01, max: 1, noNaN: true }),
    forward: fc.integer({ min: 2_000, max: 4_000 }),
    tau: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  })
  .map((parts) => smile(parts.a, parts))
const opinionsOf = (expiries: number) =>
  fc.array(
    fc.record({
      weight: fc.integer({ min: 1, max: 1_000 }),
      smiles: fc.array(anySmile, { minLength: expiries, maxLength: expiries }),
    }),
    { minLength: 1, maxLength: 12 },
  )

/** By the definition: every pair at every strike. */
function distanceTo(opinions: readonly WeightedSmiles[], from: number): number {
  let sum = 0
  const forwards = opinions[from]!.smiles.map((_, i) => common(opinions, i, ({ forward }) => forward))
  const units = opinions[from]!.smiles.map((_, i) => common(opinions, i, deviation))
  for (const { weight, smiles } of opinions)
    for (const [i, other] of smiles.entries())
      for (const k of [...MEDOID_MONEYNESS, ...MEDOID_DEVIATIONS.map((count) => count * units[i]!)]) {
        const strike = forwards[i]! * Math.exp(k)
        const own = sviVolatility(opinions[from]!.smiles[i]!, strike)
        sum += weight * Math.abs(sviVolatility(other, strike) - own)
      }
  return sum
}

const deviation = (smile: SviSurface) => Math.sqrt(Math.max(0, sviVariance(smile, 0)))

/** By the definition: the least one with half of the weight not above it. */
function common(
  opinions: readonly WeightedSmiles[],
  expiry: number,
  of: (smile: SviSurface) => number,
): number {
  const all = opinions.map(({ weight, smiles }) => ({ weight, value: of(smiles[expiry]!) }))
  const sum = (list: typeof all) => list.reduce((total, { weight }) => total + weight, 0)
  const upTo = (most: number) => sum(all.filter(({ value }) => value <= most))
  return Math.min(...all.map(({ value }) => value).filter((each) => upTo(each) * 2 >= sum(all)))
}

describe('the medoid of opinions on a surface', () => {
  it('is the one that differs least from all, as counting every pair finds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }).chain(opinionsOf), (opinions) => {
        const found = medoidOf(opinions)
        const all = opinions.map((_, i) => distanceTo(opinions, i))
        const least = Math.min(...all)
        expect(all[found]! - least).toBeLessThanOrEqual(1e-9 * (1 + least))
      }),
    )
  })

  it('is an opinion of the majority, whatever a minority says', () => {
    fc.assert(
      fc.property(opinionsOf(2), anySmile, (lies, honest) => {
        const total = lies.reduce((sum, { weight }) => sum + weight, 0)
        const majority = { weight: total + 1, smiles: [honest, honest] }
        const found = [...lies, majority][medoidOf([...lies, majority])]!
        expect(distanceTo([majority, found], 0)).toBeLessThanOrEqual(1e-9)
      }),
    )
  })

  it.each([
    ['a time a hundred times as short', { tau: 0.001 }],
    ['a time a hundred times as long', { tau: 10 }],
    ['a forward three times as high', { forward: 9_000 }],
    ['a forward an eighth lower', { forward: 2_625 }],
  ])('compares what a strike gets: the middle variance with %s is not in the middle', (_, more) => {
    const honest = [0.18, 0.19, 0.21, 0.22].map((a) => opinion(24, a))
    const lie = { weight: 4, smiles: [smile(0.2, more)] }
    const all = [...honest.slice(0, 2), lie, ...honest.slice(2)]
    expect(medoidOf([...honest, { weight: 4, smiles: [smile(0.2)] }])).toBe(4)
    expect(medoidOf(all)).not.toBe(2)
  })

  it.each([
    ['six hours', 6],
    ['an hour', 1],
    ['a month', 720],
  ])('sees what lies between the money and the wings, %s before the end', (_, hours) => {
    const tau = hours / 8_760
    // Four deviations out the variance is 1.3 times that at the money, on a round way or with a corner
    const at = (volatility: number, roundness = 4) => {
      const variance = volatility ** 2 * tau
      const sigma = roundness * Math.sqrt(variance)
      const b = (0.3 * variance) / (Math.sqrt(16 * variance + sigma ** 2) - sigma)
      return smile(variance - b * sigma, { b, rho: 0, m: 0, sigma, tau })
    }
    const honest = [0.59, 0.595, 0.605, 0.61].map((each) => ({ weight: 24, smiles: [at(each)] }))
    const lie = { weight: 4, smiles: [at(0.6, 0.1)] }
    expect(medoidOf([...honest, { weight: 4, smiles: [at(0.6)] }])).toBe(4)
    expect(medoidOf([...honest.slice(0, 2), lie, ...honest.slice(2)])).not.toBe(2)
  })

  it('takes smiles of one volatility for equals, whatever they were fitted with', () => {
    const flat = (tau: number, forward: number) => smile(0.36 * tau, { b: 0, tau, forward })
    const opinions = [flat(0.1, 3_000), flat(0.2, 2_000), flat(0.05, 4_000)]
    const weighted = opinions.map((one) => ({ weight: 1, smiles: [one] }))
    for (let i = 0; i < 3; i++) expect(distanceTo(weighted, i)).toBeCloseTo(0, 12)
    const far = { weight: 1, smiles: [smile(0.9, { b: 0 })] }
    expect(medoidOf([far, ...weighted])).not.toBe(0)
  })

  it('reads a negative variance as none', () => {
    const dented = smile(0.01, { rho: -1.5, m: 0, sigma: 0.1 })
    const all = [opinion(1, 0.2), { weight: 1, smiles: [dented] }, opinion(1, 0.21)]
    expect([0, 2]).toContain(medoidOf(all))
  })

  it('is the middle of three, the first of equals, and the only one there is', () => {
    expect(medoidOf([opinion(1, 0.3), opinion(1, 0.1), opinion(1, 0.2)])).toBe(2)
    expect(medoidOf([opinion(1, 0.1), opinion(1, 0.1)])).toBe(0)
    expect(medoidOf([opinion(1, 0.1), opinion(1, 0.2)])).toBe(0)
    expect(medoidOf([opinion(7, 0.4, 0.5)])).toBe(0)
  })

  it('weighs by stake', () => {
    expect(medoidOf([opinion(5, 0.1), opinion(3, 0.2), opinion(3, 0.3)])).toBe(1)
    expect(medoidOf([opinion(7, 0.1), opinion(3, 0.2), opinion(3, 0.3)])).toBe(0)
  })

  it('takes a whole opinion: each expiry alone would choose otherwise', () => {
    const opinions = [opinion(1, 0.1, 0.5), opinion(1, 0.2, 1.2), opinion(1, 1.6, 0.6)]
    expect(medoidOf(opinions)).toBe(0)
  })

  it('does not depend on the order, up to equals', () => {
    fc.assert(
      fc.property(opinionsOf(2), (opinions) => {
        const [there, back] = [opinions, [...opinions].reverse()]
        const level = (list: readonly WeightedSmiles[]) => distanceTo(list, medoidOf(list))
        expect(Math.abs(level(there) - level(back))).toBeLessThanOrEqual(1e-9 * (1 + level(there)))
      }),
    )
  })

  it('needs opinions on the same expiries, with weights and numbers', () => {
    expect(() => medoidOf([])).toThrow('0 points, 1 are needed')
    expect(() => medoidOf([opinion(1, 0.1), opinion(1)])).toThrow('smiles has 0 items, not 1')
    expect(() => medoidOf([opinion(0, 0.1)])).toThrow('weight is not positive: 0')
    expect(() => medoidOf([opinion(1, Number.NaN)])).toThrow('a is no finite number')
    expect(() => medoidOf([opinion(1, -1)])).toThrow('variance')
  })
})
