import type { Height } from '@causeway/protocol'
import type { ConsensusState, Header } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { equalBytes } from '@causeway/primitives'
import { completeConsensusState } from './client-state.ts'
import { errors } from './errors.ts'
import { ZERO_HEIGHT, compareHeights, revisionOf } from './heights.ts'
import { validateSignedHeader, validateValidatorSet, type CompleteSignedHeader } from './validate-basic.ts'
import { hashValidatorSet } from './validator-set-hash.ts'

/** A header message whose parts are all there and sound by themselves. */
export interface CheckedHeader extends CompleteSignedHeader {
  readonly height: Height
  readonly trustedHeight: Height
  readonly validators: ValidatorSet
  /** The validators' hash, which is the header's. */
  readonly validatorsHash: Uint8Array
}

/** The IBC height of a header message. Throws `07-tendermint/2`, `/6`. */
export function headerHeight(message: Header): Height {
  const header = message.signedHeader?.header
  if (!header) throw errors.invalidHeader({ reason: 'the header is missing' })
  return { revisionNumber: revisionOf(header.chainId), revisionHeight: header.height }
}

/** What the client stores for a header. */
export function consensusStateOf({ header }: CompleteSignedHeader): ConsensusState {
  return completeConsensusState({
    timestamp: header.time,
    root: { hash: header.appHash },
    nextValidatorsHash: header.nextValidatorsHash,
  })
}

/**
 * Checks a header message by itself. Spec: ibc-go v10 07-tendermint `Header.ValidateBasic`. Throws
 * `07-tendermint/2`, `/5`, `/6`, `/14`, `/32`, `/34`, `/46`–`/49`.
 */
export function validateHeaderMessage(message: Header): CheckedHeader {
  const height = headerHeight(message)
  const signed = validateSignedHeader(message.signedHeader, message.signedHeader?.header?.chainId ?? '')
  const trustedHeight = message.trustedHeight ?? ZERO_HEIGHT
  if (compareHeights(trustedHeight, height) >= 0) {
    throw errors.invalidHeaderHeight({ reason: 'the trusted height is not below it' })
  }
  const validators = validateValidatorSet(message.validatorSet)
  const validatorsHash = hashValidatorSet(validators)
  if (!equalBytes(signed.header.validatorsHash, validatorsHash)) {
    throw errors.validatorsHashMismatch({ what: 'the validator set' })
  }
  return { ...signed, height, trustedHeight, validators, validatorsHash }
}

/**
 * The trusted validators of a message, which must be those that the consensus state announces. Throws
 * `07-tendermint/14`, `/36`.
 */
export function trustedValidatorsOf(message: Header, trusted: ConsensusState): ValidatorSet {
  const validators = validateValidatorSet(message.trustedValidators)
  if (!equalBytes(trusted.nextValidatorsHash, hashValidatorSet(validators)))
    throw errors.trustedValidatorsMismatch()
  return validators
}
