import { describe, expect, it } from 'vitest'
import {
  defineMarginErrors,
  finite,
  finiteNonNegative,
  finitePositive,
  finiteResult,
  isMarginError,
  MarginError,
  marginErrors,
} from './errors.ts'

describe('MarginError', () => {
  it('is data with a derived text, of the shape of the hub’s errors', () => {
    const error = marginErrors.negative({ name: 'strike', value: -1 })
    expect(error).toBeInstanceOf(MarginError)
    expect(error).toMatchObject({ codespace: 'margin', code: 2, detail: { name: 'strike', value: -1 } })
    expect(error.message).toBe('strike is negative: -1')
    expect(isMarginError(error)).toBe(true)
    expect(isMarginError(new TypeError('x'))).toBe(false)
  })

  it('numbers are positive and unique', () => {
    expect(() => defineMarginErrors({ a: [1, () => ''], b: [1, () => ''] })).toThrow('used twice')
    expect(() => defineMarginErrors({ a: [0, () => ''] })).toThrow('no code')
  })
})

describe('numbers', () => {
  it('that are finite pass', () => {
    for (const x of [0, -0, 1, -1, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE])
      expect(finite('x', x)).toBe(x)
    for (const x of [0, -0, 5e-324, Number.MAX_VALUE]) expect(finiteNonNegative('x', x)).toBe(x)
    expect(finitePositive('x', 5e-324)).toBe(5e-324)
    expect(finiteResult('x', -3)).toBe(-3)
  })

  it('that are not are named', () => {
    for (const x of [Number.NaN, Infinity, -Infinity]) {
      for (const check of [finite, finiteNonNegative, finitePositive])
        expect(() => check('rate', x)).toThrow(`rate is no finite number: ${x}`)
      expect(() => finiteResult('gamma', x)).toThrow('gamma is beyond the largest number')
    }
    expect(() => finiteNonNegative('rate', -5e-324)).toThrow('rate is negative: -5e-324')
    expect(() => finitePositive('rate', 0)).toThrow('rate is not positive: 0')
    expect(() => finitePositive('rate', -1)).toThrow('rate is negative: -1')
  })
})
