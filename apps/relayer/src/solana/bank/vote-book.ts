import { decodeVoteTransaction } from '@causeway/light-clients'
import { equalBytes, isProtocolError } from '@causeway/primitives'

import { addressKey } from '../stream/record.ts'
import type { Bank } from './bank.ts'
import { isThreeQuarters, isTwoThirds } from './validator-sets.ts'
import type { ValidatorSet } from './validator-sets.ts'

/** A vote that stood in a block. Its signatures are checked where it is counted. */
export interface Vote {
  /** Key of the vote account. */
  readonly voter: string
  readonly slot: bigint
  readonly bankHash: Uint8Array
  readonly root: bigint | undefined
  readonly signers: readonly Uint8Array[]
  /** Wire format. */
  readonly wire: Uint8Array
}

/** Vote accounts that are listened to before any set is known. */
const VOTERS_MAX = 16_384

/** Decodes a transaction that is one TowerSync vote; `undefined` for any other. */
export function readVote(wire: Uint8Array): Vote | undefined {
  try {
    const { voteAccount, signers, towerSync } = decodeVoteTransaction(wire)
    const { slot, bankHash, root } = towerSync
    return { voter: addressKey(voteAccount), slot, bankHash, root, signers, wire }
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** Votes by the slot that they vote for, and of each voter the one with the highest root. */
export class VoteBook {
  readonly #bySlot = new Map<bigint, Map<string, Vote>>()
  readonly #rooted = new Map<string, Vote>()

  add(vote: Vote): void {
    const votes = this.#bySlot.get(vote.slot) ?? new Map<string, Vote>()
    // Who votes for two banks of a slot is counted for either.
    if (votes.size < VOTERS_MAX) votes.set(vote.voter + addressKey(vote.bankHash), vote)
    this.#bySlot.set(vote.slot, votes)
    const known = this.#rooted.get(vote.voter)
    if (vote.root === undefined || (known?.root ?? -1n) > vote.root) return
    if (known !== undefined || this.#rooted.size < VOTERS_MAX) this.#rooted.set(vote.voter, vote)
  }

  /**
   * Votes of the fewest voters who are two thirds of a set, for that bank; `undefined` when fewer voted for
   * it. Where the set is that of another epoch, of three quarters.
   */
  votesFor({ slot, bankHash, epoch }: Bank, set: ValidatorSet): Vote[] | undefined {
    const votes = this.#bySlot.get(slot)
    const suffix = addressKey(bankHash)
    return votes && fewest(set, epoch, (voter) => votes.get(voter + suffix))
  }

  /** Votes of the fewest voters who are two thirds of a set, and have rooted the slot or a later one. */
  rootVotesFor({ slot, epoch }: Bank, set: ValidatorSet): Vote[] | undefined {
    return fewest(set, epoch, (voter) => {
      const vote = this.#rooted.get(voter)
      return vote?.root !== undefined && vote.root >= slot ? vote : undefined
    })
  }

  /** Stake of a set that voted for another bank of the slot than this one. */
  stakeAgainst(slot: bigint, bankHash: Uint8Array, { byStake }: ValidatorSet): bigint {
    const against = new Set<string>()
    for (const vote of this.#bySlot.get(slot)?.values() ?? [])
      if (!equalBytes(vote.bankHash, bankHash)) against.add(vote.voter)
    return byStake.reduce((sum, { key, stake }) => (against.has(key) ? sum + stake : sum), 0n)
  }

  /** Forgets votes for slots below this one, unless they are asked to stay. */
  prune(below: bigint, stays: (slot: bigint) => boolean): void {
    for (const slot of this.#bySlot.keys()) if (slot < below && !stays(slot)) this.#bySlot.delete(slot)
  }
}

/** Largest stakes first, until there is enough. A vote counts if the set's authorised voter signed. */
function fewest(
  set: ValidatorSet,
  epoch: bigint,
  voteOf: (voter: string) => Vote | undefined,
): Vote[] | undefined {
  const isEnough = set.epoch === epoch ? isTwoThirds : isThreeQuarters
  const chosen: Vote[] = []
  let stake = 0n
  for (const voter of set.byStake) {
    const vote = voteOf(voter.key)
    if (!vote?.signers.some((signer) => equalBytes(signer, voter.authorizedVoter))) continue
    chosen.push(vote)
    stake += voter.stake
    if (isEnough(stake, set)) return chosen
  }
  return undefined
}
