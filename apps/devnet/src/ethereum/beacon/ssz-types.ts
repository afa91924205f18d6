import { setHasher } from '@chainsafe/persistent-merkle-tree'
import { hasher } from '@chainsafe/persistent-merkle-tree/hasher/hashtree'
import { ssz } from '@lodestar/types'
import type { ValueOf } from '@chainsafe/ssz'

/** Forks whose blocks the devnet makes. */
export type ForkName = 'electra' | 'fulu'

/*
 * Values of the consensus specification's types, which Electra and Fulu share: Fulu's state has one field
 * more, and nobody looks at it here.
 */

/** A beacon block. */
export type BeaconBlock = ValueOf<typeof ssz.electra.BeaconBlock>
/** An execution payload: what a beacon block carries of an execution block. */
export type ExecutionPayload = ValueOf<typeof ssz.electra.ExecutionPayload>
/** What a light client sees of a block. */
export type LightClientHeader = ValueOf<typeof ssz.electra.LightClientHeader>
/** From where a light client starts. */
export type LightClientBootstrap = ValueOf<typeof ssz.electra.LightClientBootstrap>
/** One step of a light client. */
export type LightClientUpdate = ValueOf<typeof ssz.electra.LightClientUpdate>
/** Keys of one period's committee. */
export type SyncCommittee = ValueOf<typeof ssz.electra.SyncCommittee>
/** Who of a committee signed, and the aggregate signature. */
export type SyncAggregate = ValueOf<typeof ssz.electra.SyncAggregate>

// The native one hashes a state ten times as fast as the default
setHasher(hasher)

/** The state type of a fork. */
export function stateType(fork: ForkName): typeof ssz.electra.BeaconState {
  return ssz[fork].BeaconState as typeof ssz.electra.BeaconState
}

/** The block type of a fork. */
export function blockType(fork: ForkName): typeof ssz.electra.BeaconBlock {
  return ssz[fork].BeaconBlock as typeof ssz.electra.BeaconBlock
}

/** Types that are the same in all of the devnet's forks. */
export const types = ssz.electra
