import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { SignedHeader } from '@causeway/protocol/tendermint/types/types'
import { equalBytes } from '@causeway/primitives'
import { errors } from './errors.ts'
import type { VerifySignatures } from './signatures.ts'
import { toNanoseconds } from './timestamps.ts'
import { validateSignedHeader } from './validate-basic.ts'
import { hashValidatorSet } from './validator-set-hash.ts'
import {
  matchCommit,
  verifyCommitLight,
  verifyCommitLightTrusting,
  type TrustLevel,
} from './verify-commit.ts'

/** What of an accepted header the next verification builds on. */
export interface TrustedHeader {
  readonly chainId: string
  readonly height: bigint
  readonly timeNanoseconds: bigint
  readonly nextValidatorsHash: Uint8Array
}

/** How far trust reaches. */
export interface TrustOptions {
  readonly trustLevel: TrustLevel
  readonly trustingPeriodNanoseconds: bigint
  readonly maxClockDriftNanoseconds: bigint
  readonly verifySignatures: VerifySignatures
}

/** A header that is to be accepted, with the validators that signed it. */
export interface UntrustedHeader {
  readonly signedHeader: SignedHeader
  readonly validators: ValidatorSet
  /** The validators' hash, where the caller has computed it from these very validators already. */
  readonly validatorsHash?: Uint8Array
}

/**
 * Accepts a later header, next to the trusted one or any distance on. `trustedValidators` are those that the
 * trusted header announces for the next height (the caller has checked their hash); only skipping looks at
 * them. Throws `07-tendermint/45` when the sets changed too much to skip so far, other codes when the header
 * is wrong.
 *
 * Spec: CometBFT v0.38 light/verifier.go.
 */
export function verifyHeader(
  trusted: TrustedHeader,
  trustedValidators: ValidatorSet,
  untrusted: UntrustedHeader,
  nowNanoseconds: bigint,
  options: TrustOptions,
): void {
  // 1. The trusted header is still in its trusting period
  const expires = trusted.timeNanoseconds + options.trustingPeriodNanoseconds
  if (expires <= nowNanoseconds) throw errors.trustingPeriodExpired({ expires, now: nowNanoseconds })
  // 2. The new one is well-formed, later, not from the future, and its validators are those that came with it
  const { header, commit } = validateSignedHeader(untrusted.signedHeader, trusted.chainId)
  if (header.height <= trusted.height)
    throw errors.invalidHeaderHeight({ reason: 'it is not above the trusted one' })
  const time = toNanoseconds(header.time)
  if (time <= trusted.timeNanoseconds) {
    throw errors.headerTimeNotAfterTrusted({ time, trusted: trusted.timeNanoseconds })
  }
  const limit = nowNanoseconds + options.maxClockDriftNanoseconds
  if (time >= limit) throw errors.headerFromFuture({ time, limit })
  if (
    !equalBytes(header.validatorsHash, untrusted.validatorsHash ?? hashValidatorSet(untrusted.validators))
  ) {
    throw errors.validatorsHashMismatch({ what: 'the validator set' })
  }
  matchCommit(untrusted.validators, commit)
  // 3. Trust passes on: by announcement to the next height, by overlap to any later one
  if (header.height === trusted.height + 1n) {
    if (!equalBytes(header.validatorsHash, trusted.nextValidatorsHash)) throw errors.nextValidatorsMismatch()
  } else {
    const { trustLevel, verifySignatures } = options
    verifyCommitLightTrusting(trusted.chainId, trustedValidators, commit, trustLevel, verifySignatures)
  }
  // 4. Its own validators committed it; last, because a hostile set may be large
  verifyCommitLight(trusted.chainId, untrusted.validators, commit, options.verifySignatures)
}
