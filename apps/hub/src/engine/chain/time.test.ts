import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTime, parseTime } from './time.ts'

describe('parseTime', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n, 0],
    ['2026-11-21T12:31:00.743605438Z', 1795264260n, 743605438],
    ['2026-11-21T12:31:00.7Z', 1795264260n, 700000000],
    ['2026-11-21T13:31:00+01:00', 1795264260n, 0],
    ['2026-11-21T03:01:00-09:30', 1795264260n, 0],
    ['0001-01-01T00:00:00Z', -62135596800n, 0],
    ['9999-12-31T23:59:59.999999999Z', 253402300799n, 999999999],
    ['2024-02-29T00:00:00Z', 1709164800n, 0],
  ])('reads %s', (text, seconds, nanos) => {
    expect(parseTime(text)).toEqual({ seconds, nanos })
  })

  it.each([
    '',
    '2026-11-21',
    '2026-11-21 12:31:00Z',
    '2026-11-21T12:31:00',
    '2026-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '26-01-01T00:00:00Z',
  ])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(expect.objectContaining({ codespace: 'engine', code: 2 }))
  })
})

describe('formatTime', () => {
  it('writes as few decimals as there are', () => {
    expect(formatTime({ seconds: 0n, nanos: 0 })).toBe('1970-01-01T00:00:00Z')
    expect(formatTime({ seconds: 0n, nanos: 100_000_000 })).toBe('1970-01-01T00:00:00.1Z')
    expect(formatTime({ seconds: 0n, nanos: 1 })).toBe('1970-01-01T00:00:00.000000001Z')
    expect(formatTime(undefined)).toBe('0001-01-01T00:00:00Z')
  })

  it('is read back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -62135596800n, max: 253402300799n }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (seconds, nanos) => {
          expect(parseTime(formatTime({ seconds, nanos }))).toEqual({ seconds, nanos })
        },
      ),
    )
  })
})
