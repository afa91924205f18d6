import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { assert, compareBytes, equalBytes, toHex } from '@causeway/primitives'
import { errors } from './errors.ts'
import { centrePriorities, incrementProposerPriority, rescalePriorities } from './proposer-priority.ts'
import { MAX_TOTAL_VOTING_POWER, sortValidators, totalVotingPower } from './validator-set.ts'

/*
 * How CometBFT changes a validator set between blocks (types/validator_set.go, v0.38). The order of steps
 * decides proposer priorities and with them who proposes, so every node must do it alike.
 */

/**
 * The first set of a chain: ordered, with the first proposer chosen. Throws `07-tendermint/48`, `/50`–`/54`
 * for validators that make no set.
 */
export function createValidatorSet(validators: readonly Validator[]): ValidatorSet {
  const empty: ValidatorSet = { validators: [], proposer: undefined, totalVotingPower: 0n }
  if (validators.length === 0) return empty
  return incrementProposerPriority(applyChanges(empty, validators, false), 1)
}

/**
 * The set after validators were added, changed or (power 0) removed. The proposer stays as it was: the engine
 * increments priorities next. Throws `07-tendermint/48`, `/50`–`/53`; then nothing changes.
 */
export function updateValidatorSet(set: ValidatorSet, changes: readonly Validator[]): ValidatorSet {
  return changes.length === 0 ? set : applyChanges(set, changes, true)
}

function applyChanges(
  set: ValidatorSet,
  changes: readonly Validator[],
  allowRemovals: boolean,
): ValidatorSet {
  const { updates, removals } = splitChanges(changes)
  if (!allowRemovals && removals.length > 0) throw errors.removalNotAllowed()
  const existing = new Map(set.validators.map((validator) => [toHex(validator.address), validator]))
  const added = updates.filter((update) => !existing.has(toHex(update.address)))
  if (added.length === 0 && set.validators.length === removals.length) throw errors.emptySet()

  const removedPower = powerToRemove(removals, existing)
  const powerBeforeRemovals = powerAfterUpdates(set, updates, existing, removedPower)
  // A newcomer starts at −1.125 of the total, so that unbonding and bonding again is no way to a better
  // priority.
  const startPriority = -(powerBeforeRemovals + (powerBeforeRemovals >> 3n))

  const merged = new Map(existing)
  for (const update of updates) {
    const key = toHex(update.address)
    merged.set(key, { ...update, proposerPriority: existing.get(key)?.proposerPriority ?? startPriority })
  }
  for (const removal of removals) merged.delete(toHex(removal.address))

  const changed: ValidatorSet = {
    ...set,
    validators: sortValidators([...merged.values()]),
    totalVotingPower: 0n,
  }
  const total = totalVotingPower(changed)
  return centrePriorities(rescalePriorities(changed, 2n * total))
}

function splitChanges(changes: readonly Validator[]): { updates: Validator[]; removals: Validator[] } {
  const sorted = [...changes].sort((a, b) => compareBytes(a.address, b.address))
  const updates: Validator[] = []
  const removals: Validator[] = []
  sorted.forEach((change, i) => {
    const previous = sorted[i - 1]
    if (previous && equalBytes(previous.address, change.address)) throw errors.duplicateChange()
    if (change.votingPower < 0n) throw errors.negativePower()
    if (change.votingPower > MAX_TOTAL_VOTING_POWER) throw errors.votingPowerOverflow()
    if (change.votingPower === 0n) removals.push(change)
    else updates.push(change)
  })
  return { updates, removals }
}

function powerToRemove(removals: readonly Validator[], existing: ReadonlyMap<string, Validator>): bigint {
  let power = 0n
  for (const removal of removals) {
    const validator = existing.get(toHex(removal.address))
    if (!validator) throw errors.unknownValidator()
    power += validator.votingPower
  }
  return power
}

/** The total with the updates and without the removals; the total with both must stay within the limit. */
function powerAfterUpdates(
  set: ValidatorSet,
  updates: readonly Validator[],
  existing: ReadonlyMap<string, Validator>,
  removedPower: bigint,
): bigint {
  let total = totalVotingPower(set) - removedPower
  // CometBFT adds the smallest differences first and stops at the first excess: the final sum decides.
  for (const update of updates) {
    total += update.votingPower - (existing.get(toHex(update.address))?.votingPower ?? 0n)
  }
  if (total > MAX_TOTAL_VOTING_POWER) throw errors.votingPowerOverflow()
  assert(total >= 0n, 'powers are never negative')
  return total + removedPower
}
