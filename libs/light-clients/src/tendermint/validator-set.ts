import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { PublicKey } from '@causeway/protocol/tendermint/crypto/keys'
import { compareBytes, equalBytes } from '@causeway/primitives'
import { errors } from './errors.ts'
import { validatorAddress } from './keys.ts'

/** The most that a set's powers may add up to, so that priorities never overflow an int64. */
export const MAX_TOTAL_VOTING_POWER = ((1n << 63n) - 1n) / 8n

/** A validator with the address of its key. Throws `07-tendermint/47`. */
export function newValidator(pubKey: PublicKey, votingPower: bigint): Validator {
  return { address: validatorAddress(pubKey), pubKey, votingPower, proposerPriority: 0n }
}

/** Sum of all powers; recomputed, never taken from a peer. Throws `07-tendermint/48`, `/51`. */
export function totalVotingPower(set: ValidatorSet): bigint {
  let sum = 0n
  for (const { votingPower } of set.validators) {
    if (votingPower < 0n) throw errors.negativePower()
    sum += votingPower
    if (sum > MAX_TOTAL_VOTING_POWER) throw errors.votingPowerOverflow()
  }
  return sum
}

/** The consensus order: power descending, then address ascending. A new array. */
export function sortValidators(validators: readonly Validator[]): Validator[] {
  return [...validators].sort((a, b) =>
    a.votingPower === b.votingPower
      ? compareBytes(a.address, b.address)
      : a.votingPower > b.votingPower
        ? -1
        : 1,
  )
}

/** Position of the validator with this address, −1 when there is none. */
export function validatorIndex(set: ValidatorSet, address: Uint8Array): number {
  return set.validators.findIndex((validator) => equalBytes(validator.address, address))
}
