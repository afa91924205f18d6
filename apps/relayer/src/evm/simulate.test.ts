import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { RelayError } from '../errors.ts'
import { fitDraft } from './simulate.ts'
import type { Draft } from './simulate.ts'

/** A draft whose calls are the messages' numbers; the update is `0xff`. */
function draftOf(messages: number, hasUpdate = true): Draft {
  return {
    messages,
    encode: (kept, withUpdate) => [
      ...(withUpdate && hasUpdate ? (['0xff'] as const) : []),
      ...kept.map((index) => `0x${index.toString(16).padStart(2, '0')}` as const),
    ],
  }
}

/** A contract that refuses some numbers and takes 100 gas for each call. */
function contract(poison: ReadonlySet<number>) {
  const runs: number[] = []
  const estimate = async (calls: readonly `0x${string}`[]) => {
    runs.push(calls.length)
    const guilty = calls.find((call) => poison.has(Number(call)))
    if (guilty !== undefined) throw new RelayError('message', 'later', `refuses ${guilty}`)
    return BigInt(calls.length) * 100n
  }
  return { runs, estimate }
}

describe('what fits', () => {
  it('is everything when nothing is refused: one simulation', async () => {
    const { runs, estimate } = contract(new Set())
    const fit = await fitDraft(draftOf(50), estimate, 10_000n)
    expect([fit.kept.length, fit.gas, fit.refused.size, runs]).toEqual([50, 5_100n, 0, [51]])
  })

  it('finds exactly the guilty ones, whichever they are', async () => {
    const numbers = fc.uniqueArray(fc.nat(29), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(numbers, async (guilty) => {
        const { runs, estimate } = contract(new Set(guilty))
        const fit = await fitDraft(draftOf(30), estimate, 100_000n)
        expect([...fit.refused.keys()].sort((a, b) => a - b)).toEqual([...guilty].sort((a, b) => a - b))
        expect(fit.kept).toHaveLength(30 - guilty.length)
        for (const [index, error] of fit.refused) expect(error.messageIndex).toBe(index)
        expect(runs.length).toBeLessThanOrEqual(4 + 2 * 5 * Math.max(guilty.length, 1))
      }),
      { numRuns: 60 },
    )
  })

  it('blames the update when that is refused, and no message', async () => {
    const { estimate } = contract(new Set([0xff]))
    await expect(fitDraft(draftOf(3), estimate, 10_000n)).rejects.toMatchObject({ failure: 'client' })
    await expect(fitDraft(draftOf(0), estimate, 10_000n)).rejects.toMatchObject({ failure: 'client' })
  })

  it('does not go on when the endpoint fails, or the wallet', async () => {
    for (const failure of ['endpoint', 'fees'] as const) {
      let runs = 0
      const estimate = async () => {
        runs += 1
        throw new RelayError(failure, 'later', 'x')
      }
      await expect(fitDraft(draftOf(8), estimate, 10_000n)).rejects.toMatchObject({ failure })
      expect(runs).toBe(1)
    }
  })

  it('is halved until the gas suffices; what is left out goes with the next', async () => {
    const { estimate } = contract(new Set([1]))
    const fit = await fitDraft(draftOf(9), estimate, 450n)
    expect(fit.kept).toEqual([0, 2])
    expect(fit.refused.get(1)).toMatchObject({ failure: 'message' })
    expect(fit.refused.get(8)).toMatchObject({ failure: 'transaction', retry: 'now' })
  })
})
