import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { assert, compareBytes } from '@causeway/primitives'
import { totalVotingPower } from './validator-set.ts'

const I64_MAX = (1n << 63n) - 1n
const I64_MIN = -(1n << 63n)

/**
 * The set after `times` rounds of CometBFT's weighted round robin; `proposer` is who proposes then. An empty
 * set is a bug of the caller.
 */
export function incrementProposerPriority(set: ValidatorSet, times: number): ValidatorSet {
  assert(times > 0, 'priorities advance by at least one round')
  assert(set.validators.length > 0, 'an empty set has no proposer')
  const total = totalVotingPower(set)
  let next = centrePriorities(rescalePriorities(set, 2n * total))
  for (let i = 0; i < times; i++) next = nextRound(next, total)
  return next
}

/** Divides all priorities so that the largest and the smallest lie no further apart than `distanceMax`. */
export function rescalePriorities(set: ValidatorSet, distanceMax: bigint): ValidatorSet {
  assert(set.validators.length > 0, 'an empty set has no priorities')
  if (distanceMax <= 0n) return set
  const distance = priorityDistance(set.validators)
  if (distance <= distanceMax) return set
  const ratio = (distance + distanceMax - 1n) / distanceMax
  return withPriorities(set, (validator) => validator.proposerPriority / ratio)
}

/** Moves all priorities so that they average zero. */
export function centrePriorities(set: ValidatorSet): ValidatorSet {
  assert(set.validators.length > 0, 'an empty set has no priorities')
  let sum = 0n
  for (const { proposerPriority } of set.validators) sum += proposerPriority
  // Go's big.Int.Div rounds towards −∞ for a positive divisor.
  const count = BigInt(set.validators.length)
  const average = sum < 0n ? -((-sum + count - 1n) / count) : sum / count
  return withPriorities(set, (validator) => clip(validator.proposerPriority - average))
}

/**
 * Who proposes: the set's own proposer, else the highest priority (the lower address where two are equal).
 */
export function proposerOf(set: ValidatorSet): Validator {
  return set.proposer ?? highestPriority(set.validators)
}

function nextRound(set: ValidatorSet, total: bigint): ValidatorSet {
  const raised = set.validators.map((validator) => ({
    ...validator,
    proposerPriority: clip(validator.proposerPriority + validator.votingPower),
  }))
  const proposer = highestPriority(raised)
  proposer.proposerPriority = clip(proposer.proposerPriority - total)
  return { ...set, validators: raised, proposer }
}

function highestPriority(validators: readonly Validator[]): Validator {
  const [first, ...rest] = validators
  assert(first, 'an empty set has no proposer')
  return rest.reduce((best, validator) => {
    if (validator.proposerPriority !== best.proposerPriority) {
      return validator.proposerPriority > best.proposerPriority ? validator : best
    }
    return compareBytes(validator.address, best.address) < 0 ? validator : best
  }, first)
}

function priorityDistance(validators: readonly Validator[]): bigint {
  let max = I64_MIN
  let min = I64_MAX
  for (const { proposerPriority } of validators) {
    if (proposerPriority > max) max = proposerPriority
    if (proposerPriority < min) min = proposerPriority
  }
  // The difference of two int64 wraps in Go.
  const difference = BigInt.asIntN(64, max - min)
  return difference < 0n ? -difference : difference
}

function withPriorities(set: ValidatorSet, priority: (validator: Validator) => bigint): ValidatorSet {
  return {
    ...set,
    validators: set.validators.map((validator) => ({ ...validator, proposerPriority: priority(validator) })),
  }
}

function clip(value: bigint): bigint {
  return value > I64_MAX ? I64_MAX : value < I64_MIN ? I64_MIN : value
}
