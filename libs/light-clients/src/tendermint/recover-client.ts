// What a vote does with a client: compares it with what voters were told, and replaces a dead one's state.
import type { Any } from '@causeway/protocol'
import { ClientState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { equalBytes } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../light-client.ts'
import { decodeClientState } from './client-message.ts'
import { completeClientState, validateClientState } from './client-state.ts'
import type { CompleteClientState } from './client-state.ts'
import {
  deleteConsensusState,
  heights,
  readClientState,
  readConsensusState,
  writeClientState,
  writeConsensusState,
} from './client-storage.ts'
import { errors } from './errors.ts'
import { ZERO_HEIGHT, heightText, revisionOf } from './heights.ts'

/**
 * What of a client is not as a client state says, apart from its latest height and whether it is frozen.
 * Throws `07-tendermint/26`, `/27`.
 */
export function differenceFrom(store: ClientStore, clientState: Any): string | undefined {
  const [stored, named] = [readClientState(store), completeClientState(decodeClientState(clientState))]
  if (stored.chainId !== named.chainId) return 'the chain id'
  if (!isSame(stored, named, 'trustingPeriod')) return 'the trusting period'
  return fixedDifference(stored, named)
}

/**
 * Gives a client the state of a substitute: only the latest height, the trusting period and the revision of
 * the chain id may differ, and the revision may only grow. Throws `07-tendermint/60`. Spec: ibc-go v10
 * 07-tendermint proposal_handle.go.
 *
 * DIFFERS FROM SPEC: ibc-go lets any other chain id pass.
 */
export function recoverClient(subject: ClientStore, substitute: ClientStore, context: ClientContext): void {
  const [old, adopted] = [readClientState(subject), readClientState(substitute)]
  const isLater = revisionOf(adopted.chainId) > revisionOf(old.chainId)
  const isSameChain = adopted.chainId === old.chainId || (isLater && nameOf(adopted) === nameOf(old))
  const what = isSameChain ? fixedDifference(old, adopted) : 'the chain id'
  if (what !== undefined) throw errors.substituteDiffers({ what })
  const consensus = readConsensusState(substitute, adopted.latestHeight)
  if (!consensus) throw errors.consensusStateNotFound({ height: heightText(adopted.latestHeight) })
  validateClientState(adopted)
  writeClientState(subject, adopted)
  writeConsensusState(subject, adopted.latestHeight, consensus, context)
}

/** Deletes consensus states: after misbehaviour none of them is above suspicion. True when none is left. */
export function forgetStates(store: ClientStore, max = Infinity): boolean {
  for (const height of heights(store, max)) deleteConsensusState(store, height)
  return heights(store, 1).length === 0
}

function fixedDifference(a: CompleteClientState, b: CompleteClientState): string | undefined {
  if (!isSame(a, b, 'trustLevel')) return 'the trust level'
  if (!isSame(a, b, 'unbondingPeriod')) return 'the unbonding period'
  if (!isSame(a, b, 'maxClockDrift')) return 'the clock drift'
  if (!isSame(a, b, 'proofSpecs')) return 'the proof specs'
  return equalBytes(fixedBytes(a), fixedBytes(b)) ? undefined : 'its state'
}

function isSame(
  a: CompleteClientState,
  b: CompleteClientState,
  member: 'trustLevel' | 'trustingPeriod' | 'unbondingPeriod' | 'maxClockDrift' | 'proofSpecs',
): boolean {
  const none = ClientState.fromPartial({})
  const only = (state: CompleteClientState) =>
    ClientState.encode({ ...none, [member]: state[member] }).finish()
  return equalBytes(only(a), only(b))
}

/** All that never changes, in its encoding. */
function fixedBytes(state: CompleteClientState): Uint8Array {
  const none = { seconds: 0n, nanos: 0 }
  const fixed = { ...state, chainId: '', trustingPeriod: none }
  return ClientState.encode({ ...fixed, latestHeight: ZERO_HEIGHT, frozenHeight: ZERO_HEIGHT }).finish()
}

/** A chain id without its revision. */
function nameOf({ chainId }: CompleteClientState): string {
  return chainId.slice(0, chainId.lastIndexOf('-'))
}
