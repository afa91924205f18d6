import { errors } from '../errors.ts'
import type { VerifySyncAggregate } from '../bls/verify-sync-aggregate.ts'
import type { LightClientUpdate, SyncCommittee } from './containers.ts'
import { isFinalityUpdate, isSyncCommitteeUpdate, participantCount } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { forkAt, generalizedIndices, periodAt } from './forks.ts'
import {
  beaconBlockHeaderRoot,
  equalCommittees,
  syncCommitteeRoot,
  syncCommitteeSigningRoot,
} from './hash-tree-root.ts'
import { lightClientHeaderFault } from './light-client-header.ts'
import { ZERO_ROOT, isValidBranch } from './merkle-branch.ts'

/** What updates are judged against: the latest finalised slot, the committees of its period and the next. */
export interface TrustedState {
  readonly finalizedSlot: bigint
  readonly currentSyncCommittee: SyncCommittee
  readonly nextSyncCommittee: SyncCommittee | undefined
}

const GENESIS_SLOT = 0n

/**
 * Checks an update against what is trusted, in the specification's order. Throws `ethereum/20`–`/27`. Spec:
 * altair sync-protocol.md `validate_light_client_update`, with the later forks' changes.
 */
export function validateLightClientUpdate(
  config: ChainConfig,
  trusted: TrustedState,
  update: LightClientUpdate,
  currentSlot: bigint,
  verifySyncAggregate: VerifySyncAggregate,
): void {
  checkParticipation(config, update)
  checkAttestedHeader(config, update)
  checkSlots(update, currentSlot)
  checkPeriod(config, trusted, update)
  checkRelevance(config, trusted, update)
  checkFinality(config, update)
  checkNextSyncCommittee(config, update, knownNextCommittee(config, trusted, update))
  checkSignature(config, update, signingCommittee(config, trusted, update), verifySyncAggregate)
}

/**
 * Checks what an update proves by itself when the committee of its signature's period is known: all but
 * whether it is news. Throws `ethereum/20`–`/22`, `/25`–`/27`.
 */
export function validateUpdateProofs(
  config: ChainConfig,
  committee: SyncCommittee,
  update: LightClientUpdate,
  currentSlot: bigint,
  verifySyncAggregate: VerifySyncAggregate,
): void {
  checkParticipation(config, update)
  checkAttestedHeader(config, update)
  checkSlots(update, currentSlot)
  checkFinality(config, update)
  checkNextSyncCommittee(config, update, undefined)
  checkSignature(config, update, committee, verifySyncAggregate)
}

function checkParticipation(config: ChainConfig, update: LightClientUpdate): void {
  const participants = participantCount(update.syncAggregate)
  const needed = config.minSyncCommitteeParticipants
  if (participants < needed) throw errors.tooFewParticipants({ participants, needed })
}

function checkAttestedHeader(config: ChainConfig, update: LightClientUpdate): void {
  const reason = lightClientHeaderFault(config, update.attestedHeader)
  if (reason !== undefined) throw errors.invalidHeader({ which: 'attested', reason })
}

function checkSlots(update: LightClientUpdate, current: bigint): void {
  const signature = update.signatureSlot
  const attested = update.attestedHeader.beacon.slot
  const finalized = update.finalizedHeader?.beacon.slot ?? GENESIS_SLOT
  if (!(current >= signature && signature > attested && attested >= finalized)) {
    throw errors.wrongSlotOrder({ current, signature, attested, finalized })
  }
}

function checkPeriod(config: ChainConfig, trusted: TrustedState, update: LightClientUpdate): void {
  const store = periodAt(config, trusted.finalizedSlot)
  const signature = periodAt(config, update.signatureSlot)
  const isKnown = signature === store || (trusted.nextSyncCommittee !== undefined && signature === store + 1n)
  if (!isKnown) throw errors.skipsPeriod({ signature, store })
}

