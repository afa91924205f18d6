// What full nodes serve light clients. Spec: consensus-specs altair/light-client/full-node.md, with the later
// forks' generalised indices, which the state's type knows.
import { periodAt } from '../network.ts'
import type { BeaconNetwork } from '../network.ts'
import { stateBranch } from './make-block.ts'
import type { ChainBlock } from './make-block.ts'
import { types } from './ssz-types.ts'
import type { LightClientBootstrap, LightClientUpdate, SyncCommittee } from './ssz-types.ts'

/** An update, and the fork whose types its attested header has. */
export interface VersionedUpdate {
  readonly fork: ChainBlock['fork']
  readonly update: LightClientUpdate
}

/** Spec: `create_light_client_bootstrap`. */
export function lightClientBootstrap(block: ChainBlock, current: SyncCommittee): LightClientBootstrap {
  return {
    header: block.header,
    currentSyncCommittee: current,
    currentSyncCommitteeBranch: stateBranch(block, ['currentSyncCommittee']),
  }
}

/**
 * The update that `block` makes of its parent: the parent is attested by the signatures in the block. Spec:
 * `create_light_client_update`.
 */
export function lightClientUpdate(
  block: ChainBlock,
  attested: ChainBlock,
  finalized: ChainBlock | undefined,
  next: SyncCommittee,
): VersionedUpdate {
  const update = {
    attestedHeader: attested.header,
    nextSyncCommittee: next,
    nextSyncCommitteeBranch: stateBranch(attested, ['nextSyncCommittee']),
    finalizedHeader: finalized?.header ?? types.LightClientHeader.defaultValue(),
    finalityBranch: stateBranch(attested, ['finalizedCheckpoint', 'root']),
    syncAggregate: block.message.body.syncAggregate,
    signatureSlot: block.slot,
  }
  return { fork: attested.fork, update }
}

/**
 * Whether an update serves a period better than the one before it. Spec: altair `is_better_update`, as far as
 * updates of a committee that always signs as a whole can differ.
 */
export function isBetter(network: BeaconNetwork, next: LightClientUpdate, old: LightClientUpdate): boolean {
  const attestedIn = (update: LightClientUpdate) => periodAt(network, update.attestedHeader.beacon.slot)
  const rank = (update: LightClientUpdate) => {
    const isRelevant = attestedIn(update) === periodAt(network, update.signatureSlot)
    const finalizedSlot = update.finalizedHeader.beacon.slot
    const settlesCommittee = finalizedSlot > 0 && periodAt(network, finalizedSlot) === attestedIn(update)
    return Number(isRelevant) * 4 + Number(finalizedSlot > 0) * 2 + Number(settlesCommittee)
  }
  if (rank(next) !== rank(old)) return rank(next) > rank(old)
  return next.attestedHeader.beacon.slot < old.attestedHeader.beacon.slot
}
