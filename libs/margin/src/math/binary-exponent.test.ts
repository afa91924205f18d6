import { describe, expect, it } from 'vitest'
import { exponentOf, powerOfTwo } from './binary-exponent.ts'
import { seeded } from './reference.fixture.ts'

describe('powerOfTwo', () => {
  it('is exact from the least subnormal to the greatest power', () => {
    for (let n = -1074; n <= 1023; n++) expect(powerOfTwo(n)).toBe(2 ** n)
    expect(powerOfTwo(-1074)).toBe(5e-324)
  })
})

describe('exponentOf', () => {
  it('takes a normal number apart', () => {
    const random = seeded(1)
    for (let i = 0; i < 10_000; i++) {
      const exponent = Math.floor(random() * 2045) - 1022
      const x = (1 + random()) * 2 ** exponent
      expect(exponentOf(x)).toBe(exponent)
      const significand = x * powerOfTwo(-exponentOf(x))
      expect(significand >= 1 && significand < 2).toBe(true)
      expect(significand * powerOfTwo(exponent)).toBe(x)
    }
  })

  it('is right at powers of two and just below them', () => {
    for (let n = -1022; n <= 1023; n++) {
      expect(exponentOf(2 ** n)).toBe(n)
      if (n > -1022) expect(exponentOf(2 ** n * (1 - 2 ** -53))).toBe(n - 1)
    }
    expect(exponentOf(Number.MAX_VALUE)).toBe(1023)
  })
})
