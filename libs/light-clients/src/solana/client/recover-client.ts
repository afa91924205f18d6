// What a vote does with a client: compares it with what voters were told, and replaces a dead one's state.
import type { Any } from '@causeway/protocol'
import { ClientState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { equalBytes } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { errors } from '../errors.ts'
import {
  deleteConsensusState,
  deleteOptimisticHead,
  deleteValidatorSet,
  epochs,
  readClientState,
  readConsensusState,
  readValidatorSet,
  slots,
  trustedFromSeconds,
  writeClientState,
  writeConsensusState,
  writeValidatorSet,
} from './client-storage.ts'
import { decodeClientState } from './decode.ts'

/**
 * What of a client is not as a client state says, apart from how far it is and whether it is frozen. Throws
 * `solana/7`, `/8`.
 */
export function differenceFrom(store: ClientStore, clientState: Any): string | undefined {
  const [stored, named] = [readClientState(store), decodeClientState(clientState)]
  const what = fixedDifference(stored, named)
  if (what !== undefined) return what
  return equalBytes(bytesOf(stored), bytesOf(named)) ? undefined : 'the rules that may change'
}

/**
 * Gives a client the state of a substitute: how far it is, the trusting period, the restarts of the cluster,
 * and the consensus that it runs may differ; cluster, programs and accounts may not. Throws `solana/15`.
 */
export function recoverClient(subject: ClientStore, substitute: ClientStore, context: ClientContext): void {
  const [old, adopted] = [readClientState(subject), readClientState(substitute)]
  const what = fixedDifference(old, adopted)
  if (what !== undefined) throw errors.substituteDiffers({ what })
  const slot = adopted.latestSlot
  const consensus = readConsensusState(substitute, slot)
  if (!consensus) throw errors.consensusStateNotFound({ slot })
  for (const epoch of epochs(subject)) deleteValidatorSet(subject, epoch)
  deleteOptimisticHead(subject)
  writeClientState(subject, { ...adopted, isFrozen: false })
  writeConsensusState(subject, slot, consensus, context)
  for (const epoch of epochs(substitute)) {
    const [set, from] = [readValidatorSet(substitute, epoch), trustedFromSeconds(substitute, epoch)]
    if (set && from !== undefined) writeValidatorSet(subject, epoch, set, from)
  }
}

/** Deletes consensus states, the few validator sets and the head. True when none is left. */
export function forgetStates(store: ClientStore, max = Infinity): boolean {
  for (const slot of slots(store, max)) deleteConsensusState(store, slot)
  for (const epoch of epochs(store)) deleteValidatorSet(store, epoch)
  deleteOptimisticHead(store)
  return slots(store, 1).length === 0
}

function fixedDifference(a: ClientState, b: ClientState): string | undefined {
  if (!equalBytes(a.genesisHash, b.genesisHash)) return 'the cluster'
  if (!equalBytes(a.ibcProgram, b.ibcProgram) || !equalBytes(a.rootAccount, b.rootAccount))
    return 'the IBC program or its account'
  if (
    !equalBytes(a.recorderProgram, b.recorderProgram) ||
    !equalBytes(a.recorderAccount, b.recorderAccount)
  ) {
    return 'the recorder or its account'
  }
  return undefined
}

/** All but how far a client is, in its encoding. */
function bytesOf(state: ClientState): Uint8Array {
  const still = { ...state, latestSlot: 0n, latestEpoch: 0n, isFrozen: false }
  return ClientState.encode(still).finish()
}
