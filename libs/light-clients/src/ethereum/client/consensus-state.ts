import type { ConsensusState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { NANOSECONDS_PER_SECOND, equalBytes } from '@causeway/primitives'
import type { LightClientHeader } from '../consensus/containers.ts'
import { beaconBlockHeaderRoot } from '../consensus/hash-tree-root.ts'
import { errors } from '../errors.ts'

/**
 * What a header that has been verified proves. Throws `ethereum/13` where it carries no execution payload
 * header: before Capella, and from Gloas on, whose headers hold only the hash of the block.
 */
export function consensusStateOf(header: LightClientHeader): ConsensusState {
  const { execution, beacon } = header
  if (!execution) throw errors.executionUnknown()
  return {
    beaconRoot: beaconBlockHeaderRoot(beacon),
    stateRoot: execution.stateRoot,
    timestampSeconds: execution.timestamp,
    blockNumber: execution.blockNumber,
    bootstrap: undefined,
  }
}

/** Whether two consensus states say the same. */
export function equalConsensusStates(a: ConsensusState, b: ConsensusState): boolean {
  return (
    equalBytes(a.beaconRoot, b.beaconRoot) &&
    equalBytes(a.stateRoot, b.stateRoot) &&
    a.timestampSeconds === b.timestampSeconds &&
    a.blockNumber === b.blockNumber
  )
}

/** Time of a consensus state, in nanoseconds since 1970. */
export function timestampNanoseconds({ timestampSeconds }: ConsensusState): bigint {
  return timestampSeconds * NANOSECONDS_PER_SECOND
}
