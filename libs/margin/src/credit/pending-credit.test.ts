import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pendingCreditE6 } from './pending-credit.ts'

const line = { lineCreditE6: 0n, lineCapE6: 10_000_000n, insuranceE6: 100_000_000n }
const e6 = fc.bigInt(0n, 10n ** 24n)

describe('pending credit', () => {
  it('is half of the haircut value, rounded down', () => {
    expect(pendingCreditE6({ ...line, haircutValueE6: 900_000n })).toBe(450_000n)
    expect(pendingCreditE6({ ...line, haircutValueE6: 3n })).toBe(1n)
    expect(pendingCreditE6({ ...line, haircutValueE6: 0n })).toBe(0n)
  })

  it('stops at the line’s cap and at a quarter of insurance', () => {
    expect(pendingCreditE6({ ...line, haircutValueE6: 10n ** 12n })).toBe(10_000_000n)
    expect(pendingCreditE6({ ...line, insuranceE6: 7n, haircutValueE6: 10n ** 12n })).toBe(1n)
    expect(pendingCreditE6({ ...line, lineCreditE6: 9_999_999n, haircutValueE6: 10n ** 12n })).toBe(1n)
    expect(pendingCreditE6({ ...line, lineCreditE6: 10_000_001n, haircutValueE6: 10n ** 12n })).toBe(0n)
  })

  it('Σ over a line stays within its limit, in any order of deposits', () => {
    fc.assert(
      fc.property(fc.array(e6, { maxLength: 20 }), e6, e6, (values, lineCapE6, insuranceE6) => {
        let lineCreditE6 = 0n
        for (const haircutValueE6 of values) {
          const credit = pendingCreditE6({ haircutValueE6, lineCreditE6, lineCapE6, insuranceE6 })
          expect(credit >= 0n && credit * 2n <= haircutValueE6).toBe(true)
          lineCreditE6 += credit
        }
        expect(lineCreditE6 <= lineCapE6 && lineCreditE6 * 4n <= insuranceE6).toBe(true)
      }),
    )
  })

  it('refuses what is negative', () => {
    for (const name of ['haircutValueE6', 'lineCreditE6', 'lineCapE6', 'insuranceE6'] as const)
      expect(() => pendingCreditE6({ ...line, haircutValueE6: 1n, [name]: -1n })).toThrow(
        `${name} is negative`,
      )
  })
})
