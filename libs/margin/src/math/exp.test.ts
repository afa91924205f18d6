import { describe, expect, it } from 'vitest'
import { exp, expHalfSquare } from './exp.ts'
import { errorInUlps, exactExp, fixed, seeded } from './reference.fixture.ts'

describe('exp', () => {
  it('is within 1 ulp of the exact value over its whole range', () => {
    const random = seeded(1)
    const xs = [
      ...Array.from({ length: 1500 }, () => (random() - 0.5) * 2 * 709.7),
      ...Array.from({ length: 800 }, () => (random() - 0.5) * 4),
      ...Array.from({ length: 300 }, () => -708 - 37 * random()),
      ...Array.from({ length: 300 }, (_, i) => ((i - 150) * Math.LN2) / 2),
      ...[709.782712893384, -745.1332191019411, 1e-300, -1e-17, 1, -1, 5e-324],
    ]
    let worst = 0
    for (const x of xs) worst = Math.max(worst, errorInUlps(exp(x), exactExp(fixed(x))))
    process.stdout.write(`exp: at most ${worst} ulp off in ${xs.length} places\n`)
    expect(worst).toBeLessThan(1)
  })

  it('knows the ends of its range', () => {
    expect(exp(0)).toBe(1)
    expect(exp(-0)).toBe(1)
    expect(exp(709.782712893384)).toBeLessThanOrEqual(Number.MAX_VALUE)
    expect(exp(709.7827128933841)).toBe(Infinity)
    expect(exp(Infinity)).toBe(Infinity)
    expect(exp(-745.1332191019411)).toBe(5e-324)
    expect(exp(-745.1332191019413)).toBe(0)
    expect(exp(-Infinity)).toBe(0)
    expect(exp(Number.NaN)).toBeNaN()
  })

  it('never falls: from a number to the next, and over steps of any size', () => {
    const random = seeded(2)
    for (let i = 0; i < 20_000; i++) {
      const x = (random() - 0.5) * 1400
      const next = x + Math.abs(x) * 2 ** -52
      expect(exp(next)).toBeGreaterThanOrEqual(exp(x))
      expect(exp(x + 1e-9 + random())).toBeGreaterThan(exp(x))
    }
  })

  it('agrees with the engine to 2 ulp', () => {
    const random = seeded(3)
    for (let i = 0; i < 20_000; i++) {
      const x = (random() - 0.5) * 1400
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(4.5e-16)
    }
  })
})

describe('expHalfSquare', () => {
  it('keeps its relative error where a² has none of its fraction left', () => {
    const random = seeded(4)
    let worst = 0
    for (let i = 0; i < 1000; i++) {
      const a = random() * 38.5
      worst = Math.max(worst, errorInUlps(expHalfSquare(a), exactExp(-(fixed(a) * fixed(a)) >> 1537n)))
    }
    process.stdout.write(`expHalfSquare: at most ${worst} ulp off\n`)
    expect(worst).toBeLessThan(1.5)
  })

  it('is 1 at 0 and 0 from 39 on', () => {
    expect(expHalfSquare(0)).toBe(1)
    expect(expHalfSquare(38.7)).toBe(0)
    expect(expHalfSquare(38.5)).toBeGreaterThan(0)
    expect(expHalfSquare(1e300)).toBe(0)
  })
})
