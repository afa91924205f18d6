import { equalBytes } from '@causeway/primitives'
import { errors } from '../errors.ts'
import type { LightClientBootstrap } from './containers.ts'
import type { ChainConfig } from './forks.ts'
import { forkAt, generalizedIndices } from './forks.ts'
import { beaconBlockHeaderRoot, syncCommitteeRoot } from './hash-tree-root.ts'
import { lightClientHeaderFault } from './light-client-header.ts'
import { isValidBranch } from './merkle-branch.ts'

/**
 * Checks a bootstrap against the root of a block that is trusted. Throws `ethereum/21`, `/28`. Spec: altair
 * `initialize_light_client_store`.
 */
export function validateLightClientBootstrap(
  config: ChainConfig,
  trustedBlockRoot: Uint8Array,
  bootstrap: LightClientBootstrap,
): void {
  const { header, currentSyncCommittee, currentSyncCommitteeBranch } = bootstrap
  const { beacon } = header
  const reason = lightClientHeaderFault(config, header)
  if (reason !== undefined) throw errors.invalidHeader({ which: 'bootstrap', reason })
  if (!equalBytes(beaconBlockHeaderRoot(beacon), trustedBlockRoot)) {
    throw errors.wrongBootstrap({ reason: 'the header is not the trusted block' })
  }
  const root = syncCommitteeRoot(currentSyncCommittee)
  const index = generalizedIndices(forkAt(config, beacon.slot).name).currentSyncCommittee
  if (!isValidBranch(root, currentSyncCommitteeBranch, index, beacon.stateRoot)) {
    throw errors.wrongBootstrap({ reason: "the committee's branch does not lead to the state's root" })
  }
}
