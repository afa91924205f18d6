import type { Duration } from '@causeway/protocol'
import type { ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type {
  ClientState,
  ConsensusState,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { utf8 } from '@causeway/primitives'
import { durationNanoseconds } from './durations.ts'
import { errors } from './errors.ts'
import { ZERO_HEIGHT, compareHeights, revisionOf } from './heights.ts'
import { ZERO_TIME, isValidTimestamp } from './timestamps.ts'
import { MAX_CHAIN_ID_LENGTH } from './validate-basic.ts'

const HASH_LENGTH = 32
const PROOF_SPECS_MAX = 8
const CHILDREN_MAX = 16

/** A client state whose embedded messages are all there, as gogoproto writes them. */
export type CompleteClientState = ClientState & {
  trustLevel: NonNullable<ClientState['trustLevel']>
  trustingPeriod: Duration
  unbondingPeriod: Duration
  maxClockDrift: Duration
  frozenHeight: NonNullable<ClientState['frozenHeight']>
  latestHeight: NonNullable<ClientState['latestHeight']>
}

/** Fills in the messages that Go never leaves out, so that what is stored has ibc-go's bytes. */
export function completeClientState(state: ClientState): CompleteClientState {
  const none: Duration = { seconds: 0n, nanos: 0 }
  return {
    ...state,
    trustLevel: state.trustLevel ?? { numerator: 0n, denominator: 0n },
    trustingPeriod: state.trustingPeriod ?? none,
    unbondingPeriod: state.unbondingPeriod ?? none,
    maxClockDrift: state.maxClockDrift ?? none,
    frozenHeight: state.frozenHeight ?? ZERO_HEIGHT,
    latestHeight: state.latestHeight ?? ZERO_HEIGHT,
  }
}

/** The same for a consensus state. */
export function completeConsensusState(state: ConsensusState): ConsensusState {
  return {
    ...state,
    timestamp: state.timestamp ?? ZERO_TIME,
    root: state.root ?? { hash: new Uint8Array(0) },
  }
}

/**
 * Checks a new client's state. Spec: ibc-go v10 07-tendermint `ClientState.Validate`, and that it is not
 * frozen and its proof specs can verify anything. Throws `07-tendermint/2`–`/5`, `/7`, `/13`, `/15`, `/24`.
 */
export function validateClientState(state: CompleteClientState): void {
  validateChainId(state.chainId)
  validateTrustLevel(state.trustLevel)
  validatePeriods(state)
  const { latestHeight } = state
  if (latestHeight.revisionNumber !== revisionOf(state.chainId)) {
    throw errors.invalidHeaderHeight({ reason: "the latest height's revision is not the chain id's" })
  }
  if (latestHeight.revisionHeight === 0n)
    throw errors.invalidHeaderHeight({ reason: 'the latest height is zero' })
  if (compareHeights(state.frozenHeight, ZERO_HEIGHT) !== 0) {
    throw errors.invalidClientState({ reason: 'a new client can not be frozen' })
  }
  if (state.proofSpecs.length === 0) throw errors.invalidProofSpecs({ reason: 'there are none' })
  if (state.proofSpecs.length > PROOF_SPECS_MAX)
    throw errors.invalidProofSpecs({ reason: 'there are too many' })
  state.proofSpecs.forEach(validateProofSpec)
  if (state.upgradePath.some((key) => key.trim() === '')) {
    throw errors.invalidClientState({ reason: 'a key of the upgrade path is empty' })
  }
}

/** Checks a consensus state from outside. Throws `07-tendermint/25`. */
export function validateConsensusState(state: ConsensusState): void {
  const fail = (reason: string) => errors.invalidConsensusState({ reason })
  if ((state.root?.hash.length ?? 0) === 0) throw fail('its root is empty')
  // DIFFERS FROM SPEC: ibc-go lets an empty hash pass here; no header could ever be verified against it.
  if (state.nextValidatorsHash.length !== HASH_LENGTH) throw fail('its next validators hash is not 32 bytes')
  if (!isValidTimestamp(state.timestamp) || (state.timestamp?.seconds ?? 0n) <= 0n) {
    throw fail('its time is not after 1970')
  }
}

function validateChainId(chainId: string): void {
  if (chainId.trim() === '') throw errors.invalidChainId({ reason: 'it is empty' })
  if (utf8(chainId).length > MAX_CHAIN_ID_LENGTH) throw errors.invalidChainId({ reason: 'it is too long' })
}

function validateTrustLevel({ numerator, denominator }: CompleteClientState['trustLevel']): void {
  if (denominator === 0n || numerator * 3n < denominator || numerator > denominator)
    throw errors.invalidTrustLevel()
}

function validatePeriods(state: CompleteClientState): void {
  const trusting = durationNanoseconds(state.trustingPeriod)
  const unbonding = durationNanoseconds(state.unbondingPeriod)
  if (trusting <= 0n) throw errors.invalidTrustingPeriod({ reason: 'it is not positive' })
  if (unbonding <= 0n) throw errors.invalidUnbondingPeriod({ reason: 'it is not positive' })
  if (durationNanoseconds(state.maxClockDrift) <= 0n) {
    throw errors.invalidMaxClockDrift({ reason: 'it is not positive' })
  }
  if (trusting >= unbonding) {
    throw errors.invalidTrustingPeriod({ reason: 'it is not below the unbonding period' })
  }
}

function validateProofSpec(spec: ProofSpec, index: number): void {
  const fail = (reason: string) => errors.invalidProofSpecs({ reason: `spec ${index}: ${reason}` })
  const { leafSpec, innerSpec } = spec
  if (!leafSpec || !innerSpec) throw fail('it lacks a leaf or an inner spec')
  const { childOrder } = innerSpec
  // Nodes of any tree in use have two children; a longer order only makes absence proofs dear to check.
  if (childOrder.length > CHILDREN_MAX) throw fail(`it has more than ${CHILDREN_MAX} children`)
  const isPermutation =
    childOrder.length > 0 && [...childOrder].sort((a, b) => a - b).every((branch, i) => branch === i)
  if (!isPermutation) throw fail('its child order is no permutation')
  if (innerSpec.childSize <= 0) throw fail('its child size is not positive')
  if (innerSpec.minPrefixLength < 0 || innerSpec.maxPrefixLength < innerSpec.minPrefixLength) {
    throw fail('its prefix lengths are no range')
  }
  if (spec.minDepth < 0 || spec.maxDepth < 0) throw fail('a depth is negative')
}
