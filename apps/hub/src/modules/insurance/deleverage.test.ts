import { describe, expect, it } from 'vitest'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import { INSURANCE_FUND } from '../../named-accounts.ts'
import { marked } from './deleverage.ts'
import type { Instrument, InsurancePorts } from './ports.ts'
import { markedE6, notionalE6 } from './queue.ts'

const [E6, E9] = [1_000_000n, 1_000_000_000n]
const INSTRUMENT: Instrument = {
  id: 1n,
  underlying: 3n,
  isOption: false,
  lotE9: 10n,
  isSettling: false,
  markE9: 2_000n * E9,
  indexE9: 1_990n * E9,
  gainE9: 0n,
}

/** What a holder of one position has, in a market that is a bit different. */
function marks(
  change: Partial<Instrument>,
  position = { sizeE9: -E9, quoteE6: 2_100n * E6, fundingE6: -7n },
) {
  const ports = {
    markets: {
      instrument: () => ({ ...INSTRUMENT, ...change }),
      positions: () => [{ market: 1n, ...position }],
    },
  }
  return marked(memoryContext(['insurance']), ports as unknown as InsurancePorts, INSURANCE_FUND)
}

describe('positions at their marks', () => {
  it('of futures bring what they made since they were settled, and funding', () => {
    expect(marks({})).toMatchObject([{ markedE6: -2_000n * E6, closedE6: 100n * E6 - 7n }])
  })

  it('of options bring their worth: what was paid for them is long in cash', () => {
    expect(marks({ isOption: true })).toMatchObject([{ markedE6: -2_000n * E6, closedE6: -2_000n * E6 }])
    expect(marks({ isOption: true, markE9: 0n })).toMatchObject([{ markedE6: 0n, closedE6: 0n }])
  })

  it('are not known without a mark, and not while a market waits for what it pays', () => {
    expect(marks({ markE9: undefined })).toBeUndefined()
    expect(marks({ isSettling: true })).toBeUndefined()
  })

  it('are rounded down, whichever side', () => {
    const instrument = { markE9: 3n }
    expect([E9, -E9, 333n * E9, -333n * E9].map((size) => markedE6(instrument, size))).toEqual([
      0n,
      -1n,
      0n,
      -1n,
    ])
    expect(markedE6({ markE9: 1_500n }, 2n * E9)).toBe(3n)
    expect(markedE6({ markE9: 1_500n }, -2n * E9)).toBe(-3n)
  })

  it('of options count as their underlying does, which a cheap one does not hide', () => {
    expect(notionalE6(INSTRUMENT, -2n * E9)).toBe(4_000n * E6)
    expect(notionalE6({ ...INSTRUMENT, isOption: true, markE9: 1n }, -2n * E9)).toBe(3_980n * E6)
  })
})
