import { describe, expect, it } from 'vitest'
import { feeOf, priorityFee } from './fees.ts'

const limits = { priorityFee: undefined, priorityFeeMax: 50_000n }

describe('the priority fee', () => {
  it('is what three of four paid, nothing where nobody paid', () => {
    expect(priorityFee([], 0, limits)).toBe(0n)
    expect(priorityFee([400n, 0n, 100n, 300n], 0, limits)).toBe(400n)
    expect(priorityFee([0n, 0n, 0n, 0n, 0n, 0n, 0n, 9n], 0, limits)).toBe(0n)
  })

  it('doubles with each expiry, from a first offer on, and ends at the cap', () => {
    expect([1, 2, 3].map((expiries) => priorityFee([], expiries, limits))).toEqual([2_000n, 4_000n, 8_000n])
    expect(priorityFee([3_000n], 2, limits)).toBe(12_000n)
    expect(priorityFee([3_000n], 30, limits)).toBe(50_000n)
    expect(priorityFee([90_000n], 0, limits)).toBe(50_000n)
  })

  it('is fixed where the operator says so', () => {
    expect(priorityFee([9n, 9n], 0, { ...limits, priorityFee: 7n })).toBe(7n)
    expect(priorityFee([], 0, { ...limits, priorityFee: 70_000n })).toBe(50_000n)
  })
})

describe('the fee', () => {
  it('is a signature and the whole limit, rounded up to lamports', () => {
    expect(feeOf(1_400_000, 0n)).toBe(5_000n)
    expect(feeOf(1, 1n)).toBe(5_001n)
    expect(feeOf(300_000, 1_000_000n)).toBe(305_000n)
  })
})
