import type { Height } from '@causeway/protocol'
import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import type { LightClientHeader, LightClientUpdate } from '../consensus/containers.ts'
import type { ChainConfig } from '../consensus/forks.ts'
import { periodAt } from '../consensus/forks.ts'
import { chainConfigOf, nanosecondsOf, slotTimeNanoseconds } from './client-state.ts'
import {
  deleteCommittee,
  deleteConsensusState,
  hasCommittee,
  heightOfSlot,
  lowestPeriod,
  lowestSlot,
  readClientState,
  readConsensusState,
  readOptimisticHead,
  writeClientState,
  writeCommittee,
  writeConsensusState,
  writeOptimisticHead,
} from './client-storage.ts'
import type { Committees } from './committees.ts'
import { consensusStateOf, timestampNanoseconds } from './consensus-state.ts'
import { finalizesCommittee } from './misbehaviour.ts'

/**
 * Stores what a verified update without misbehaviour brings: its finalised state, the next committee once
 * that is settled, and its attested header as the optimistic head. The heights that it made provable.
 */
export function storeUpdate(
  store: ClientStore,
  committees: Committees,
  update: LightClientUpdate,
  context: ClientContext,
): Height[] {
  const client = readClientState(store)
  const config = chainConfigOf(client)
  const { finalizedHeader } = update
  const latestSlot = maxOf(client.latestSlot, finalizedHeader?.beacon.slot ?? 0n)
  storeCommittee(store, committees, config, update)
  storeHead(store, latestSlot, update.attestedHeader)
  if (!finalizedHeader) return []
  pruneExpired(store, client, config, context.timeNanoseconds)
  const { slot } = finalizedHeader.beacon
  if (!readConsensusState(store, slot)) {
    writeConsensusState(store, slot, consensusStateOf(finalizedHeader), context)
    if (latestSlot !== client.latestSlot) writeClientState(store, { ...client, latestSlot })
  }
  return [heightOfSlot(slot)]
}

function storeCommittee(
  store: ClientStore,
  committees: Committees,
  config: ChainConfig,
  update: LightClientUpdate,
): void {
  if (!finalizesCommittee(config, update)) return
  const period = periodAt(config, update.attestedHeader.beacon.slot) + 1n
  if (hasCommittee(store, period)) return
  writeCommittee(store, period, committees.stored(update.nextSyncCommittee!))
}

function storeHead(store: ClientStore, latestSlot: bigint, header: LightClientHeader): void {
  const { slot } = header.beacon
  const newest = maxOf(readOptimisticHead(store)?.slot ?? 0n, latestSlot)
  if (slot <= newest || !header.execution) return
  const { beaconRoot, stateRoot, timestampSeconds, blockNumber } = consensusStateOf(header)
  writeOptimisticHead(store, { slot, beaconRoot, stateRoot, timestampSeconds, blockNumber })
}

/**
 * An update removes the lowest consensus state when that has expired, and the lowest committee when its
 * period ended a trusting period ago: neither can serve anything any more. What is latest stays.
 */
function pruneExpired(
  store: ClientStore,
  client: ClientState,
  config: ChainConfig,
  nowNanoseconds: bigint,
): void {
  const trustingPeriod = nanosecondsOf(client.trustingPeriod)
  const slot = lowestSlot(store)
  const lowest = slot === undefined ? undefined : readConsensusState(store, slot)
  if (slot !== undefined && lowest && slot !== client.latestSlot) {
    if (timestampNanoseconds(lowest) + trustingPeriod <= nowNanoseconds) deleteConsensusState(store, slot)
  }
  const slotsPerPeriod = config.slotsPerEpoch * config.epochsPerSyncCommitteePeriod
  const period = lowestPeriod(store)
  if (period === undefined || period >= periodAt(config, client.latestSlot)) return
  const endNanoseconds = slotTimeNanoseconds(client, (period + 1n) * slotsPerPeriod)
  if (endNanoseconds + trustingPeriod <= nowNanoseconds) deleteCommittee(store, period)
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
