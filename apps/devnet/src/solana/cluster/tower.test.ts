import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TOWER_DEPTH, voteFor } from './tower.ts'
import type { Tower } from './tower.ts'

const EMPTY: Tower = { root: undefined, lockouts: [] }
const voteAll = (slots: readonly bigint[], depth = TOWER_DEPTH) =>
  slots.reduce((tower, slot) => voteFor(tower, slot, depth), EMPTY)
const range = (count: number, from = 1n) => Array.from({ length: count }, (_, i) => from + BigInt(i))

describe('a tower', () => {
  it('doubles the lockouts below a vote, and roots the 32nd', () => {
    const full = voteAll(range(31))
    expect(full.root).toBeUndefined()
    expect(full.lockouts.map(({ confirmations }) => confirmations)).toEqual(range(31).reverse().map(Number))
    const rooted = voteFor(full, 32n, TOWER_DEPTH)
    expect([rooted.root, rooted.lockouts.length, rooted.lockouts[0]!.slot]).toEqual([1n, 31, 2n])
  })

  it('roots sooner where it is less deep', () => {
    expect(voteAll(range(10), 4).root).toBe(6n)
  })

  it('drops votes whose lockout ended before the next one', () => {
    // A vote with one confirmation holds for two slots.
    expect(voteAll([1n, 3n]).lockouts.map(({ slot }) => slot)).toEqual([1n, 3n])
    expect(voteAll([1n, 4n]).lockouts.map(({ slot }) => slot)).toEqual([4n])
    expect(voteAll([1n, 2n, 3n, 8n]).lockouts).toEqual([
      { slot: 1n, confirmations: 3 },
      { slot: 8n, confirmations: 1 },
    ])
  })

  it('always has slots that ascend and confirmations that descend to one', () => {
    const steps = fc.array(fc.bigInt(1n, 40n), { minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: TOWER_DEPTH }), (gaps, depth) => {
        let slot = 0n
        const { lockouts, root } = voteAll(
          gaps.map((gap) => (slot += gap)),
          depth,
        )
        expect(lockouts.length).toBeLessThanOrEqual(depth)
        expect(lockouts.at(-1)).toEqual({ slot, confirmations: 1 })
        for (const [i, lockout] of lockouts.slice(1).entries()) {
          expect(lockout.slot).toBeGreaterThan(lockouts[i]!.slot)
          expect(lockout.confirmations).toBeLessThan(lockouts[i]!.confirmations)
        }
        if (root !== undefined) expect(root).toBeLessThan(lockouts[0]!.slot)
      }),
    )
  })

  it('refuses a vote for a slot that is not newer', () => {
    expect(() => voteAll([5n, 5n])).toThrow('votes ascend')
  })
})
