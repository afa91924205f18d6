import { describe, expect, it } from 'vitest'
import { ln, lnRatio, pow } from './ln.ts'
import { errorInUlps, exactExp, exactLn, fixed, PLACES, relativeError, seeded } from './reference.fixture.ts'

describe('ln', () => {
  it('is within 1 ulp of the exact value over its whole range', () => {
    const random = seeded(1)
    const xs = [
      ...Array.from({ length: 1000 }, () => 2 ** ((random() - 0.5) * 2046)),
      ...Array.from({ length: 1000 }, () => 0.4 + 2 * random()),
      ...Array.from({ length: 300 }, () => 1 + (random() - 0.5) * 2 ** (-40 * random())),
      ...Array.from({ length: 200 }, () => 2 ** (-1074 + 52 * random())),
      ...[
        5e-324,
        2.2250738585072014e-308,
        2.225073858507201e-308,
        Number.MAX_VALUE,
        Math.SQRT2,
        Math.SQRT1_2,
      ],
    ]
    let worst = 0
    for (const x of xs) if (x !== 1) worst = Math.max(worst, errorInUlps(ln(x), exactLn(fixed(x))))
    process.stdout.write(`ln: at most ${worst} ulp off in ${xs.length} places\n`)
    expect(worst).toBeLessThan(1)
  })

  it('knows the ends of its range', () => {
    expect(ln(1)).toBe(0)
    expect(ln(0)).toBe(-Infinity)
    expect(ln(-0)).toBe(-Infinity)
    expect(ln(Infinity)).toBe(Infinity)
    for (const x of [-1, -5e-324, -Infinity, Number.NaN]) expect(ln(x)).toBeNaN()
  })

  it('never falls from a number to the next', () => {
    const random = seeded(2)
    for (let i = 0; i < 20_000; i++) {
      const x = 2 ** ((random() - 0.5) * 2000)
      expect(ln(x * (1 + 2 ** -52))).toBeGreaterThanOrEqual(ln(x))
    }
  })

  it('undoes exp', () => {
    const random = seeded(3)
    for (let i = 0; i < 2000; i++) {
      const x = 2 ** ((random() - 0.5) * 100)
      const back = Number((exactExp(fixed(ln(x))) << 60n) / fixed(x)) / 2 ** 60
      expect(Math.abs(back - 1)).toBeLessThan(Math.abs(ln(x)) * 2.3e-16 + 1e-18)
    }
  })
})

describe('lnRatio', () => {
  it('is within 2.5 ulp of the logarithm of the exact quotient', () => {
    const random = seeded(4)
    let worst = 0
    for (let i = 0; i < 2000; i++) {
      const a = 2 ** ((random() - 0.5) * (i % 2 === 0 ? 4 : 400))
      const b = i % 3 === 0 ? a * (1 + (random() - 0.5) * 2 ** (-45 * random())) : 2 ** ((random() - 0.5) * 4)
      if (a === b) continue
      const exact = exactLn((fixed(a) << PLACES) / fixed(b))
      worst = Math.max(worst, errorInUlps(lnRatio(a, b), exact))
    }
    process.stdout.write(`lnRatio: at most ${worst} ulp off\n`)
    expect(worst).toBeLessThan(2.5)
  })

  it('changes only its sign when the two change places, and is 0 when they are equal', () => {
    const random = seeded(5)
    for (let i = 0; i < 10_000; i++) {
      const [a, b] = [2 ** ((random() - 0.5) * 2000), 2 ** ((random() - 0.5) * 2000)]
      expect(lnRatio(a, b)).toBe(-lnRatio(b, a))
      expect(lnRatio(a, a)).toBe(0)
    }
  })

  it('is ln of the first where the second is 1', () => {
    const random = seeded(6)
    for (let i = 0; i < 10_000; i++) {
      const a = 2 ** ((random() - 0.5) * 2000)
      expect(Math.abs(lnRatio(a, 1) - ln(a))).toBeLessThanOrEqual(4.5e-16 * Math.abs(ln(a)))
    }
  })
})

describe('pow', () => {
  it('stays within the bound of its docstring', () => {
    const random = seeded(7)
    for (let i = 0; i < 1500; i++) {
      const base = 2 ** ((random() - 0.5) * 60)
      const exponent = (random() - 0.5) * 20
      const product = (fixed(exponent) * exactLn(fixed(base))) >> PLACES
      const bound = (2 + Math.abs(exponent * Math.log(base))) * 2.3e-16
      expect(relativeError(pow(base, exponent), exactExp(product))).toBeLessThan(bound)
    }
  })

  it('is exact where no rounding is needed', () => {
    expect(pow(7.3, 0)).toBe(1)
    expect(pow(0, 0)).toBe(1)
    expect(pow(7.3, 1)).toBe(7.3)
    expect(pow(1, 1e300)).toBe(1)
  })

  it('knows the ends of its range', () => {
    expect(pow(0, 0.3)).toBe(0)
    expect(pow(0, -0.3)).toBe(Infinity)
    expect(pow(10, 400)).toBe(Infinity)
    expect(pow(10, -400)).toBe(0)
    expect(pow(-1, 2)).toBeNaN()
    expect(pow(-1, 1)).toBeNaN()
    expect(pow(Number.NaN, 2)).toBeNaN()
    expect(pow(1, Number.NaN)).toBeNaN()
    expect(pow(2, Number.NaN)).toBeNaN()
  })
})
