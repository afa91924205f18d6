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

/** For one slot, each counted once a signer: 16,384 votes as validators send them. */
const SIGNED_VOTES_MAX = 32_768

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

/**
 * Votes by the slot that they vote for. Each is kept for each of its signers, so that nobody's vote takes the
 * place of one that the voter's authority signed.
 */
export class VoteBook {
  readonly #bySlot = new Map<bigint, Map<string, Vote>>()

  add(vote: Vote): void {
    const votes = this.#bySlot.get(vote.slot) ?? new Map<string, Vote>()
    // Who votes for two banks of a slot is counted for either.
    for (const signer of vote.signers)
      if (votes.size < SIGNED_VOTES_MAX)
        votes.set(vote.voter + addressKey(vote.bankHash) + addressKey(signer), vote)
    this.#bySlot.set(vote.slot, votes)
  }

  /**
   * Votes of the fewest voters who are two thirds of a set, for that bank, and whose root is at least `root`
   * where one is asked for; `undefined` when they are fewer. Where the set is that of another epoch, of three
   * quarters.
   */
  votesFor(bank: Bank, set: ValidatorSet, root?: bigint): Vote[] | undefined {
    const chosen: Vote[] = []
    let stake = 0n
    for (const { vote, stake: more } of this.#counted(bank, set)) {
      if (root !== undefined && (vote.root ?? -1n) < root) continue
      chosen.push(vote)
      stake += more
      if (isEnough(stake, set, bank.epoch)) return chosen
    }
    return undefined
  }

  /** The highest slot that two thirds of a set have rooted, by their votes for that bank. */
  rootFor(bank: Bank, set: ValidatorSet): bigint | undefined {
    const rooted = [...this.#counted(bank, set)].flatMap(({ vote: { root }, stake }) =>
      root === undefined ? [] : [{ root, stake }],
    )
    rooted.sort((a, b) => (a.root === b.root ? 0 : a.root > b.root ? -1 : 1))
    let sum = 0n
    for (const { root, stake } of rooted) {
      sum += stake
      if (isEnough(sum, set, bank.epoch)) return root
    }
    return undefined
  }

  /** Largest stakes first. A vote counts if the set's authorised voter signed. */
  *#counted({ slot, bankHash }: Bank, { byStake }: ValidatorSet): Iterable<{ vote: Vote; stake: bigint }> {
    const votes = this.#bySlot.get(slot)
    const hash = addressKey(bankHash)
    for (const { key, stake, signerKey } of byStake) {
      const vote = votes?.get(key + hash + signerKey)
      if (vote !== undefined) yield { vote, stake }
    }
  }

  /** Stake of a set whose authorised voters signed for another bank of the slot than this one. */
  stakeAgainst(slot: bigint, bankHash: Uint8Array, { byStake }: ValidatorSet): bigint {
    const against = new Set<string>()
    for (const vote of this.#bySlot.get(slot)?.values() ?? [])
      if (!equalBytes(vote.bankHash, bankHash))
        for (const signer of vote.signers) against.add(vote.voter + addressKey(signer))
    return byStake.reduce((sum, { key, signerKey, stake }) => {
      return against.has(key + signerKey) ? sum + stake : sum
    }, 0n)
  }

  /** Forgets votes for slots below this one, unless they are asked to stay. */
  prune(below: bigint, stays: (slot: bigint) => boolean): void {
    for (const slot of this.#bySlot.keys()) if (slot < below && !stays(slot)) this.#bySlot.delete(slot)
  }
}

function isEnough(stake: bigint, set: ValidatorSet, epoch: bigint): boolean {
  return set.epoch === epoch ? isTwoThirds(stake, set) : isThreeQuarters(stake, set)
}
