import { equalBytes } from '@causeway/primitives'
import type { ClientStore } from '../../light-client.ts'
import type { LightClientUpdate } from '../consensus/containers.ts'
import { isSyncCommitteeUpdate } from '../consensus/containers.ts'
import type { ChainConfig } from '../consensus/forks.ts'
import { periodAt } from '../consensus/forks.ts'
import { beaconBlockHeaderRoot, equalCommittees } from '../consensus/hash-tree-root.ts'
import { nextConsensusState, previousConsensusState, readConsensusState } from './client-storage.ts'
import { consensusStateOf, equalConsensusStates } from './consensus-state.ts'

/**
 * Whether two updates, each verified, can't both be of one chain: two headers final at one slot, or two
 * committees for one period, each of them final in the period that names it.
 */
export function provesMisbehaviour(
  config: ChainConfig,
  first: LightClientUpdate,
  second: LightClientUpdate,
): boolean {
  return finalizesTwoHeaders(first, second) || finalizesTwoCommittees(config, first, second)
}

/**
 * Whether a verified update contradicts what the client has stored: another header final at its slot, or a
 * time that is not between its neighbours' times.
 */
export function contradictsStored(store: ClientStore, update: LightClientUpdate): boolean {
  if (!update.finalizedHeader) return false
  const { slot } = update.finalizedHeader.beacon
  const state = consensusStateOf(update.finalizedHeader)
  const existing = readConsensusState(store, slot)
  if (existing) return !equalConsensusStates(existing, state)
  const previous = previousConsensusState(store, slot)
  if (previous && previous.timestampSeconds >= state.timestampSeconds) return true
  const next = nextConsensusState(store, slot)
  return next !== undefined && next.timestampSeconds <= state.timestampSeconds
}

/**
 * Whether an update's next committee is settled: the state that names it is in the period whose finality it
 * shows. Before that, an honest chain may still reorganise to another committee.
 */
export function finalizesCommittee(config: ChainConfig, update: LightClientUpdate): boolean {
  const { finalizedHeader, attestedHeader } = update
  if (!finalizedHeader || !isSyncCommitteeUpdate(update)) return false
  return periodAt(config, finalizedHeader.beacon.slot) === periodAt(config, attestedHeader.beacon.slot)
}

function finalizesTwoHeaders(first: LightClientUpdate, second: LightClientUpdate): boolean {
  const [a, b] = [first.finalizedHeader?.beacon, second.finalizedHeader?.beacon]
  if (!a || !b || a.slot !== b.slot) return false
  return !equalBytes(beaconBlockHeaderRoot(a), beaconBlockHeaderRoot(b))
}

function finalizesTwoCommittees(
  config: ChainConfig,
  first: LightClientUpdate,
  second: LightClientUpdate,
): boolean {
  if (!finalizesCommittee(config, first) || !finalizesCommittee(config, second)) return false
  const [a, b] = [first, second].map(({ attestedHeader }) => periodAt(config, attestedHeader.beacon.slot))
  return a === b && !equalCommittees(first.nextSyncCommittee!, second.nextSyncCommittee!)
}
