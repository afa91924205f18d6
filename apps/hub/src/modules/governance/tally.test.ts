import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import { count, verdict } from './tally.ts'
import type { Counted } from './tally.ts'
import { OPTION } from './state.ts'

const address = (n: number) => new Uint8Array(20).fill(n)
const { yes, no, veto, abstain } = OPTION

describe('a count', () => {
  it('lets validators vote for those who have not spoken', () => {
    // 1 and 2 are validators; 8 has bonded with both, 9 with the first.
    const active = [
      { operator: address(1), stake: 100n },
      { operator: address(2), stake: 50n },
    ]
    const bonded = new Map([
      [1, [{ operator: address(1), stake: 10n }]],
      [
        8,
        [
          { operator: address(1), stake: 30n },
          { operator: address(2), stake: 20n },
        ],
      ],
      [
        9,
        [
          { operator: address(1), stake: 25n },
          { operator: address(3), stake: 1_000n },
        ],
      ],
    ])
    const stakeOf = (voter: Uint8Array) => bonded.get(voter[0]!) ?? []
    const cast = (...ballots: [number, number][]) =>
      count(
        ballots.map(([voter, option]) => ({ voter: address(voter), option })),
        active,
        stakeOf,
      )
    expect(cast()).toEqual({ yes: 0n, no: 0n, veto: 0n, abstain: 0n, bonded: 150n })
    expect(cast([1, yes])).toMatchObject({ yes: 100n, no: 0n })
    expect(cast([1, yes], [8, no])).toMatchObject({ yes: 70n, no: 50n })
    expect(cast([8, no], [1, yes])).toMatchObject({ yes: 70n, no: 50n })
    expect(cast([8, no], [9, veto])).toMatchObject({ yes: 0n, no: 50n, veto: 25n })
    expect(cast([1, yes], [2, abstain], [8, no], [9, veto])).toMatchObject({
      yes: 45n,
      abstain: 30n,
      no: 50n,
      veto: 25n,
    })
    expect(cast([7, yes])).toMatchObject({ yes: 0n })
  })

  it('never counts more than is bonded, in whatever order votes come', () => {
    const delegations = fc.array(
      fc.record({ who: fc.nat(6), operator: fc.nat(2), stake: fc.bigInt(1n, 1_000_000n) }),
      { maxLength: 20 },
    )
    const ballots = fc.uniqueArray(fc.record({ who: fc.nat(8), option: fc.integer({ min: 1, max: 4 }) }), {
      selector: ({ who }) => who,
    })
    fc.assert(
      fc.property(delegations, ballots, (held, cast) => {
        // Rounding leaves a validator a little more than its delegators' sum.
        const active = [0, 1, 2].map((n) => ({
          operator: address(n),
          stake: held.filter(({ operator }) => operator === n).reduce((sum, { stake }) => sum + stake, 1n),
        }))
        const stakeOf = (voter: Uint8Array) =>
          held
            .filter(({ who }) => toHex(address(who)) === toHex(voter))
            .map(({ operator, stake }) => ({ operator: address(operator), stake }))
        const run = (list: typeof cast) =>
          count(
            list.map(({ who, option }) => ({ voter: address(who), option })),
            active,
            stakeOf,
          )
        const result = run(cast)
        const voted = result.yes + result.no + result.veto + result.abstain
        expect(voted <= result.bonded).toBe(true)
        expect(run([...cast].reverse())).toEqual(result)
      }),
    )
  })
})

describe('a verdict', () => {
  const needed = { quorumBps: 3_340n, thresholdBps: 5_000n, vetoBps: 3_340n }
  const of = (counted: Partial<Counted>) =>
    verdict({ yes: 0n, no: 0n, veto: 0n, abstain: 0n, bonded: 10_000n, ...counted }, needed)

  it('needs the quorum', () => {
    expect(of({ yes: 3_339n })).toEqual({ isAccepted: false, isForfeited: true })
    expect(of({ yes: 3_340n })).toEqual({ isAccepted: true, isForfeited: false })
    expect(of({ yes: 2_000n, abstain: 1_340n })).toEqual({ isAccepted: true, isForfeited: false })
    expect(of({ bonded: 0n })).toEqual({ isAccepted: false, isForfeited: true })
  })

  it('needs more than the threshold, without those who abstain', () => {
    expect(of({ yes: 2_500n, no: 2_500n })).toEqual({ isAccepted: false, isForfeited: false })
    expect(of({ yes: 2_501n, no: 2_500n })).toEqual({ isAccepted: true, isForfeited: false })
    expect(of({ abstain: 10_000n })).toEqual({ isAccepted: false, isForfeited: false })
  })

  it('ends with a veto, which costs the deposit', () => {
    expect(of({ yes: 6_660n, veto: 3_340n })).toEqual({ isAccepted: true, isForfeited: false })
    expect(of({ yes: 6_659n, veto: 3_341n })).toEqual({ isAccepted: false, isForfeited: true })
  })
})
