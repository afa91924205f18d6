import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../refusal.fixture.ts'
import { joinContainer, splitContainer, uintBytes, uintOf, type Layout } from './ssz-container.ts'

const layout: Layout = [2, 'variable', 1, 'variable']

describe('a container', () => {
  it('splits into what it was joined from', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    const fields = fc.tuple(
      bytes(2),
      fc.uint8Array({ maxLength: 9 }),
      bytes(1),
      fc.uint8Array({ maxLength: 9 }),
    )
    fc.assert(
      fc.property(fields, (given) => {
        expect(splitContainer('x', joinContainer(layout, given), layout)).toEqual(given)
      }),
    )
  })

  it('has one form: what splits, joins to itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 11, maxLength: 16 }), fc.nat(20), fc.nat(20), (random, a, b) => {
        const bytes = Uint8Array.from(random)
        bytes.set([a, 0, 0, 0], 2)
        bytes.set([b, 0, 0, 0], 7)
        if (codeOf(() => splitContainer('x', bytes, layout)) !== 'accepted') return
        expect(joinContainer(layout, splitContainer('x', bytes, layout))).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it('with gaps, overlaps or offsets beyond its end is refused', () => {
    const good = joinContainer(layout, [
      new Uint8Array(2),
      Uint8Array.of(1, 2),
      new Uint8Array(1),
      Uint8Array.of(3),
    ])
    const judge = (bytes: Uint8Array) => codeOf(() => splitContainer('x', bytes, layout))
    expect(judge(good)).toBe('accepted')
    expect(judge(good.with(2, 12))).toBe('ethereum/30')
    expect(judge(good.with(2, 10))).toBe('ethereum/30')
    expect(judge(good.with(7, 10))).toBe('ethereum/30')
    expect(judge(good.with(7, 15))).toBe('ethereum/30')
    expect(judge(good.with(10, 0xff))).toBe('ethereum/30')
    expect(judge(good.subarray(0, 10))).toBe('ethereum/30')
    expect(codeOf(() => splitContainer('x', new Uint8Array(4), [3]))).toBe('ethereum/30')
  })
})

describe('numbers', () => {
  it('are little-endian', () => {
    expect(uintOf(Uint8Array.of(1, 2))).toBe(513n)
    expect(uintBytes(513n, 4)).toEqual(Uint8Array.of(1, 2, 0, 0))
    expect(() => uintBytes(256n, 1)).toThrow('fits')
  })
})
