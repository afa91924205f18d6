import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type {
  BlockID,
  Commit,
  CommitSig,
  Header,
  SignedHeader,
} from '@causeway/protocol/tendermint/types/types'
import { equalBytes, toHex, utf8 } from '@causeway/primitives'
import { isZeroBlockId } from './block-id.ts'
import { errors } from './errors.ts'
import { hashHeader } from './hashes.ts'
import { validatorAddress } from './keys.ts'
import { isValidTimestamp, isZeroTime } from './timestamps.ts'
import { totalVotingPower } from './validator-set.ts'

/*
 * What can be said of headers, commits and validator sets by themselves, before any signature is looked at.
 * Spec: CometBFT v0.38 types, each `ValidateBasic` and what converting from protobuf checks.
 */

/** The block protocol that every v0.34–v0.38 chain runs. */
export const BLOCK_PROTOCOL = 11n
/** The longest chain id. */
export const MAX_CHAIN_ID_LENGTH = 50

/**
 * The most validators that a set or signatures that a commit may have. Spec: CometBFT v0.38 `MaxVotesCount`.
 */
export const MAX_VALIDATORS = 10_000

const HASH_LENGTH = 32
const ADDRESS_LENGTH = 20
const MAX_SIGNATURE_LENGTH = 3309 // ML-DSA-65's
const ABSENT = 1
const NIL = 3

/** A header that came with the commit for it, both present. */
export interface CompleteSignedHeader {
  readonly header: Header
  readonly commit: Commit
}

/** Checks a signed header of a chain by itself. Throws `07-tendermint/6`, `/33`, `/34`, `/46`, `/49`. */
export function validateSignedHeader(
  signed: SignedHeader | undefined,
  chainId: string,
): CompleteSignedHeader {
  const header = signed?.header
  const commit = signed?.commit
  if (!header) throw errors.invalidHeader({ reason: 'the header is missing' })
  if (!commit) throw errors.invalidCommit({ reason: 'the commit is missing' })
  validateHeader(header)
  validateCommit(commit)
  if (header.chainId !== chainId) throw errors.wrongChain({ got: header.chainId, want: chainId })
  if (commit.height !== header.height) throw errors.invalidCommit({ reason: 'it is of another height' })
  if (!equalBytes(hashHeader(header), commit.blockId!.hash)) throw errors.commitSignsOtherBlock()
  return { header, commit }
}

/**
 * Checks a validator set by itself: size before anything is hashed, keys, addresses, powers, proposer. Throws
 * `07-tendermint/14`, `/47`–`/49`.
 */
export function validateValidatorSet(set: ValidatorSet | undefined): ValidatorSet {
  if (!set || set.validators.length === 0) throw errors.invalidValidatorSet({ reason: 'it is empty' })
  requireCount('validators in a set', set.validators.length)
  const seen = new Set<string>()
  for (const validator of set.validators) {
    validateValidator(validator)
    seen.add(toHex(validator.address))
  }
  if (seen.size !== set.validators.length)
    throw errors.invalidValidatorSet({ reason: 'a validator is listed twice' })
  if (!set.proposer) throw errors.invalidValidatorSet({ reason: 'it has no proposer' })
  validateValidator(set.proposer)
  if (!seen.has(toHex(set.proposer.address)))
    throw errors.invalidValidatorSet({ reason: 'the proposer is not in it' })
  totalVotingPower(set)
  return set
}

function validateValidator(validator: Validator): void {
  if (validator.votingPower < 0n) throw errors.invalidValidatorSet({ reason: 'a voting power is negative' })
  if (!equalBytes(validator.address, validatorAddress(validator.pubKey))) {
    throw errors.invalidValidatorSet({ reason: "an address is not its key's" })
  }
}

function validateHeader(header: Header): void {
  const fail = (reason: string) => errors.invalidHeader({ reason })
  if ((header.version?.block ?? 0n) !== BLOCK_PROTOCOL) throw fail('its block protocol is not 11')
  if (utf8(header.chainId).length > MAX_CHAIN_ID_LENGTH) throw fail('its chain id is too long')
  if (header.height <= 0n) throw fail('its height is not positive')
  if (!isValidTimestamp(header.time)) throw fail('its time is no time')
  if (!isValidBlockId(header.lastBlockId)) throw fail('its last block id has a hash of the wrong length')
  for (const hash of [
    header.lastCommitHash,
    header.dataHash,
    header.evidenceHash,
    header.validatorsHash,
    header.nextValidatorsHash,
    header.consensusHash,
    header.lastResultsHash,
  ]) {
    if (!isHashOrEmpty(hash)) throw fail('it has a hash of the wrong length')
  }
  if (header.proposerAddress.length !== ADDRESS_LENGTH)
    throw fail("its proposer's address has the wrong length")
}

function validateCommit(commit: Commit): void {
  const fail = (reason: string) => errors.invalidCommit({ reason })
  if (commit.height < 0n) throw fail('its height is negative')
  if (commit.round < 0) throw fail('its round is negative')
  if (!isValidBlockId(commit.blockId)) throw fail('its block id has a hash of the wrong length')
  if (isZeroBlockId(commit.blockId)) throw fail('it is for a nil block')
  if (commit.signatures.length === 0) throw fail('it has no signatures')
  requireCount('signatures in a commit', commit.signatures.length)
  commit.signatures.forEach((signature, index) => {
    const reason = signatureFault(signature)
    if (reason !== undefined) throw fail(`signature ${index}: ${reason}`)
  })
}

function signatureFault(signature: CommitSig): string | undefined {
  if (signature.blockIdFlag < ABSENT || signature.blockIdFlag > NIL) return 'unknown block id flag'
  if (!isValidTimestamp(signature.timestamp)) return 'its time is no time'
  if (signature.blockIdFlag === ABSENT) {
    const isEmpty =
      signature.validatorAddress.length === 0 &&
      signature.signature.length === 0 &&
      isZeroTime(signature.timestamp)
    return isEmpty ? undefined : 'an absent one carries something'
  }
  if (signature.validatorAddress.length !== ADDRESS_LENGTH) return 'its address has the wrong length'
  if (signature.signature.length === 0) return 'it is missing'
  return signature.signature.length > MAX_SIGNATURE_LENGTH ? 'it is too long' : undefined
}

function requireCount(what: string, count: number): void {
  if (count > MAX_VALIDATORS) throw errors.tooLarge({ what, size: count, max: MAX_VALIDATORS })
}

function isValidBlockId(id: BlockID | undefined): boolean {
  return id === undefined || (isHashOrEmpty(id.hash) && isHashOrEmpty(id.partSetHeader?.hash ?? id.hash))
}

function isHashOrEmpty(hash: Uint8Array): boolean {
  return hash.length === 0 || hash.length === HASH_LENGTH
}
