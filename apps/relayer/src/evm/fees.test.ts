import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { bump, offer } from './fees.ts'

const GWEI = 1_000_000_000n
const limits = { maxFeePerGas: 200n * GWEI, priorityFeePerGas: undefined }

describe('an offer', () => {
  it('outruns six full blocks: twice the base fee, and the tip', () => {
    expect(offer(10n * GWEI, 2n * GWEI, limits)).toEqual({
      maxFeePerGas: 22n * GWEI,
      maxPriorityFeePerGas: 2n * GWEI,
    })
  })

  it('stays within the limit, and takes the operator’s tip', () => {
    expect(offer(150n * GWEI, 2n * GWEI, limits).maxFeePerGas).toBe(200n * GWEI)
    expect(offer(GWEI, 500n * GWEI, limits).maxPriorityFeePerGas).toBe(200n * GWEI)
    expect(offer(GWEI, 2n * GWEI, { ...limits, priorityFeePerGas: 5n }).maxPriorityFeePerGas).toBe(5n)
  })
})

describe('a replacement', () => {
  it('offers what every node takes, within the limit, for any fees', () => {
    const fee = fc.bigInt(1n, 300n * GWEI)
    fc.assert(
      fc.property(fee, fee, fee, fee, (last, lastTip, base, tip) => {
        const before = { maxFeePerGas: last, maxPriorityFeePerGas: lastTip < last ? lastTip : last }
        const after = bump(before, offer(base, tip, limits), limits)
        if (after === undefined) {
          expect((last * 1125n) / 1000n).toBeGreaterThanOrEqual(limits.maxFeePerGas)
          return
        }
        expect(after.maxFeePerGas * 1000n).toBeGreaterThanOrEqual(last * 1125n)
        expect(after.maxPriorityFeePerGas * 1000n).toBeGreaterThanOrEqual(before.maxPriorityFeePerGas * 1125n)
        expect(after.maxFeePerGas).toBeLessThanOrEqual(limits.maxFeePerGas)
        expect(after.maxPriorityFeePerGas).toBeLessThanOrEqual(after.maxFeePerGas)
      }),
    )
  })

  it('follows the market when that rose by more', () => {
    const last = { maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI }
    expect(bump(last, offer(50n * GWEI, GWEI, limits), limits)?.maxFeePerGas).toBe(101n * GWEI)
  })
})
