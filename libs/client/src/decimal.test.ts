import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cashText, fromUnits, priceText, readInteger, toPositiveUnits, toUnits } from './decimal.ts'
import { errorCode } from './testing/error-code.fixture.ts'

describe('decimals', () => {
  it.each([
    ['0', 9, 0n],
    ['1', 9, 1_000_000_000n],
    ['0.25', 9, 250_000_000n],
    ['-3.5', 6, -3_500_000n],
    ['1.500000', 1, 15n],
    ['0.000000001', 9, 1n],
    ['12345678901234567890.123456789', 9, 12_345_678_901_234_567_890_123_456_789n],
  ])('%s with %i digits', (text, digits, units) => {
    expect(toUnits(text, digits, 'it')).toBe(units)
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '+1',
    '01',
    '1.',
    '.5',
    '1e3',
    '0x1',
    'NaN',
    '1,5',
    '--1',
    '1.2.3',
    '1'.repeat(97),
  ])('%j is none', (text) => {
    expect(errorCode(() => toUnits(text, 9, 'it'))).toBe('client/20')
  })

  it('are texts, and have no more digits than there are units for', () => {
    expect(errorCode(() => toUnits(1.5 as unknown as string, 9, 'it'))).toBe('client/20')
    expect(errorCode(() => toUnits('0.0000000001', 9, 'it'))).toBe('client/20')
    expect(errorCode(() => toPositiveUnits('0', 9, 'it'))).toBe('client/20')
    expect(errorCode(() => toPositiveUnits('-1', 9, 'it'))).toBe('client/20')
    expect(toPositiveUnits('0.1', 1, 'it')).toBe(1n)
  })

  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(30), (units, digits) => {
        expect(toUnits(fromUnits(units, digits), digits, 'it')).toBe(units)
      }),
    )
  })

  it('are written without trailing zeros', () => {
    expect([fromUnits(1_500_000n, 6), fromUnits(-1n, 6), fromUnits(0n, 6), fromUnits(7n, 0)]).toEqual([
      '1.5',
      '-0.000001',
      '0',
      '7',
    ])
    expect([priceText(3_000_250_000_000n), cashText('-1500000', 'cash')]).toEqual(['3000.25', '-1.5'])
  })

  it('of the hub are whole numbers', () => {
    expect(readInteger('-12', 'it')).toBe(-12n)
    for (const text of ['', '1.5', '-', '00', '9'.repeat(97)])
      expect(errorCode(() => readInteger(text, 'it'))).toBe('client/2')
  })

  it('of any text are read as they are written, or refused by name', () => {
    const digit = fc.constantFrom(...'0123456789.-+eE_ ,')
    const texts = fc.oneof(fc.string(), fc.string({ unit: digit, maxLength: 100 }))
    fc.assert(
      fc.property(texts, fc.nat(30), (text, digits) => {
        const read = () => toUnits(text, digits, 'it')
        if (errorCode(read) === 'client/20') return
        const again = fromUnits(read(), digits)
        expect(toUnits(again, digits, 'it')).toBe(read())
        expect(Number(again)).toBe(Number(text) === 0 ? 0 : Number(text))
      }),
    )
  })

  it('keep their order, and trailing zeros count for nothing', () => {
    const units = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
    fc.assert(
      fc.property(units, units, fc.nat(12), fc.nat(5), (a, b, digits, zeros) => {
        const read = (each: bigint) => {
          const text = fromUnits(each, digits)
          return toUnits(text + (text.includes('.') ? '0'.repeat(zeros) : ''), digits, 'it')
        }
        expect(read(a) < read(b)).toBe(a < b)
        expect(fromUnits(a * 10n ** BigInt(zeros), digits + zeros)).toBe(fromUnits(a, digits))
      }),
    )
  })
})
