import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText, haircutBps, timeText } from './formats.ts'

describe('decimals', () => {
  it('have exactly their places', () => {
    expect([0n, 1n, -1n, 1_500_000n, -1_234_567_890n].map((value) => decimalText(value, 6))).toEqual([
      ...['0.000000', '0.000001', '-0.000001', '1.500000', '-1234.567890'],
    ])
    expect(decimalText(-7n, 0)).toBe('-7')
  })

  it('lose nothing', () => {
    const run = fc.property(fc.bigInt(), fc.integer({ min: 1, max: 18 }), (value, scale) => {
      expect(BigInt(decimalText(value, scale).replace('.', ''))).toBe(value)
    })
    fc.assert(run)
  })
})

describe('times', () => {
  it('keep their nanoseconds, before 1970 too', () => {
    expect(timeText(1_700_000_000_000_000_001n)).toBe('2023-11-14T22:13:20.000000001Z')
    expect(timeText(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
    expect(timeText(253_402_300_799_000_000_000n)).toBe('9999-12-31T23:59:59.000000000Z')
  })
})

describe('haircuts', () => {
  it('are what was taken off, or nothing where there is no value', () => {
    expect(haircutBps(1_000n, 900n)).toBe(1_000)
    expect(haircutBps(3n, 2n)).toBe(3_333)
    expect(haircutBps(0n, 0n)).toBeNull()
  })
})
