import { describe, expect, it } from 'vitest'
import { MarginError } from '../errors.ts'
import { futureValue, perpetualValue } from './linear.ts'

describe('futureValue', () => {
  it('is the move times the size, with its sign', () => {
    expect(futureValue({ size: 2, mark: 110, entry: 100 })).toBe(20)
    expect(futureValue({ size: -2, mark: 110, entry: 100 })).toBe(-20)
    expect(futureValue({ size: 0, mark: 110, entry: 100 })).toBe(0)
  })

  it('refuses what is no number, no price, or too much', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      expect(() => futureValue({ size: bad, mark: 1, entry: 1 })).toThrow(MarginError)
      expect(() => futureValue({ size: 1, mark: bad, entry: 1 })).toThrow(MarginError)
      expect(() => futureValue({ size: 1, mark: 1, entry: bad })).toThrow(MarginError)
    }
    expect(() => futureValue({ size: 1, mark: -1, entry: 1 })).toThrow('mark is negative')
    expect(() => futureValue({ size: 1e300, mark: 1e300, entry: 1 })).toThrow('value is beyond')
  })
})

describe('perpetualValue', () => {
  const position = { size: 3, mark: 110, entry: 100, fundingIndex: 2, settledFundingIndex: 0.5 }

  it('is the move less the funding that longs have paid since', () => {
    expect(perpetualValue(position)).toBe(3 * 10 - 3 * 1.5)
    expect(perpetualValue({ ...position, size: -3 })).toBe(-3 * 10 + 3 * 1.5)
    expect(perpetualValue({ ...position, fundingIndex: 0.5 })).toBe(30)
    expect(perpetualValue({ ...position, fundingIndex: -1 })).toBe(34.5)
  })

  it('refuses what is no number', () => {
    for (const name of ['size', 'mark', 'entry', 'fundingIndex', 'settledFundingIndex'] as const)
      expect(() => perpetualValue({ ...position, [name]: Number.NaN })).toThrow(MarginError)
  })
})
