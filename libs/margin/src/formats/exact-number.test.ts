import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMarginError } from '../errors.ts'
import {
  doubleFromE18,
  ExactNumber,
  nearestDouble,
  parseDecimal,
  parseExactJson,
  toE18Down,
} from './exact-number.ts'

const e18 = (text: string) => toE18Down(parseDecimal(text)!)

describe('decimals', () => {
  it('reads what JSON and the public files write', () => {
    expect(parseDecimal('0.55')).toEqual({ digits: 55n, scale: 2 })
    expect(parseDecimal('-12')).toEqual({ digits: -12n, scale: 0 })
    expect(parseDecimal('.238')).toEqual({ digits: 238n, scale: 3 })
    expect(parseDecimal('5.')).toEqual({ digits: 5n, scale: 0 })
    expect(parseDecimal('1.5e3')).toEqual({ digits: 1500n, scale: 0 })
    expect(parseDecimal('3.17e-06')).toEqual({ digits: 317n, scale: 8 })
  })

  it('refuses everything else', () => {
    for (const text of [
      '',
      '.',
      '-',
      'e5',
      '1e',
      '0x10',
      '1_000',
      ' 1',
      'NaN',
      'Infinity',
      '1e9999999',
      '--1',
    ])
      expect(parseDecimal(text), text).toBeUndefined()
    expect(parseDecimal('9'.repeat(401))).toBeUndefined()
  })

  it('the nearest double is the one JavaScript reads, also beyond 20 digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(nearestDouble(parseDecimal(String(x))!)).toBe(x === 0 ? 0 : x)
      }),
    )
    // Exactly between two doubles, and a digit beyond: ties to even, then up
    expect(nearestDouble(parseDecimal('9007199254740993')!)).toBe(9007199254740992)
    expect(nearestDouble(parseDecimal('9007199254740993.000000000000000000000000000001')!)).toBe(
      9007199254740994,
    )
  })

  it('units of 10⁻¹⁸ are exact; what is beyond is cut towards minus infinity', () => {
    expect(e18('0.55')).toBe(550_000_000_000_000_000n)
    expect(e18('0.549999999999999999')).toBe(549_999_999_999_999_999n)
    expect(e18('0.5499999999999999999')).toBe(549_999_999_999_999_999n)
    expect(e18('-0.0000000000000000001')).toBe(-1n)
    expect(doubleFromE18(549_999_999_999_999_999n)).toBe(0.55)
    expect(doubleFromE18(28_015_554_547_138_552_659_968n)).toBe(28015.554547138552)
  })
})

describe('parseExactJson', () => {
  it('keeps every digit of every number, and nothing else changes', () => {
    const text = '{"a": [1, -2.50, 1e-7, "3"], "b\\"7": {"c": null, "d": true, "12": "x -5 y"}}'
    expect(parseExactJson(text)).toEqual({
      a: [new ExactNumber('1'), new ExactNumber('-2.50'), new ExactNumber('1e-7'), '3'],
      'b"7': { c: null, d: true, '12': 'x -5 y' },
    })
  })

  it('agrees with JSON.parse on everything but the digits', () => {
    const loose = (value: unknown): unknown => {
      if (value instanceof ExactNumber) return Number(value.text)
      if (Array.isArray(value)) return value.map(loose)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, loose(each)]))
    }
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(loose(parseExactJson(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('what is no JSON is a typed error', () => {
    for (const text of ['', '{', '01', '{"a": 1,}', 'NaN', '[1 2]']) {
      try {
        parseExactJson(text)
        expect.unreachable()
      } catch (error) {
        expect(isMarginError(error) && error.code).toBe(81)
      }
    }
  })
})
