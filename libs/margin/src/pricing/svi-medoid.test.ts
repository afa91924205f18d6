import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MEDOID_MONEYNESS, medoidOf } from './svi-medoid.ts'
import type { WeightedSmiles } from './svi-medoid.ts'
import { sviVariance } from './svi.ts'
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

/** By the definition: every pair at every point. */
function distanceTo(opinions: readonly WeightedSmiles[], from: number): number {
  let sum = 0
  for (const { weight, smiles } of opinions)
    for (const [i, other] of smiles.entries())
      for (const k of MEDOID_MONEYNESS)
        sum += weight * Math.abs(sviVariance(other, k) - sviVariance(opinions[from]!.smiles[i]!, k))
  return sum
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
    const opinions = [opinion(1, 0.1, 0.5), opinion(1, 0.2, 0.9), opinion(1, 0.9, 0.6)]
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
