import { assert } from '@causeway/primitives'
import type { VerifySyncAggregate } from '../bls/verify-sync-aggregate.ts'
import { isBetterUpdate } from './better-update.ts'
import { validateLightClientBootstrap } from './bootstrap.ts'
import type {
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  SyncCommittee,
} from './containers.ts'
import { isFinalityUpdate, isSyncCommitteeUpdate, participantCount } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { periodAt } from './forks.ts'
import { validateLightClientUpdate } from './validate-update.ts'

/**
 * State of a light client as the specification has it, never written to: each step gives a new one. The
 * ICS-02 client keeps another, which forces nothing; on this one the specification's own tests are run.
 */
export interface LightClientStore {
  readonly finalizedHeader: LightClientHeader
  readonly optimisticHeader: LightClientHeader
  readonly currentSyncCommittee: SyncCommittee
  readonly nextSyncCommittee: SyncCommittee | undefined
  readonly bestValidUpdate: LightClientUpdate | undefined
  readonly previousMaxActiveParticipants: number
  readonly currentMaxActiveParticipants: number
}

/**
 * A store that starts from a trusted block. Throws `ethereum/21`, `/28`. Spec:
 * `initialize_light_client_store`.
 */
export function initializeLightClientStore(
  config: ChainConfig,
  trustedBlockRoot: Uint8Array,
  bootstrap: LightClientBootstrap,
): LightClientStore {
  validateLightClientBootstrap(config, trustedBlockRoot, bootstrap)
  return {
    finalizedHeader: bootstrap.header,
    optimisticHeader: bootstrap.header,
    currentSyncCommittee: bootstrap.currentSyncCommittee,
    nextSyncCommittee: undefined,
    bestValidUpdate: undefined,
    previousMaxActiveParticipants: 0,
    currentMaxActiveParticipants: 0,
  }
}

/**
 * The store after an update. Throws what `validateLightClientUpdate` throws. Spec:
 * `process_light_client_update`.
 */
export function processLightClientUpdate(
  config: ChainConfig,
  store: LightClientStore,
  update: LightClientUpdate,
  currentSlot: bigint,
  verifySyncAggregate: VerifySyncAggregate,
): LightClientStore {
  const { currentSyncCommittee, nextSyncCommittee, bestValidUpdate } = store
  const finalizedSlot = slotOf(store.finalizedHeader)
  const trusted = { finalizedSlot, currentSyncCommittee, nextSyncCommittee }
  validateLightClientUpdate(config, trusted, update, currentSlot, verifySyncAggregate)
  const participants = participantCount(update.syncAggregate)
  const isBest = !bestValidUpdate || isBetterUpdate(config, update, bestValidUpdate)
  const currentMax = Math.max(store.currentMaxActiveParticipants, participants)
  const safetyThreshold = Math.floor(Math.max(store.previousMaxActiveParticipants, currentMax) / 2)
  const isNewHead = slotOf(update.attestedHeader) > slotOf(store.optimisticHeader)
  const next: LightClientStore = {
    ...store,
    bestValidUpdate: isBest ? update : bestValidUpdate,
    currentMaxActiveParticipants: currentMax,
    optimisticHeader:
      participants > safetyThreshold && isNewHead ? update.attestedHeader : store.optimisticHeader,
  }
  const hasSupermajority = participants * 3 >= config.syncCommitteeSize * 2
  const isNews =
    slotOf(update.finalizedHeader) > finalizedSlot || finalizesNextCommittee(config, store, update)
  if (!hasSupermajority || !isNews) return next
  return { ...applyLightClientUpdate(config, next, update), bestValidUpdate: undefined }
}

/**
 * The store after the best update seen so far is applied though nothing final came for a whole period. Spec:
 * `process_light_client_store_force_update`.
 */
export function forceLightClientUpdate(
  config: ChainConfig,
  store: LightClientStore,
  currentSlot: bigint,
): LightClientStore {
  const update = store.bestValidUpdate
  const finalizedSlot = slotOf(store.finalizedHeader)
  const timeoutSlots = config.slotsPerEpoch * config.epochsPerSyncCommitteePeriod
  if (!update || currentSlot <= finalizedSlot + timeoutSlots) return store
  const isOld = slotOf(update.finalizedHeader) <= finalizedSlot
  const forced = isOld ? { ...update, finalizedHeader: update.attestedHeader } : update
  return { ...applyLightClientUpdate(config, store, forced), bestValidUpdate: undefined }
}

/** Spec: `apply_light_client_update`. */
function applyLightClientUpdate(
  config: ChainConfig,
  store: LightClientStore,
  update: LightClientUpdate,
): LightClientStore {
  const finalizedSlot = slotOf(store.finalizedHeader)
  const rotated = rotateCommittees(config, store, update)
  const { finalizedHeader } = update
  if (!finalizedHeader || slotOf(finalizedHeader) <= finalizedSlot) return rotated
  const isHead = slotOf(finalizedHeader) > slotOf(store.optimisticHeader)
  return { ...rotated, finalizedHeader, optimisticHeader: isHead ? finalizedHeader : store.optimisticHeader }
}

function rotateCommittees(
  config: ChainConfig,
  store: LightClientStore,
  update: LightClientUpdate,
): LightClientStore {
  const storePeriod = periodAt(config, slotOf(store.finalizedHeader))
  const finalizedPeriod = periodAt(config, slotOf(update.finalizedHeader))
  if (!store.nextSyncCommittee) {
    assert(finalizedPeriod === storePeriod, 'only the current committee signs while the next is unknown')
    return { ...store, nextSyncCommittee: update.nextSyncCommittee }
  }
  if (finalizedPeriod !== storePeriod + 1n) return store
  return {
    ...store,
    currentSyncCommittee: store.nextSyncCommittee,
    nextSyncCommittee: update.nextSyncCommittee,
    previousMaxActiveParticipants: store.currentMaxActiveParticipants,
    currentMaxActiveParticipants: 0,
  }
}

function finalizesNextCommittee(
  config: ChainConfig,
  store: LightClientStore,
  update: LightClientUpdate,
): boolean {
  return (
    store.nextSyncCommittee === undefined &&
    isSyncCommitteeUpdate(update) &&
    isFinalityUpdate(update) &&
    periodAt(config, slotOf(update.finalizedHeader)) === periodAt(config, slotOf(update.attestedHeader))
  )
}

function slotOf(header: LightClientHeader | undefined): bigint {
  return header?.beacon.slot ?? 0n
}
