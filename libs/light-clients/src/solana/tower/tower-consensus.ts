import { equalBytes } from '@causeway/primitives'
import { bankHash } from '../bank/bank-hash.ts'
import type { BankFields, HardFork } from '../bank/bank-hash.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import type { TowerSync } from '../transactions/tower-sync.ts'
import { stakeOfVotes } from './verify-votes.ts'
import type { VoteRules } from './verify-votes.ts'

/** What a consensus proof shows: the bank hash of a slot, and whether that can still change. */
export interface SettledBank {
  readonly slot: bigint
  readonly bankHash: Uint8Array
  readonly isFinal: boolean
}

/** What a bank's hash is made of, beside its parent's. */
export interface ChildBank extends Omit<BankFields, 'parentBankHash'> {
  readonly slot: bigint
}

/** A bank as proofs of its ancestors have it. */
export function asChild({ slot, signatureCount, lastBlockhash, accountsLtHash }: ChildBank): ChildBank {
  return { slot, signatureCount, lastBlockhash, accountsLtHash }
}

/** Votes for a slot's bank, or for one that stands on it. */
export interface TowerProof {
  readonly slot: bigint
  readonly bankHash: Uint8Array
  /** In wire format, one a vote account, all for one bank: the slot's, or the last of the descendants. */
  readonly votes: readonly Uint8Array[]
  /** Banks above the slot, each a child of the one before; none: the slot is optimistically confirmed. */
  readonly descendants: readonly ChildBank[]
}

/** Whose votes are counted, and the restarts of their cluster. */
export interface TowerRules extends VoteRules {
  readonly hardForks: readonly HardFork[]
}

/** Bytes of SHA-256 that cost as much as one hash of a proof. */
const BYTES_PER_HASH = 512
const CHILD_BYTES = 2_200

/** What a proof claims to show. */
export function towerClaim({ slot, bankHash, descendants }: TowerProof): SettledBank {
  return { slot, bankHash, isFinal: descendants.length > 0 }
}

/**
 * Verifies that two thirds of an epoch's stake voted for a bank; for a final one, for a bank that stands on
 * it, and with it or a later one as their root. Such voters never leave the fork of their root, and the slot
 * is in that fork because what they voted for commits to it. A vote for the slot and a root on whatever fork
 * would not do: who voted may switch until they root. A final proof says nothing of the slot's *number*:
 * that is the Clock's to prove. Throws `solana/20`–`/27`, `/41`. Spec: agave `consensus/tower`.
 */
export function verifyTowerProof(proof: TowerProof, rules: TowerRules): SettledBank {
  const claim = towerClaim(proof)
  const voted = newestOf(proof, rules)
  const require = (vote: TowerSync, index: number) => {
    if (vote.slot !== voted.slot) throw errors.wrongVote({ index, reason: `it is for slot ${vote.slot}` })
    if (!equalBytes(vote.bankHash, voted.bankHash))
      throw errors.wrongVote({ index, reason: 'it is for another bank hash' })
    if (claim.isFinal && (vote.root === undefined || vote.root < claim.slot))
      throw errors.wrongVote({ index, reason: 'its root is older than the slot' })
  }
  requireTwoThirds(stakeOfVotes(proof.votes, require, rules), rules.stakes)
  return claim
}

/** The bank that is voted for: the slot's own, or what its descendants' hashes come to. */
function newestOf(
  { slot, bankHash: hash, descendants }: TowerProof,
  { hardForks, charge }: TowerRules,
): { readonly slot: bigint; readonly bankHash: Uint8Array } {
  if (descendants.length > 0) charge?.('hash', Math.ceil((descendants.length * CHILD_BYTES) / BYTES_PER_HASH))
  let newest = { slot, bankHash: hash }
  for (const child of descendants) {
    if (child.slot <= newest.slot) throw errors.badOpening({ reason: 'a child that is not later' })
    const position = { slot: child.slot, parentSlot: newest.slot }
    const fields = { ...child, parentBankHash: newest.bankHash }
    newest = { slot: child.slot, bankHash: bankHash(fields, position, hardForks) }
  }
  return newest
}

/** Throws `solana/27` below two thirds of the epoch's whole stake; exactly two thirds is enough. */
function requireTwoThirds(stake: bigint, { totalStake: total }: EpochStakes): void {
  if (3n * stake < 2n * total) throw errors.tooLittleStake({ stake, total, needed: 'two thirds' })
}
