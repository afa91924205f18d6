import {
  createNativeSignatureVerifier,
  decodeVoteTransaction,
  stakeOfVotes,
  verifyTowerProof,
} from '@causeway/light-clients'
import type { RecordedSlot, RecordedVote, Recording } from '@causeway/light-clients'
import { equalBytes, toHex } from '@causeway/primitives'
import { expectBytes, expectSame } from '../expectations.ts'
import type { StakesOf } from './solana-slots-format.ts'

const verifySignatures = createNativeSignatureVerifier()

/** Rule 6, of one vote: what it says, who signed it, and that it landed where it is said to have. */
export function checkVote(recording: Recording, vote: RecordedVote, stakesOf: StakesOf): void {
  const { votedSlot, landedSlot, wire } = vote
  const { towerSync } = decodeVoteTransaction(wire)
  expectSame('the voted slot', towerSync.slot, votedSlot)
  expectBytes('the bank hash', towerSync.bankHash, vote.bankHash)
  // A tower without a root may be written as one that is rooted at 0.
  expectSame('the root', towerSync.root ?? 0n, vote.root ?? 0n)
  if (vote.blockId) expectBytes('the block id', towerSync.blockId, vote.blockId)
  const slot = recording.slots.find((each) => each.slot === votedSlot)
  if (slot) expectBytes('the bank hash', vote.bankHash, slot.bankHash)
  stakeOfVotes([wire], () => undefined, { stakes: stakesOf(epochOf(recording, votedSlot)), verifySignatures })
  const landed = recording.slots.find((each) => each.slot === landedSlot)
  if (landed && !landed.transactions.some((transaction) => equalBytes(transaction, wire)))
    throw new Error(`it is not in slot ${landed.slot}`)
}

/**
 * Rule 6, of a slot: two thirds of the stake voted for its bank hash, each account once, and where later
 * votes name it or a later slot as root, they are two thirds too.
 */
export function checkSlotIsVoted(recording: Recording, slot: RecordedSlot, stakesOf: StakesOf): void {
  const stakes = stakesOf(slot.epoch)
  const votes = oncePerAccount(recording.votes.filter(({ votedSlot }) => votedSlot === slot.slot))
  const known = new Set(stakes.voters.map(({ voteAccount }) => toHex(voteAccount)))
  const rooting = oncePerAccount(
    recording.votes.filter(({ root, wire }) => {
      const account = toHex(decodeVoteTransaction(wire).voteAccount)
      return root !== undefined && root >= slot.slot && known.has(account)
    }),
  )
  const { hardForks } = recording
  const proof = { slot: slot.slot, bankHash: slot.bankHash, votes, descendants: [] }
  verifyTowerProof(proof, { stakes, hardForks, verifySignatures })
  stakeOfVotes(rooting, () => undefined, { stakes, verifySignatures })
}

/** Epoch of a slot that votes name; past the last one recorded it is told by the epochs' length. */
function epochOf({ slots, slotsPerEpoch }: Recording, votedSlot: bigint): bigint {
  const slot = slots.find((each) => each.slot === votedSlot)
  return slot ? slot.epoch : votedSlot / slotsPerEpoch
}

function oncePerAccount(votes: readonly RecordedVote[]): Uint8Array[] {
  const byAccount = new Map<string, Uint8Array>()
  for (const { wire } of votes) {
    const account = toHex(decodeVoteTransaction(wire).voteAccount)
    if (!byAccount.has(account)) byAccount.set(account, wire)
  }
  return [...byAccount.values()]
}
