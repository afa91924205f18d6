import type { Height } from '@causeway/protocol'
import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import type { LightClientHeader, LightClientUpdate } from '../consensus/containers.ts'
import type { ChainConfig } from '../consensus/forks.ts'
import { periodAt } from '../consensus/forks.ts'
import { chainConfigOf, nanosecondsOf, slotTimeNanoseconds } from './client-state.ts'
import {
  deleteCommitteesBefore,
  deleteConsensusState,
  heightOfSlot,
  lowestSlot,
  readClientState,
  readCommitteeBytes,
  readConsensusState,
  readOptimisticHead,
  writeClientState,
  writeCommittee,
  writeConsensusState,
  writeOptimisticHead,
} from './client-storage.ts'
import { consensusStateOf, timestampNanoseconds } from './consensus-state.ts'
import { finalizesCommittee } from './misbehaviour.ts'

/**
 * Stores what a verified update without misbehaviour brings: its finalised state, the next committee once
 * that is settled, and its attested header as the optimistic head. The heights that it made provable.
 */
export function storeUpdate(store: ClientStore, update: LightClientUpdate, context: ClientContext): Height[] {
  const client = readClientState(store)
  const config = chainConfigOf(client)
  const { finalizedHeader } = update
  const latestSlot = maxOf(client.latestSlot, finalizedHeader?.beacon.slot ?? 0n)
  storeCommittee(store, config, update)
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

function storeCommittee(store: ClientStore, config: ChainConfig, update: LightClientUpdate): void {
  if (!finalizesCommittee(config, update)) return
  const period = periodAt(config, update.attestedHeader.beacon.slot) + 1n
  if (!readCommitteeBytes(store, period)) writeCommittee(store, period, update.nextSyncCommittee!)
}

function storeHead(store: ClientStore, latestSlot: bigint, header: LightClientHeader): void {
  const { slot } = header.beacon
  const newest = maxOf(readOptimisticHead(store)?.slot ?? 0n, latestSlot)
  if (slot <= newest || !header.execution) return
  const { beaconRoot, stateRoot, timestampSeconds, blockNumber } = consensusStateOf(header)
  writeOptimisticHead(store, { slot, beaconRoot, stateRoot, timestampSeconds, blockNumber })
}

/**
 * An update removes the lowest consensus state when that has expired, and committees of periods that ended a
 * trusting period ago: neither can serve anything any more. What is latest stays.
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
  let period = periodAt(config, client.latestSlot)
  const endsTrusted = (candidate: bigint) =>
    slotTimeNanoseconds(client, (candidate + 1n) * slotsPerPeriod) + trustingPeriod > nowNanoseconds
  while (period > 0n && endsTrusted(period - 1n) && readCommitteeBytes(store, period - 1n)) period--
  deleteCommitteesBefore(store, period)
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
