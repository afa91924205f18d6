// Counting: stake votes. Who has bonded votes for itself; what has not voted is voted by its validator.
import { assert, toHex } from '@causeway/primitives'
import { OPTION } from './state.ts'
import type { OperatorStake } from './ports.ts'

/** What somebody votes. */
export interface Ballot {
  readonly voter: Uint8Array
  readonly option: number
}

/** Stake by what it voted, and all that could have. */
export interface Counted {
  readonly yes: bigint
  readonly no: bigint
  readonly veto: bigint
  readonly abstain: bigint
  readonly bonded: bigint
}

/** How much is needed; basis points. */
export interface Needed {
  readonly quorumBps: bigint
  readonly thresholdBps: bigint
  readonly vetoBps: bigint
}

const BASIS_POINTS = 10_000n

/** Counts votes: stake with validators that are not active counts for nothing, on either side. */
export function count(
  ballots: Iterable<Ballot>,
  active: readonly OperatorStake[],
  stakeOf: (voter: Uint8Array) => readonly OperatorStake[],
): Counted {
  const unspoken = new Map(active.map(({ operator, stake }) => [toHex(operator), stake]))
  const spoken = new Map<string, number>()
  const sums = new Map<number, bigint>()
  const add = (option: number, stake: bigint) => sums.set(option, (sums.get(option) ?? 0n) + stake)
  for (const { voter, option } of ballots) {
    for (const { operator, stake } of stakeOf(voter)) {
      const key = toHex(operator)
      const left = unspoken.get(key)
      if (left === undefined) continue
      assert(stake <= left, 'delegations are no more than what a validator has')
      unspoken.set(key, left - stake)
      add(option, stake)
    }
    if (unspoken.has(toHex(voter))) spoken.set(toHex(voter), option)
  }
  for (const [operator, option] of spoken) add(option, unspoken.get(operator)!)
  const of = (option: number) => sums.get(option) ?? 0n
  const bonded = active.reduce((sum, { stake }) => sum + stake, 0n)
  return {
    yes: of(OPTION.yes),
    no: of(OPTION.no),
    veto: of(OPTION.veto),
    abstain: of(OPTION.abstain),
    bonded,
  }
}

/** What follows from a count. */
export function verdict(
  { yes, no, veto, abstain, bonded }: Counted,
  { quorumBps, thresholdBps, vetoBps }: Needed,
): { readonly isAccepted: boolean; readonly isForfeited: boolean } {
  const voted = yes + no + veto + abstain
  assert(voted <= bonded, 'no more votes than is bonded')
  const hasQuorum = voted > 0n && voted * BASIS_POINTS >= bonded * quorumBps
  const isVetoed = veto * BASIS_POINTS > voted * vetoBps
  const isAccepted = hasQuorum && !isVetoed && yes * BASIS_POINTS > (yes + no + veto) * thresholdBps
  return { isAccepted, isForfeited: !hasQuorum || isVetoed }
}
