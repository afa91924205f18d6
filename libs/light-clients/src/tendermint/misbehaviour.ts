import type {
  ConsensusState,
  Header,
  Misbehaviour,
} from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { equalBytes } from '@causeway/primitives'
import type { ClientStore } from '../light-client.ts'
import type { CompleteClientState } from './client-state.ts'
import { durationNanoseconds } from './durations.ts'
import { nextConsensusState, previousConsensusState, readConsensusState } from './client-storage.ts'
import { errors } from './errors.ts'
import {
  consensusStateOf,
  trustedValidatorsOf,
  validateHeaderMessage,
  type CheckedHeader,
} from './header-message.ts'
import { compareHeights, heightText, withRevision } from './heights.ts'
import type { VerifySignatures } from './signatures.ts'
import { toNanoseconds } from './timestamps.ts'
import { verifyCommitLight, verifyCommitLightTrusting } from './verify-commit.ts'

/* Spec: ibc-go v10 07-tendermint misbehaviour.go, misbehaviour_handle.go. */

const CLIENT_ID = /^[a-zA-Z0-9._+\-#[\]<>]{9,64}$/

/**
 * Checks that each of two headers would have convinced this client. Whether they conflict is
 * `provesMisbehaviour`'s question. Throws `07-tendermint/5`, `/11`, `/14`, `/21`, `/28` and what a bad header
 * throws.
 */
export function verifyMisbehaviour(
  store: ClientStore,
  client: CompleteClientState,
  misbehaviour: Misbehaviour,
  nowNanoseconds: bigint,
  verifySignatures: VerifySignatures,
): void {
  const { first, second } = checkedHeaders(misbehaviour)
  if (!CLIENT_ID.test(misbehaviour.clientId))
    throw errors.invalidMisbehaviour({ reason: 'the client id is malformed' })
  if (compareHeights(first.height, second.height) < 0) {
    throw errors.invalidMisbehaviour({ reason: 'the first header is below the second' })
  }
  for (const checked of [first, second]) {
    verifyCommitLight(checked.header.chainId, checked.validators, checked.commit, verifySignatures)
  }
  for (const [message, checked] of [
    [misbehaviour.header1!, first],
    [misbehaviour.header2!, second],
  ] as const) {
    verifyAgainstTrusted(store, client, message, checked, nowNanoseconds, verifySignatures)
  }
}

/**
 * Whether two verified headers conflict: different blocks at one height, or time that did not go on with the
 * height.
 */
export function provesMisbehaviour(misbehaviour: Misbehaviour): boolean {
  const { first, second } = checkedHeaders(misbehaviour)
  if (compareHeights(first.height, second.height) === 0) {
    return !equalBytes(first.commit.blockId!.hash, second.commit.blockId!.hash)
  }
  return toNanoseconds(first.header.time) <= toNanoseconds(second.header.time)
}

/**
 * Whether a verified header contradicts what the client has stored: another header at its height, or a time
 * that is not between its neighbours' times.
 */
export function contradictsStored(store: ClientStore, checked: CheckedHeader): boolean {
  const state = consensusStateOf(checked)
  const existing = readConsensusState(store, checked.height)
  if (existing) return !equalConsensusStates(existing, state)
  const time = toNanoseconds(state.timestamp)
  const previous = previousConsensusState(store, checked.height)
  if (previous && toNanoseconds(previous.timestamp) >= time) return true
  const next = nextConsensusState(store, checked.height)
  return next !== undefined && toNanoseconds(next.timestamp) <= time
}

function checkedHeaders({ header1, header2 }: Misbehaviour): { first: CheckedHeader; second: CheckedHeader } {
  const first = checkedHeader(header1)
  const second = checkedHeader(header2)
  if (first.header.chainId !== second.header.chainId) {
    throw errors.invalidMisbehaviour({ reason: 'the headers are of different chains' })
  }
  return { first, second }
}

function checkedHeader(message: Header | undefined): CheckedHeader {
  if (!message) throw errors.invalidMisbehaviour({ reason: 'a header is missing' })
  if ((message.trustedHeight?.revisionHeight ?? 0n) === 0n) {
    throw errors.invalidHeaderHeight({ reason: 'a trusted height is zero' })
  }
  if (!message.trustedValidators)
    throw errors.invalidValidatorSet({ reason: 'trusted validators are missing' })
  return validateHeaderMessage(message)
}

function verifyAgainstTrusted(
  store: ClientStore,
  client: CompleteClientState,
  message: Header,
  checked: CheckedHeader,
  nowNanoseconds: bigint,
  verifySignatures: VerifySignatures,
): void {
  const trusted = readConsensusState(store, checked.trustedHeight)
  if (!trusted) throw errors.consensusStateNotFound({ height: heightText(checked.trustedHeight) })
  const trustedValidators = trustedValidatorsOf(message, trusted)
  const expires = toNanoseconds(trusted.timestamp) + durationNanoseconds(client.trustingPeriod)
  if (nowNanoseconds >= expires) throw errors.trustingPeriodExpired({ expires, now: nowNanoseconds })
  const chainId = withRevision(client.chainId, checked.height.revisionNumber)
  verifyCommitLightTrusting(chainId, trustedValidators, checked.commit, client.trustLevel, verifySignatures)
}

function equalConsensusStates(a: ConsensusState, b: ConsensusState): boolean {
  return (
    toNanoseconds(a.timestamp) === toNanoseconds(b.timestamp) &&
    equalBytes(a.root?.hash ?? new Uint8Array(0), b.root?.hash ?? new Uint8Array(0)) &&
    equalBytes(a.nextValidatorsHash, b.nextValidatorsHash)
  )
}
