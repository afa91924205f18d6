import { ResponseVerifyVoteExtension_VerifyStatus as Status } from '@causeway/protocol/tendermint/abci/types'
import type { ExtendedCommit, ExtendedCommitSig } from '@causeway/protocol/tendermint/types/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import type { Validator } from '@causeway/protocol/tendermint/types/validator'
import { ZERO_TIME, fromNanoseconds, totalVotingPower } from '@causeway/light-clients'
import { EMPTY_BYTES, assert } from '@causeway/primitives'
import { commitInfo, misbehaviors } from '../chain/commit-info.ts'
import { voteExtensionsEnabled } from '../chain/consensus-params.ts'
import { errors } from '../errors.ts'
import { signerOf } from './core.ts'
import type { DecidedBlock, EngineCore } from './core.ts'

/** Largest vote extension that CometBFT takes. */
const EXTENSION_BYTES_MAX = 1024 * 1024

/**
 * Has every local validator precommit a block, its application's extension included, and collects the commit.
 * A validator whose key isn't here, or whose extension the others refuse, is absent. Throws `engine/40`,
 * `/41`, `/47`, `/48`.
 */
export function collectVotes(core: EngineCore, decided: DecidedBlock): ExtendedCommit {
  const { header, blockId } = decided.made
  const { validators } = core.state
  const extendedSignatures = validators.validators.map((validator) => precommit(core, decided, validator))
  const signedPower = validators.validators
    .filter((_, i) => extendedSignatures[i]!.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT)
    .reduce((sum, { votingPower }) => sum + votingPower, 0n)
  if (signedPower * 3n <= totalVotingPower(validators) * 2n) {
    throw errors.voteExtensionRejected({ height: header.height })
  }
  return { height: header.height, round: decided.round, blockId, extendedSignatures }
}

function precommit(core: EngineCore, decided: DecidedBlock, validator: Validator): ExtendedCommitSig {
  const { header, blockId } = decided.made
  const signer = signerOf(core, validator.address)
  if (!signer) return ABSENT
  const isExtended = voteExtensionsEnabled(core.state.params, header.height)
  const extension = isExtended ? extend(core, decided, validator) : undefined
  if (extension !== undefined && !isExtensionAccepted(core, decided, validator, extension)) return ABSENT
  const signed = signer.signPrecommit({
    height: header.height,
    round: decided.round,
    blockId,
    timestamp: fromNanoseconds(decided.voteTimeNanoseconds),
    extension,
  })
  return {
    blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
    validatorAddress: validator.address,
    timestamp: signed.timestamp,
    signature: signed.signature,
    extension: extension ?? EMPTY_BYTES,
    extensionSignature: signed.extensionSignature,
  }
}

function extend(core: EngineCore, { made }: DecidedBlock, validator: Validator): Uint8Array {
  const { block, header, blockId } = made
  const request = {
    hash: blockId.hash,
    height: header.height,
    time: header.time,
    txs: block.data!.txs,
    proposedLastCommit: commitInfo(block.lastCommit, core.state.lastValidators),
    misbehavior: misbehaviors(block.evidence!.evidence),
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
  }
  const { voteExtension } = core.application.extendVote(request, validator.address)
  if (voteExtension.length > EXTENSION_BYTES_MAX) {
    throw errors.voteExtensionTooLarge({ bytes: voteExtension.length, max: EXTENSION_BYTES_MAX })
  }
  return voteExtension
}

/** What the other validators say to an extension; nobody asks when there are none. */
function isExtensionAccepted(
  core: EngineCore,
  { made }: DecidedBlock,
  validator: Validator,
  voteExtension: Uint8Array,
): boolean {
  if (core.state.validators.validators.length === 1) return true
  const { status } = core.application.verifyVoteExtension({
    hash: made.blockId.hash,
    validatorAddress: validator.address,
    height: made.header.height,
    voteExtension,
  })
  assert(status === Status.ACCEPT || status === Status.REJECT, 'an extension is accepted or rejected')
  return status === Status.ACCEPT
}

const ABSENT: ExtendedCommitSig = {
  blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_ABSENT,
  validatorAddress: EMPTY_BYTES,
  timestamp: ZERO_TIME,
  signature: EMPTY_BYTES,
  extension: EMPTY_BYTES,
  extensionSignature: EMPTY_BYTES,
}
