import type { CommitInfo, ExtendedCommitInfo, Misbehavior } from '@causeway/protocol/tendermint/abci/types'
import { MisbehaviorType } from '@causeway/protocol/tendermint/abci/types'
import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { Commit, ExtendedCommit } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { assert } from '@causeway/primitives'

/** The last commit as the application sees it: who signed, with what power. Empty before the second block. */
export function commitInfo(commit: Commit | undefined, validators: ValidatorSet): CommitInfo {
  if (!commit || commit.signatures.length === 0) return { round: 0, votes: [] }
  assert(commit.signatures.length === validators.validators.length, 'one signature slot for each validator')
  return {
    round: commit.round,
    votes: validators.validators.map((validator, i) => ({
      validator: { address: validator.address, power: validator.votingPower },
      blockIdFlag: commit.signatures[i]!.blockIdFlag,
    })),
  }
}

/** The same with the vote extensions, for the proposer. */
export function extendedCommitInfo(
  commit: ExtendedCommit | undefined,
  validators: ValidatorSet,
): ExtendedCommitInfo {
  if (!commit) return { round: 0, votes: [] }
  assert(commit.extendedSignatures.length === validators.validators.length, 'one slot for each validator')
  return {
    round: commit.round,
    votes: validators.validators.map((validator, i) => {
      const { blockIdFlag, extension, extensionSignature } = commit.extendedSignatures[i]!
      return {
        validator: { address: validator.address, power: validator.votingPower },
        voteExtension: extension,
        extensionSignature,
        blockIdFlag,
      }
    }),
  }
}

/** Evidence as the application sees it. */
export function misbehaviors(evidence: readonly Evidence[]): Misbehavior[] {
  return evidence.map(({ duplicateVoteEvidence: duplicate }) => {
    assert(duplicate?.voteA, 'the pool admits duplicate votes only')
    return {
      type: MisbehaviorType.DUPLICATE_VOTE,
      validator: { address: duplicate.voteA.validatorAddress, power: duplicate.validatorPower },
      height: duplicate.voteA.height,
      time: duplicate.timestamp,
      totalVotingPower: duplicate.totalVotingPower,
    }
  })
}

/** The commit without its extensions, as the next block carries it. */
export function plainCommit(commit: ExtendedCommit): Commit {
  return {
    height: commit.height,
    round: commit.round,
    blockId: commit.blockId,
    signatures: commit.extendedSignatures.map(({ blockIdFlag, validatorAddress, timestamp, signature }) => ({
      blockIdFlag,
      validatorAddress,
      timestamp,
      signature,
    })),
  }
}
