// What a vote does with a client: compares it with what voters were told, tells it of forks to come, and
// replaces a dead one's state.
import type { Any } from '@causeway/protocol'
import type { Fork } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { equalBytes } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { epochAt, periodAt } from '../consensus/forks.ts'
import { errors } from '../errors.ts'
import { chainConfigOf, nanosecondsOf, validateClientState } from './client-state.ts'
import {
  deleteCommittee,
  deleteConsensusState,
  deleteOptimisticHead,
  periods,
  readClientState,
  readCommitteeBytes,
  readConsensusState,
  slots,
  writeClientState,
  writeCommittee,
  writeConsensusState,
} from './client-storage.ts'
import { decodeClientState } from './decode.ts'

/**
 * What of a client is not as a client state says, apart from its latest slot and whether it is frozen. Throws
 * `ethereum/7`, `/8`.
 */
export function differenceFrom(store: ClientStore, clientState: Any): string | undefined {
  const [stored, named] = [readClientState(store), decodeClientState(clientState)]
  if (nanosecondsOf(stored.trustingPeriod) !== nanosecondsOf(named.trustingPeriod))
    return 'the trusting period'
  if (!areSameForks(stored.forks, named.forks)) return 'the forks'
  return fixedDifference(stored, named)
}

/**
 * Gives a client the state of a substitute: only the latest slot, the trusting period and forks that did not
 * hold yet at the latest slot that the client knows may differ. Throws `ethereum/17`.
 */
export function recoverClient(subject: ClientStore, substitute: ClientStore, context: ClientContext): void {
  const [old, adopted] = [readClientState(subject), readClientState(substitute)]
  const latest = latestEpoch(old)
  const isSameHistory = areSameForks(forksUntil(old, latest), forksUntil(adopted, latest))
  const what = isSameHistory ? fixedDifference(old, adopted) : 'the forks'
  if (what !== undefined) throw errors.substituteDiffers({ what })
  const slot = adopted.latestSlot
  const consensus = readConsensusState(substitute, slot)
  if (!consensus) throw errors.consensusStateNotFound({ slot })
  writeClientState(subject, { ...adopted, isFrozen: false })
  writeConsensusState(subject, slot, consensus, context)
  const period = periodAt(chainConfigOf(adopted), slot)
  for (const each of [period, period + 1n]) {
    const committee = readCommitteeBytes(substitute, each)
    if (committee) writeCommittee(subject, each, committee)
  }
}

/**
 * Names the forks after what is final, instead of those that were named before. Throws `ethereum/5`,
 * `ethereum/18`.
 */
export function extendForks(store: ClientStore, forks: readonly Fork[]): void {
  const client = readClientState(store)
  const latest = latestEpoch(client)
  for (const { epoch } of forks) if (epoch <= latest) throw errors.forkNotAhead({ epoch, latest })
  const extended = { ...client, forks: [...forksUntil(client, latest), ...forks] }
  validateClientState(extended)
  writeClientState(store, extended)
}

/**
 * Deletes consensus states, the few committees and the head: after misbehaviour none is above suspicion. True
 * when none is left.
 */
export function forgetStates(store: ClientStore, max = Infinity): boolean {
  for (const slot of slots(store, max)) deleteConsensusState(store, slot)
  for (const period of periods(store)) deleteCommittee(store, period)
  deleteOptimisticHead(store)
  return slots(store, 1).length === 0
}

/** Epoch of the latest slot that is final for a client. */
function latestEpoch(client: ClientState): bigint {
  return epochAt(chainConfigOf(client), client.latestSlot)
}

function forksUntil({ forks }: ClientState, last: bigint): Fork[] {
  return forks.filter(({ epoch }) => epoch <= last)
}

function areSameForks(a: readonly Fork[], b: readonly Fork[]): boolean {
  return a.length === b.length && a.every((fork, i) => isSameFork(fork, b[i]!))
}

function isSameFork(a: Fork, b: Fork): boolean {
  return a.name === b.name && a.epoch === b.epoch && equalBytes(a.version, b.version)
}

function fixedDifference(a: ClientState, b: ClientState): string | undefined {
  if (a.chainId !== b.chainId) return 'the chain id'
  if (!equalBytes(a.genesisValidatorsRoot, b.genesisValidatorsRoot)) return 'the genesis validators root'
  if (!equalBytes(a.ibcContractAddress, b.ibcContractAddress)) return 'the IBC contract'
  return equalBytes(fixedBytes(a), fixedBytes(b)) ? undefined : 'its state'
}

/** All that never changes, in its encoding. */
function fixedBytes(state: ClientState): Uint8Array {
  const fixed = { ...state, forks: [], trustingPeriod: undefined, latestSlot: 0n, isFrozen: false }
  return ClientState.encode(fixed).finish()
}
