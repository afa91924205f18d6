import { describe, expect, it } from 'vitest'
import { normalCdf, normalInverse, normalPdf, scaledTail } from './normal.ts'
import { errorInUlps, exactCdf, exactPdf, fixed, relativeError, seeded } from './reference.fixture.ts'

describe('normalCdf', () => {
  it('keeps a small relative error in the left tail, down to the subnormal numbers', () => {
    const random = seeded(1)
    const xs = [
      ...Array.from({ length: 250 }, () => -37.5 * random()),
      ...Array.from({ length: 150 }, () => -4 * random()),
      ...[0, -1e-300, -1e-9, -37.4, -0.5, -1, -2, -8, -20, -30],
    ]
    let worst = 0
    for (const x of xs) worst = Math.max(worst, relativeError(normalCdf(x), exactCdf(fixed(x))))
    process.stdout.write(`normalCdf, left: relative error at most ${worst.toExponential(2)}\n`)
    expect(worst).toBeLessThan(7e-16)
  })

  it('is within 4 ulp where it is subnormal', () => {
    for (const x of [-37.6, -37.9, -38, -38.2, -38.4, -38.5, -39])
      expect(errorInUlps(normalCdf(x), exactCdf(fixed(x)))).toBeLessThan(4)
  })

  it('is within 2.5 ulp to the right of 0', () => {
    const random = seeded(2)
    let worst = 0
    for (let i = 0; i < 200; i++) {
      const x = 9 * random()
      worst = Math.max(worst, errorInUlps(normalCdf(x), exactCdf(fixed(x))))
    }
    process.stdout.write(`normalCdf, right: at most ${worst} ulp off\n`)
    expect(worst).toBeLessThan(2.5)
  })

  it('never falls, and is symmetric', () => {
    const random = seeded(3)
    for (let i = 0; i < 20_000; i++) {
      const x = (random() - 0.5) * 80
      expect(normalCdf(x + 1e-6 * random() + 1e-12)).toBeGreaterThanOrEqual(normalCdf(x) * (1 - 1.2e-15))
      expect(normalCdf(x) + normalCdf(-x)).toBe(1)
    }
  })

  it('knows the ends of its range', () => {
    expect(normalCdf(0)).toBe(0.5)
    expect(normalCdf(-0)).toBe(0.5)
    expect(normalCdf(-Infinity)).toBe(0)
    expect(normalCdf(Infinity)).toBe(1)
    expect(normalCdf(-1e308)).toBe(0)
    expect(normalCdf(40)).toBe(1)
    expect(normalCdf(Number.NaN)).toBeNaN()
  })
})

describe('scaledTail', () => {
  it('falls off as 1 ÷ a beyond what is approximated', () => {
    for (const a of [39, 50, 100, 1e4, 1e8, 2 ** 40]) {
      const asymptotic =
        (1 - 1 / a ** 2 + 3 / a ** 4 - 15 / a ** 6 + 105 / a ** 8) / (a * Math.sqrt(2 * Math.PI))
      expect(Math.abs(scaledTail(a) / asymptotic - 1)).toBeLessThan(4e-12)
    }
  })
})

describe('normalPdf', () => {
  it('is within 2 ulp of the exact value', () => {
    const random = seeded(4)
    let worst = 0
    for (let i = 0; i < 400; i++) {
      const x = (random() - 0.5) * 77
      worst = Math.max(worst, errorInUlps(normalPdf(x), exactPdf(fixed(x))))
    }
    process.stdout.write(`normalPdf: at most ${worst} ulp off\n`)
    expect(worst).toBeLessThan(2.5)
  })

  it('knows the ends of its range', () => {
    expect(normalPdf(0)).toBe(0.3989422804014327)
    expect(normalPdf(Infinity)).toBe(0)
    expect(normalPdf(-Infinity)).toBe(0)
    expect(normalPdf(Number.NaN)).toBeNaN()
  })
})

describe('normalInverse', () => {
  it('undoes the distribution: the exact N of its answer is the probability', () => {
    const random = seeded(5)
    const ps = [
      ...Array.from({ length: 150 }, () => random()),
      ...Array.from({ length: 100 }, () => 2 ** (-1000 * random())),
      ...[0.5, 0.075, 0.925, 1e-300, 1 - 2 ** -53, 2 ** -53],
    ]
    for (const p of ps) {
      const x = normalInverse(p)
      // dN ÷ N = φ ÷ N · dx: a relative error e of x moves N by |x|·φ÷N·e, relatively
      const slope = p < 0.5 ? Math.abs(x) * (Math.abs(x) + 1) : 1
      expect(relativeError(p, exactCdf(fixed(x)))).toBeLessThan(1.5e-15 * (1 + slope))
    }
  })

  it('is odd about one half, and knows the ends of its range', () => {
    for (const p of [0.25, 0.125, 2 ** -20]) expect(normalInverse(p)).toBe(-normalInverse(1 - p))
    expect(normalInverse(0.5)).toBe(0)
    expect(normalInverse(0)).toBe(-Infinity)
    expect(normalInverse(1)).toBe(Infinity)
    for (const p of [-1e-9, 1.1, Number.NaN, Infinity]) expect(normalInverse(p)).toBeNaN()
  })
})
