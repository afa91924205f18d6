import type { StandbyLine } from '@causeway/protocol/causeway/clearing/v1/clearing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALL_VALUE_MIN_E6, missingE6, sizeCalls } from './size-calls.ts'
import type { CallableLine } from './size-calls.ts'

const E6 = 1_000_000n

const lineOf = (number: number, amount: bigint, coverE6: bigint): CallableLine => ({
  standby: { line: Uint8Array.of(number), amount: amount.toString() } as StandbyLine,
  coverE6,
})

const asked = (neededE6: bigint, lines: readonly CallableLine[]) =>
  sizeCalls(neededE6, lines).map(({ standby, amount }) => [standby.line[0], amount])

const figures = (valueE6: bigint, initialE6: bigint) => ({
  ...{ valueE6, initialE6 },
  ...{ maintenanceE6: 0n, requirementE6: 0n },
})

describe('what is missing', () => {
  it('is the shortfall and 10 % of the initial requirement', () => {
    expect(missingE6(figures(900n * E6, -100n * E6))).toBe(200n * E6)
    expect(missingE6(figures(1_050n * E6, 50n * E6))).toBe(50n * E6)
    expect(missingE6(figures(1_100n * E6, 100n * E6))).toBe(0n)
    expect(missingE6(figures(2_000n * E6, 1_000n * E6))).toBeLessThan(0n)
  })

  it('is all of it where less than nothing is left', () => {
    expect(missingE6(figures(-50n * E6, -150n * E6))).toBe(160n * E6)
    // A requirement is never negative
    expect(missingE6(figures(-50n * E6, -40n * E6))).toBe(40n * E6)
  })
})

describe('calls', () => {
  it('ask the line that covers most first, and the next one for the rest', () => {
    const lines = [lineOf(1, 1_000n, 300n * E6), lineOf(2, 1_000n, 500n * E6), lineOf(3, 1_000n, 400n * E6)]
    expect(asked(250n * E6, lines)).toEqual([[2, 500n]])
    expect(asked(700n * E6, lines)).toEqual([
      [2, 1_000n],
      [3, 500n],
    ])
    expect(asked(5_000n * E6, lines)).toEqual([
      [2, 1_000n],
      [3, 1_000n],
      [1, 1_000n],
    ])
  })

  it('keep the order of lines that cover the same', () => {
    const lines = [lineOf(2, 7n, 500n * E6), lineOf(1, 7n, 500n * E6)]
    expect(asked(600n * E6, lines).map(([number]) => number)).toEqual([2, 1])
  })

  it('are worth carrying, or all that there is; lines that cover nothing are left alone', () => {
    expect(asked(1n, [lineOf(1, 400n, 400n * E6)])).toEqual([[1, 100n]])
    expect(asked(1n, [lineOf(1, 400n, 40n * E6)])).toEqual([[1, 400n]])
    expect(asked(500n * E6, [lineOf(1, 400n, 0n)])).toEqual([])
    expect(asked(0n, [lineOf(1, 400n, 400n * E6)])).toEqual([])
    expect(asked(-5n, [lineOf(1, 400n, 400n * E6)])).toEqual([])
  })

  it('never ask for more than a line holds, cover what is missing where lines do, and no line more', () => {
    const line = fc.record({
      amount: fc.bigInt({ min: 1n, max: 10n ** 24n }),
      coverE6: fc.bigInt({ min: 0n, max: 10n ** 14n }),
    })
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 14n }),
        fc.array(line, { maxLength: 16 }),
        (neededE6, each) => {
          const lines = each.map(({ amount, coverE6 }, number) => lineOf(number, amount, coverE6))
          const calls = sizeCalls(neededE6, lines)
          let covered = 0n
          calls.forEach(({ standby, amount }, i) => {
            const held = BigInt(standby.amount)
            expect(amount >= 1n && amount <= held).toBe(true)
            if (i < calls.length - 1) expect(amount).toBe(held)
            expect(covered).toBeLessThan(neededE6)
            const { coverE6 } = lines.find((other) => other.standby === standby)!
            covered += (coverE6 * amount) / held
          })
          const all = each.reduce((sum, { coverE6 }) => sum + coverE6, 0n)
          // A micro-cash a call is what dividing takes
          const least = neededE6 < all ? neededE6 : all
          expect(covered + BigInt(calls.length)).toBeGreaterThanOrEqual(least)
          const most = neededE6 > CALL_VALUE_MIN_E6 ? neededE6 : CALL_VALUE_MIN_E6
          const { coverE6 = 0n, standby } =
            lines.find((other) => other.standby === calls.at(-1)?.standby) ?? {}
          const ofOne = standby === undefined ? 0n : coverE6 / BigInt(standby.amount) + 1n
          expect(covered).toBeLessThanOrEqual(most + CALL_VALUE_MIN_E6 + ofOne)
        },
      ),
    )
  })
})
