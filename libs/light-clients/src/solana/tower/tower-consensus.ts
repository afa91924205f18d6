import { equalBytes } from '@causeway/primitives'
import type { EpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import type { TowerSync } from '../transactions/tower-sync.ts'
import { decodeVoteTransaction } from '../transactions/vote-transaction.ts'
import { stakeOfVotes } from './verify-votes.ts'
import type { VoteRules } from './verify-votes.ts'

/** What a consensus proof shows: the bank hash of a slot, and whether that can still change. */
export interface SettledBank {
  readonly slot: bigint
  readonly bankHash: Uint8Array
  readonly isFinal: boolean
}

/** Votes that name a slot's bank hash, in wire format, one a vote account. */
export interface TowerProof {
  readonly votes: readonly Uint8Array[]
  /** Later votes whose root is that slot or a later one; none: the slot is optimistically confirmed. */
  readonly rootVotes: readonly Uint8Array[]
}

/** What a proof claims to show: what its first vote says. Throws `solana/20`, `/21`, `/27` for no vote. */
export function towerClaim({ votes, rootVotes }: TowerProof): SettledBank {
  const [first] = votes
  if (!first) throw errors.tooLittleStake({ stake: 0n, total: 0n, needed: 'two thirds' })
  const { slot, bankHash } = decodeVoteTransaction(first).towerSync
  return { slot, bankHash, isFinal: rootVotes.length > 0 }
}

/**
 * Verifies that two thirds of an epoch's stake voted for one bank hash and, where there are votes for that,
 * that two thirds have rooted it: with less than a third of the stake faulty, those that rooted a later slot
 * stand on the same fork. Throws `solana/20`–`/27`. Spec: agave `vote`, optimistic confirmation.
 */
export function verifyTowerProof(proof: TowerProof, rules: VoteRules): SettledBank {
  const claim = towerClaim(proof)
  const namesBank = (vote: TowerSync, index: number) => {
    if (vote.slot !== claim.slot) throw errors.wrongVote({ index, reason: `it is for slot ${vote.slot}` })
    if (!equalBytes(vote.bankHash, claim.bankHash))
      throw errors.wrongVote({ index, reason: 'it is for another bank hash' })
  }
  const hasRooted = (vote: TowerSync, index: number) => {
    if (vote.root === undefined || vote.root < claim.slot)
      throw errors.wrongVote({ index, reason: 'its root is older than the slot' })
  }
  requireTwoThirds(stakeOfVotes(proof.votes, namesBank, rules), rules.stakes)
  if (claim.isFinal) requireTwoThirds(stakeOfVotes(proof.rootVotes, hasRooted, rules), rules.stakes)
  return claim
}

/** Throws `solana/27` below two thirds of the epoch's whole stake; exactly two thirds is enough. */
function requireTwoThirds(stake: bigint, { totalStake: total }: EpochStakes): void {
  if (3n * stake < 2n * total) throw errors.tooLittleStake({ stake, total, needed: 'two thirds' })
}
