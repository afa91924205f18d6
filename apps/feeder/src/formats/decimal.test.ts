import { describe, expect, it } from 'vitest'
import { refusalOf } from '../refusal.fixture.ts'
import { decimalE9, midIn, scaledDecimal } from './decimal.ts'
import { NumberText } from './strict-json.ts'

describe('decimalE9', () => {
  it.each([
    ['1', 1_000_000_000n],
    ['0.1', 100_000_000n],
    ['3000.123456789', 3_000_123_456_789n],
    ['0.0000000019', 1n],
    ['90000.10', 90_000_100_000_000n],
    ['6.1409935e4', 61_409_935_000_000n],
    ['614099350E-4', 61_409_935_000_000n],
    ['18446744073.709551615', 18_446_744_073_709_551_615n],
    ['000.5', 500_000_000n],
  ])('%s is exact', (text, expected) => {
    expect(decimalE9(text, 'price')).toBe(expected)
  })

  it('loses nothing where a double would', () => {
    // 0.1 + 0.2 and 9007199.254740993 have no double of their own.
    expect(decimalE9('9007199.254740993', 'price')).toBe(9_007_199_254_740_993n)
    expect(BigInt(Math.round(Number('18014398.509481985') * 1e9))).not.toBe(18_014_398_509_481_985n)
    expect(decimalE9('18014398.509481985', 'price')).toBe(18_014_398_509_481_985n)
  })

  it.each([
    'NaN',
    'Infinity',
    '-Infinity',
    '',
    ' 1',
    '1 ',
    '1,5',
    '0x10',
    '1e400',
    '.5',
    '1.',
    '١',
    '1_000',
    '--1',
  ])('refuses %j as no decimal', (text) => {
    expect(refusalOf(() => decimalE9(text, 'price'))).toBe('feeder/3')
  })

  it.each(['0', '-1', '-0.5', '0.0000000009', '1e-20', '-0'])('refuses %s as not above zero', (text) => {
    expect(refusalOf(() => decimalE9(text, 'price'))).toBe('feeder/4')
  })

  it('refuses what no u64 holds', () => {
    expect(refusalOf(() => decimalE9('18446744073.709551616', 'price'))).toBe('feeder/5')
    expect(refusalOf(() => decimalE9('1e99', 'price'))).toBe('feeder/5')
    expect(scaledDecimal('1.5', 18, 'amount')).toBe(1_500_000_000_000_000_000n)
  })
})

describe('midIn', () => {
  const keys = { bid: 'bid', ask: 'ask', last: 'last' }
  const mid = (members: Record<string, string>) => midIn(new Map(Object.entries(members)), keys)

  it('is the mid of bid and ask, as strings or numbers, rounded down', () => {
    expect(mid({ bid: '1.0', ask: '1.000000001', last: '7' })).toBe(1_000_000_000n)
    expect(
      midIn(
        new Map([
          ['bid', new NumberText('10')],
          ['ask', new NumberText('10.2')],
        ]),
        keys,
      ),
    ).toBe(10_100_000_000n)
  })

  it('is the last price where a side is missing', () => {
    expect(mid({ bid: '', ask: '5', last: '3' })).toBe(3_000_000_000n)
    expect(mid({ last: '3' })).toBe(3_000_000_000n)
    expect(refusalOf(() => mid({ bid: '1' }))).toBe('feeder/2')
  })

  it('refuses books that have no price', () => {
    expect(refusalOf(() => mid({ bid: '2', ask: '1', last: '1' }))).toBe('feeder/7')
    expect(refusalOf(() => mid({ bid: '100', ask: '105.01', last: '1' }))).toBe('feeder/6')
    expect(mid({ bid: '100', ask: '105', last: '1' })).toBe(102_500_000_000n)
    expect(refusalOf(() => mid({ bid: '-1', ask: '1', last: '1' }))).toBe('feeder/4')
  })
})
