import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '@causeway/primitives'
import { memoryContext } from '../../testing/memory-context.fixture.ts'
import type { OperatorPool } from './ports.ts'
import { GOVERNANCE_STORE, OPTION, deleteBallots, enqueue, votes } from './state.ts'
import { cast, count, delegationChanged, verdict } from './tally.ts'
import type { Counted } from './tally.ts'

const address = (n: number) => new Uint8Array(20).fill(n)
const { yes, no, veto, abstain } = OPTION
const OPERATORS = [1, 2, 3]
const ID = 5n

/** Pools, delegations, and one vote under way. */
class Poll {
  readonly context = memoryContext([GOVERNANCE_STORE])
  readonly store = this.context.store(GOVERNANCE_STORE)
  readonly pools = new Map(OPERATORS.map((n) => [n, { tokens: 0n, shares: 0n }]))
  /** Shares by voter and operator. */
  readonly held = new Map<string, bigint>()

  constructor() {
    enqueue(this.store, 'voting', 99n, ID)
  }

  /** Somebody's shares, and as many tokens, come or go. */
  bond(who: number, operator: number, shares: bigint): void {
    const key = `${who} ${operator}`
    const pool = this.pools.get(operator)!
    const change = -shares > (this.held.get(key) ?? 0n) ? -(this.held.get(key) ?? 0n) : shares
    const tokens = change < 0n ? (change * pool.tokens) / pool.shares || 0n : change
    this.pools.set(operator, { tokens: pool.tokens + tokens, shares: pool.shares + change })
    this.held.set(key, (this.held.get(key) ?? 0n) + change)
    delegationChanged(this.context, {
      delegator: address(who),
      operator: address(operator),
      shares: change,
    })
  }

  slash(operator: number): void {
    const { tokens, shares } = this.pools.get(operator)!
    this.pools.set(operator, { tokens: tokens - tokens / 7n, shares })
  }

  vote(who: number, option: number): void {
    const delegated = OPERATORS.map((operator) => ({
      operator: address(operator),
      shares: this.held.get(`${who} ${operator}`) ?? 0n,
    }))
    cast(this.store, { id: ID, voter: address(who), option }, delegated)
  }

  active(...operators: number[]): OperatorPool[] {
    return operators.map((n) => ({ operator: address(n), ...this.pools.get(n)! }))
  }

  count(...operators: number[]): Counted {
    return count(this.store, ID, this.active(...operators))
  }

  /** The same from every ballot and every delegation, as they are now; in shares, so without rounding. */
  naive(...operators: number[]): Counted {
    const ballots = new Map([...votes(this.store, ID)].map(({ voter, option }) => [toHex(voter), option]))
    const sums = new Map<number, bigint>()
    const add = (option: number, stake: bigint) => sums.set(option, (sums.get(option) ?? 0n) + stake)
    let bonded = 0n
    for (const n of operators) {
      const { tokens, shares } = this.pools.get(n)!
      bonded += tokens
      const voting = new Map<number, bigint>()
      for (const [key, owned] of this.held) {
        const [who, operator] = key.split(' ').map(Number) as [number, number]
        const option = ballots.get(toHex(address(who)))
        if (operator === n && option !== undefined) voting.set(option, (voting.get(option) ?? 0n) + owned)
      }
      let unspoken = tokens
      for (const [option, sum] of voting) {
        const stake = shares === 0n ? 0n : (sum * tokens) / shares
        unspoken -= stake
        add(option, stake)
      }
      const own = ballots.get(toHex(address(n)))
      if (own !== undefined) add(own, unspoken)
    }
    const of = (option: number) => sums.get(option) ?? 0n
    return { yes: of(yes), no: of(no), veto: of(veto), abstain: of(abstain), bonded }
  }
}

describe('a count', () => {
  it('lets validators vote for those who have not spoken', () => {
    // 1 and 2 are validators; 8 has bonded with both, 9 with the first and with one that is not active.
    const counted = (...ballots: [number, number][]) => {
      const poll = new Poll()
      for (const [who, operator, shares] of [
        [1, 1, 10n],
        [7, 1, 35n],
        [8, 1, 30n],
        [9, 1, 25n],
        [8, 2, 20n],
        [7, 2, 30n],
        [9, 3, 1_000n],
      ] as const)
        poll.bond(who, operator, shares)
      for (const [who, option] of ballots) poll.vote(who, option)
      return poll.count(1, 2)
    }
    expect(counted()).toEqual({ yes: 0n, no: 0n, veto: 0n, abstain: 0n, bonded: 150n })
    expect(counted([1, yes])).toMatchObject({ yes: 100n, no: 0n })
    expect(counted([1, yes], [8, no])).toMatchObject({ yes: 70n, no: 50n })
    expect(counted([8, no], [1, yes])).toMatchObject({ yes: 70n, no: 50n })
    expect(counted([8, yes], [8, no], [9, veto])).toMatchObject({ yes: 0n, no: 50n, veto: 25n })
    expect(counted([1, yes], [2, abstain], [8, no], [9, veto])).toMatchObject({
      yes: 45n,
      abstain: 30n,
      no: 50n,
      veto: 25n,
    })
    expect(counted([6, yes])).toMatchObject({ yes: 0n })
  })

  it('is at any time what all ballots and delegations say, whatever bonds, leaves and is slashed', () => {
    const who = fc.integer({ min: 1, max: 6 })
    const operator = fc.constantFrom(...OPERATORS)
    const step = fc.oneof(
      fc.record({ kind: fc.constant('bond' as const), who, operator, n: fc.bigInt(1n, 1_000n) }),
      fc.record({ kind: fc.constant('leave' as const), who, operator, n: fc.bigInt(1n, 1_000n) }),
      fc.record({ kind: fc.constant('vote' as const), who, option: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('slash' as const), operator }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const poll = new Poll()
        for (const each of steps) {
          if (each.kind === 'bond') poll.bond(each.who, each.operator, each.n)
          if (each.kind === 'leave' && poll.pools.get(each.operator)!.shares > 0n)
            poll.bond(each.who, each.operator, -each.n)
          if (each.kind === 'vote') poll.vote(each.who, each.option)
          if (each.kind === 'slash') poll.slash(each.operator)
          const counted = poll.count(1, 2)
          expect(counted).toEqual(poll.naive(1, 2))
          const { yes: y, no: n, veto: v, abstain: x, bonded } = counted
          expect(y + n + v + x <= bonded).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('costs as much for a thousand ballots as for one', () => {
    const poll = new Poll()
    const cost = () => {
      const before = poll.context.gas.used
      poll.count(1, 2)
      return poll.context.gas.used - before
    }
    poll.bond(4, 1, 1_000n)
    poll.vote(4, yes)
    const one = cost()
    for (let i = 0; i < 1_000; i++) {
      const voter = address(9)
      voter.set([i >> 8, i & 255])
      cast(poll.store, { id: ID, voter, option: yes }, [{ operator: address(1), shares: 0n }])
    }
    expect(cost()).toBe(one)
    // What is left of them goes in parts.
    expect(deleteBallots(poll.store, ID, 600)).toBe(600)
    expect(deleteBallots(poll.store, ID, 600)).toBeLessThan(600)
    expect([...votes(poll.store, ID)]).toEqual([])
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
