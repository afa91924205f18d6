import { concatBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type {
  LightClientBootstrap,
  LightClientHeader,
  LightClientUpdate,
  SyncAggregate,
  SyncCommittee,
} from './containers.ts'
import type { ForkName, Preset } from './forks.ts'
import { depthOf, generalizedIndices } from './forks.ts'
import { isZero } from './merkle-branch.ts'
import type { Layout } from './ssz-container.ts'
import { joinContainer, splitContainer, uintBytes, uintOf } from './ssz-container.ts'
import {
  decodeBranch,
  decodeLightClientHeader,
  encodeBranch,
  encodeLightClientHeader,
  lightClientHeaderSize,
} from './ssz-header.ts'

/** Which of the protocol's three updates bytes hold; names are the specification's. */
export type UpdateKind = 'LightClientUpdate' | 'LightClientFinalityUpdate' | 'LightClientOptimisticUpdate'

/** What the size of the containers depends on. */
export type CommitteeSize = Pick<Preset, 'syncCommitteeSize'>

const KEY_BYTES = 48
const SIGNATURE_BYTES = 96

/** Reads a bootstrap of a fork. Throws `ethereum/30`. */
export function decodeLightClientBootstrap(
  bytes: Uint8Array,
  fork: ForkName,
  size: CommitteeSize,
): LightClientBootstrap {
  const [header, committee, branch] = splitContainer(
    'LightClientBootstrap',
    bytes,
    bootstrapLayout(fork, size),
  )
  return {
    header: requireHeader(header!, fork),
    currentSyncCommittee: decodeSyncCommittee(committee!),
    currentSyncCommitteeBranch: decodeBranch(branch!),
  }
}

/** Writes a bootstrap of a fork. */
export function encodeLightClientBootstrap(
  bootstrap: LightClientBootstrap,
  fork: ForkName,
  size: CommitteeSize,
): Uint8Array {
  return joinContainer(bootstrapLayout(fork, size), [
    encodeLightClientHeader(bootstrap.header, fork),
    encodeSyncCommittee(bootstrap.currentSyncCommittee),
    encodeBranch(
      bootstrap.currentSyncCommitteeBranch,
      depthOf(generalizedIndices(fork).currentSyncCommittee),
    ),
  ])
}

/** Reads an update of a fork. Throws `ethereum/30`. */
export function decodeLightClientUpdate(
  kind: UpdateKind,
  bytes: Uint8Array,
  fork: ForkName,
  size: CommitteeSize,
): LightClientUpdate {
  const layout = updateLayout(fork, size)
  const split = splitContainer(
    kind,
    bytes,
    FIELDS[kind].map((name) => layout[name]),
  )
  const field = (name: FieldName) => split[FIELDS[kind].indexOf(name)]
  const [committee, committeeBranch] = [field('nextSyncCommittee'), field('nextSyncCommitteeBranch')]
  const [finalized, finalityBranch] = [field('finalizedHeader'), field('finalityBranch')]
  return {
    attestedHeader: requireHeader(field('attestedHeader')!, fork),
    nextSyncCommittee: committee && !isZero(committee) ? decodeSyncCommittee(committee) : undefined,
    nextSyncCommitteeBranch: committeeBranch ? decodeBranch(committeeBranch) : [],
    finalizedHeader: finalized && decodeLightClientHeader(finalized, fork),
    finalityBranch: finalityBranch ? decodeBranch(finalityBranch) : [],
    syncAggregate: decodeSyncAggregate(field('syncAggregate')!),
    signatureSlot: uintOf(field('signatureSlot')!),
  }
}

/** Writes an update of a fork. */
export function encodeLightClientUpdate(
  kind: UpdateKind,
  update: LightClientUpdate,
  fork: ForkName,
  size: CommitteeSize,
): Uint8Array {
  const layout = updateLayout(fork, size)
  const indices = generalizedIndices(fork)
  const fields: Record<FieldName, Uint8Array> = {
    attestedHeader: encodeLightClientHeader(update.attestedHeader, fork),
    nextSyncCommittee: update.nextSyncCommittee
      ? encodeSyncCommittee(update.nextSyncCommittee)
      : new Uint8Array(committeeBytes(size)),
    nextSyncCommitteeBranch: encodeBranch(update.nextSyncCommitteeBranch, depthOf(indices.nextSyncCommittee)),
    finalizedHeader: encodeLightClientHeader(update.finalizedHeader, fork),
    finalityBranch: encodeBranch(update.finalityBranch, depthOf(indices.finalizedRoot)),
    syncAggregate: concatBytes(
      update.syncAggregate.syncCommitteeBits,
      update.syncAggregate.syncCommitteeSignature,
    ),
    signatureSlot: uintBytes(update.signatureSlot, 8),
  }
  return joinContainer(
    FIELDS[kind].map((name) => layout[name]),
    FIELDS[kind].map((name) => fields[name]),
  )
}

/** Reads a sync committee: its keys one after the other, then the aggregate. */
export function decodeSyncCommittee(bytes: Uint8Array): SyncCommittee {
  const end = bytes.length - KEY_BYTES
  return { pubkeys: bytes.subarray(0, end), aggregatePubkey: bytes.subarray(end) }
}

/** Writes a sync committee. */
export function encodeSyncCommittee({ pubkeys, aggregatePubkey }: SyncCommittee): Uint8Array {
  return concatBytes(pubkeys, aggregatePubkey)
}

/** Bytes of a sync committee. */
export function committeeBytes({ syncCommitteeSize }: CommitteeSize): number {
  return (syncCommitteeSize + 1) * KEY_BYTES
}

type FieldName = keyof LightClientUpdate

const FIELDS: Readonly<Record<UpdateKind, readonly FieldName[]>> = {
  LightClientUpdate: [
    'attestedHeader',
    'nextSyncCommittee',
    'nextSyncCommitteeBranch',
    'finalizedHeader',
    'finalityBranch',
    'syncAggregate',
    'signatureSlot',
  ],
  LightClientFinalityUpdate: [
    'attestedHeader',
    'finalizedHeader',
    'finalityBranch',
    'syncAggregate',
    'signatureSlot',
  ],
  LightClientOptimisticUpdate: ['attestedHeader', 'syncAggregate', 'signatureSlot'],
}

function updateLayout(fork: ForkName, size: CommitteeSize): Record<FieldName, Layout[number]> {
  const { nextSyncCommittee, finalizedRoot } = generalizedIndices(fork)
  const header = lightClientHeaderSize(fork)
  return {
    attestedHeader: header,
    nextSyncCommittee: committeeBytes(size),
    nextSyncCommitteeBranch: depthOf(nextSyncCommittee) * 32,
    finalizedHeader: header,
    finalityBranch: depthOf(finalizedRoot) * 32,
    syncAggregate: size.syncCommitteeSize / 8 + SIGNATURE_BYTES,
    signatureSlot: 8,
  }
}

function bootstrapLayout(fork: ForkName, size: CommitteeSize): Layout {
  const { currentSyncCommittee } = generalizedIndices(fork)
  return [lightClientHeaderSize(fork), committeeBytes(size), depthOf(currentSyncCommittee) * 32]
}

function decodeSyncAggregate(bytes: Uint8Array): SyncAggregate {
  const end = bytes.length - SIGNATURE_BYTES
  return { syncCommitteeBits: bytes.subarray(0, end), syncCommitteeSignature: bytes.subarray(end) }
}

function requireHeader(bytes: Uint8Array, fork: ForkName): LightClientHeader {
  const header = decodeLightClientHeader(bytes, fork)
  if (!header) throw errors.badSsz({ what: 'LightClientHeader', reason: 'it is the default value' })
  return header
}
