import type { DuplicateVoteEvidence } from '@causeway/protocol/tendermint/types/evidence'
import { PartSetHeader, SignedMsgType } from '@causeway/protocol/tendermint/types/types'
import type { BlockID, Vote } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import {
  equalBlockIds,
  isZeroBlockId,
  toNanoseconds,
  totalVotingPower,
  validatorIndex,
  validatorKey,
  verifyWithKey,
  voteSignBytes,
} from '@causeway/light-clients'
import type { VerifySignatures } from '@causeway/light-clients'
import { EMPTY_BYTES, compareBytes, concatBytes, equalBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { ChainState } from './chain-state.ts'
import { durationNanoseconds } from './consensus-params.ts'

/** What evidence is judged against: the block and the validators of its height. */
export interface EvidenceContext {
  readonly state: ChainState
  /** Time of the block at the evidence's height; `undefined` when there is none. */
  readonly blockTime: Timestamp | undefined
  readonly validators: ValidatorSet | undefined
  readonly verifySignatures: VerifySignatures
}

const SIGNATURE_LENGTH_MAX = 64

/**
 * Judges a duplicate vote: two votes of one validator for two blocks at one height, round and step, recent
 * enough, both signed. Throws `engine/63`. Spec: CometBFT v0.38 evidence/verify.go.
 */
export function verifyDuplicateVote(evidence: DuplicateVoteEvidence, context: EvidenceContext): void {
  const { voteA, voteB } = requireVotes(evidence)
  const { state, blockTime, validators } = context
  if (!blockTime || !validators) throw refuse(`there is no block ${voteA.height}`)
  if (toNanoseconds(evidence.timestamp) !== toNanoseconds(blockTime))
    throw refuse("its time is not its block's")
  if (isExpired(state, voteA.height, blockTime)) throw refuse('it is too old')
  const validator = validators.validators[validatorIndex(validators, voteA.validatorAddress)]
  if (!validator) throw refuse(`the signer was no validator at height ${voteA.height}`)
  if (validator.votingPower !== evidence.validatorPower) throw refuse('the validator had another power')
  if (totalVotingPower(validators) !== evidence.totalVotingPower) throw refuse('the total power was another')
  const key = validatorKey(validator.pubKey)
  for (const vote of [voteA, voteB]) {
    const signBytes = voteSignBytes(state.chainId, vote)
    if (!verifyWithKey(key, signBytes, vote.signature, context.verifySignatures)) {
      throw refuse('a signature does not verify')
    }
  }
}

/** Whether evidence of this height and time is over both age limits. */
export function isExpired(state: ChainState, height: bigint, time: Timestamp): boolean {
  const blocks = state.lastHeight - height
  const age = toNanoseconds(state.lastTime) - toNanoseconds(time)
  return blocks > state.params.evidence.maxAgeNumBlocks && age > durationNanoseconds(state.params)
}

function requireVotes(evidence: DuplicateVoteEvidence): { voteA: Vote; voteB: Vote } {
  const { voteA, voteB } = evidence
  if (!voteA || !voteB) throw refuse('a vote is missing')
  for (const vote of [voteA, voteB]) requireWellFormed(vote)
  if (voteA.height !== voteB.height || voteA.round !== voteB.round || voteA.type !== voteB.type) {
    throw refuse('the votes are of different steps')
  }
  if (!equalBytes(voteA.validatorAddress, voteB.validatorAddress))
    throw refuse('the votes are of two validators')
  if (equalBlockIds(voteA.blockId, voteB.blockId)) throw refuse('both votes are for one block')
  if (compareBytes(sortKey(voteA.blockId), sortKey(voteB.blockId)) >= 0)
    throw refuse('the votes are in wrong order')
  return { voteA, voteB }
}

function requireWellFormed(vote: Vote): void {
  const isVote =
    vote.type === SignedMsgType.SIGNED_MSG_TYPE_PREVOTE ||
    vote.type === SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT
  if (!isVote || vote.height <= 0n || vote.round < 0 || vote.validatorIndex < 0)
    throw refuse('a vote is malformed')
  const { hash, partSetHeader } = vote.blockId ?? {}
  const isComplete = hash?.length === 32 && partSetHeader?.hash.length === 32 && partSetHeader.total > 0
  if (!isZeroBlockId(vote.blockId) && !isComplete)
    throw refuse("a vote's block id is neither empty nor complete")
  if (vote.validatorAddress.length !== 20) throw refuse('an address has 20 bytes')
  if (vote.signature.length === 0 || vote.signature.length > SIGNATURE_LENGTH_MAX)
    throw refuse('a bad signature')
}

/** CometBFT compares votes by the hash and the encoded part set header of their block ids. */
function sortKey(id: BlockID | undefined): Uint8Array {
  if (!id) return EMPTY_BYTES
  return concatBytes(
    id.hash,
    PartSetHeader.encode(id.partSetHeader ?? { total: 0, hash: EMPTY_BYTES }).finish(),
  )
}

function refuse(reason: string): Error {
  return errors.badEvidence({ reason })
}