function checkRelevance(config: ChainConfig, trusted: TrustedState, update: LightClientUpdate): void {
  const attested = update.attestedHeader.beacon.slot
  const learnsCommittee =
    trusted.nextSyncCommittee === undefined &&
    isSyncCommitteeUpdate(update) &&
    periodAt(config, attested) === periodAt(config, trusted.finalizedSlot)
  if (attested > trusted.finalizedSlot || learnsCommittee) return
  throw errors.notRelevant({ attested, finalized: trusted.finalizedSlot })
}

function checkFinality(config: ChainConfig, update: LightClientUpdate): void {
  const { finalizedHeader, finalityBranch, attestedHeader } = update
  if (!isFinalityUpdate(update)) {
    if (finalizedHeader) throw errors.wrongFinality({ reason: 'a finalised header without a branch' })
    return
  }
  // The finalised checkpoint's root is zero until something after genesis is final.
  let root = ZERO_ROOT
  if (finalizedHeader) {
    if (finalizedHeader.beacon.slot === GENESIS_SLOT) {
      throw errors.wrongFinality({ reason: 'genesis is finalised by no header' })
    }
    const reason = lightClientHeaderFault(config, finalizedHeader)
    if (reason !== undefined) throw errors.invalidHeader({ which: 'finalised', reason })
    root = beaconBlockHeaderRoot(finalizedHeader.beacon)
  }
  const { beacon } = attestedHeader
  const index = generalizedIndices(forkAt(config, beacon.slot).name).finalizedRoot
  if (!isValidBranch(root, finalityBranch, index, beacon.stateRoot)) {
    throw errors.wrongFinality({ reason: "the branch does not lead to the attested state's root" })
  }
}

function knownNextCommittee(
  config: ChainConfig,
  trusted: TrustedState,
  update: LightClientUpdate,
): SyncCommittee | undefined {
  const attestedPeriod = periodAt(config, update.attestedHeader.beacon.slot)
  return attestedPeriod === periodAt(config, trusted.finalizedSlot) ? trusted.nextSyncCommittee : undefined
}

function checkNextSyncCommittee(
  config: ChainConfig,
  update: LightClientUpdate,
  known: SyncCommittee | undefined,
): void {
  const { nextSyncCommittee, nextSyncCommitteeBranch, attestedHeader } = update
  if (!isSyncCommitteeUpdate(update)) {
    if (nextSyncCommittee) throw errors.wrongNextSyncCommittee({ reason: 'a committee without a branch' })
    return
  }
  if (!nextSyncCommittee) throw errors.wrongNextSyncCommittee({ reason: 'a branch without a committee' })
  if (known && !equalCommittees(nextSyncCommittee, known)) {
    throw errors.wrongNextSyncCommittee({ reason: 'another one is known for that period' })
  }
  const { beacon } = attestedHeader
  const index = generalizedIndices(forkAt(config, beacon.slot).name).nextSyncCommittee
  if (
    !isValidBranch(syncCommitteeRoot(nextSyncCommittee), nextSyncCommitteeBranch, index, beacon.stateRoot)
  ) {
    throw errors.wrongNextSyncCommittee({ reason: "the branch does not lead to the attested state's root" })
  }
}

function signingCommittee(
  config: ChainConfig,
  trusted: TrustedState,
  update: LightClientUpdate,
): SyncCommittee {
  const isCurrent = periodAt(config, update.signatureSlot) === periodAt(config, trusted.finalizedSlot)
  return isCurrent ? trusted.currentSyncCommittee : trusted.nextSyncCommittee!
}

function checkSignature(
  config: ChainConfig,
  update: LightClientUpdate,
  committee: SyncCommittee,
  verifySyncAggregate: VerifySyncAggregate,
): void {
  // The version is that of the slot before: a committee signs the head of the slot it ends.
  const slot = update.signatureSlot > 0n ? update.signatureSlot - 1n : 0n
  const { version } = forkAt(config, slot)
  const { genesisValidatorsRoot } = config
  const signingRoot = syncCommitteeSigningRoot(update.attestedHeader.beacon, version, genesisValidatorsRoot)
  if (!verifySyncAggregate(committee, update.syncAggregate, signingRoot)) throw errors.wrongSignature()
}
