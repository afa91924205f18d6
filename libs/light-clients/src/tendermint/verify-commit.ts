import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Commit } from '@causeway/protocol/tendermint/types/types'
import { equalBytes, toHex } from '@causeway/primitives'
import { errors } from './errors.ts'
import { validatorKey } from './keys.ts'
import { commitSignBytes } from './sign-bytes.ts'
import type { VerifySignatures } from './signatures.ts'
import { totalVotingPower } from './validator-set.ts'

/*
 * Spec: CometBFT v0.38 types/validation.go. Signatures are counted in the commit's order until their power
 * suffices, then those counted are verified; a bad one among them refuses the commit. Signatures behind the
 * threshold are not verified, but who they claim to be from is checked for all (CSA-2026-001).
 */

/** A fraction of voting power. */
export interface TrustLevel {
  readonly numerator: bigint
  readonly denominator: bigint
}

const ABSENT = 1
const COMMIT = 2

interface Counted {
  readonly index: number
  readonly validator: Validator
}

/**
 * A commit and the block's own set belong together: signature i, unless absent, names validator i. Throws
 * `07-tendermint/40`, `/41`.
 */
export function matchCommit(set: ValidatorSet, commit: Commit): void {
  const { validators } = set
  const { signatures } = commit
  if (validators.length !== signatures.length) {
    throw errors.commitSizeMismatch({ signatures: signatures.length, validators: validators.length })
  }
  signatures.forEach((signature, index) => {
    if (signature.blockIdFlag === ABSENT) return
    if (!equalBytes(validators[index]!.address, signature.validatorAddress)) {
      throw errors.validatorAddressMismatch({ index })
    }
  })
}

/**
 * More than two thirds of `set` signed the commit. The set is the block's own, so that signature i is
 * validator i's. Throws `07-tendermint/40`, `/41`, `/43`, `/44`, `/47`, `/48`.
 */
export function verifyCommitLight(
  chainId: string,
  set: ValidatorSet,
  commit: Commit,
  verifySignatures: VerifySignatures,
): void {
  matchCommit(set, commit)
  const needed = (totalVotingPower(set) * 2n) / 3n
  const counted: Counted[] = []
  let power = 0n
  for (const [index, validator] of set.validators.entries()) {
    if (power > needed) break
    if (commit.signatures[index]!.blockIdFlag !== COMMIT) continue
    power += validator.votingPower
    counted.push({ index, validator })
  }
  if (power <= needed) throw errors.notEnoughVotingPower({ got: power, needed })
  verifyCounted(chainId, commit, counted, verifySignatures)
}

/**
 * More than `trustLevel` of `trusted` signed the commit. The set is another block's, so signatures are
 * matched by address; one validator counts once. Throws `07-tendermint/42`, `/43`, `/45`, `/47`, `/48`.
 */
export function verifyCommitLightTrusting(
  chainId: string,
  trusted: ValidatorSet,
  commit: Commit,
  trustLevel: TrustLevel,
  verifySignatures: VerifySignatures,
): void {
  const needed = (totalVotingPower(trusted) * trustLevel.numerator) / trustLevel.denominator
  const find = validatorFinder(trusted)
  const seen = new Map<string, number>()
  const counted: Counted[] = []
  let power = 0n
  commit.signatures.forEach((signature, index) => {
    if (signature.blockIdFlag !== COMMIT) return
    const validator = find(signature.validatorAddress, index)
    if (!validator) return
    const address = toHex(signature.validatorAddress)
    const first = seen.get(address)
    if (first !== undefined) throw errors.doubleVote({ first, second: index })
    seen.set(address, index)
    if (power > needed) return
    power += validator.votingPower
    counted.push({ index, validator })
  })
  if (power <= needed) throw errors.notEnoughTrust({ got: power, needed })
  verifyCounted(chainId, commit, counted, verifySignatures)
}

/** Looks first where the validator stands when the set didn't change. */
function validatorFinder(set: ValidatorSet): (address: Uint8Array, hint: number) => Validator | undefined {
  let byAddress: Map<string, Validator> | undefined
  return (address, hint) => {
    const hinted = set.validators[hint]
    if (hinted && equalBytes(hinted.address, address)) return hinted
    byAddress ??= new Map(
      [...set.validators].reverse().map((validator) => [toHex(validator.address), validator]),
    )
    return byAddress.get(toHex(address))
  }
}

function verifyCounted(
  chainId: string,
  commit: Commit,
  counted: readonly Counted[],
  verifySignatures: VerifySignatures,
): void {
  const signBytes = commitSignBytes(chainId, commit)
  const checks = counted.map(({ index, validator }) => {
    const { signature, timestamp } = commit.signatures[index]!
    const { type, bytes } = validatorKey(validator.pubKey)
    return { keyType: type, publicKey: bytes, message: signBytes(timestamp), signature }
  })
  const failed = verifySignatures(checks)
  if (failed !== undefined) throw errors.wrongSignature({ index: counted[failed]?.index ?? -1 })
}
