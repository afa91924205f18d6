import {
  ETHEREUM_CLIENT_STATE_TYPE_URL,
  ETHEREUM_CONSENSUS_STATE_TYPE_URL,
  encodeLightClientBootstrap,
} from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'
import { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'

import type { ClientSeed } from '../chain.ts'
import { COMMITMENT_SLOT } from './contract-paths.ts'
import { evmChainId } from '../plan/chain-ids.ts'
import { finalRoot, requireExecution } from './beacon-follower.ts'
import type { BeaconFollower } from './beacon-follower.ts'

/** Terms of a new client of this chain, in seconds, and the contract whose commitments it proves. */
export interface EthereumClientTerms {
  readonly trustingPeriodSeconds: bigint
  readonly maxClockDriftSeconds: bigint
  /** 20 bytes. */
  readonly contract: Uint8Array
}

/** States of an `ethereum` client that starts by trusting the newest finalised block. */
export async function makeEthereumSeed(
  follower: BeaconFollower,
  terms: EthereumClientTerms,
): Promise<ClientSeed> {
  const { update } = await follower.newest()
  const network = await follower.network()
  const beaconRoot = finalRoot(update.value)
  const { fork, value: bootstrap } = await follower.bootstrap(beaconRoot)
  const execution = requireExecution(bootstrap.header)
  const clientState = ClientState.encode({
    chainId: network.chainId,
    genesisTimeSeconds: network.genesisTimeSeconds,
    secondsPerSlot: network.secondsPerSlot,
    genesisValidatorsRoot: network.genesisValidatorsRoot,
    slotsPerEpoch: network.slotsPerEpoch,
    epochsPerSyncCommitteePeriod: network.epochsPerSyncCommitteePeriod,
    syncCommitteeSize: network.syncCommitteeSize,
    forks: [...network.forks],
    trustingPeriod: { seconds: terms.trustingPeriodSeconds, nanos: 0 },
    maxClockDrift: { seconds: terms.maxClockDriftSeconds, nanos: 0 },
    ibcContractAddress: terms.contract,
    ibcCommitmentSlot: fromHex(COMMITMENT_SLOT.slice(2)),
    latestSlot: bootstrap.header.beacon.slot,
    isFrozen: false,
  }).finish()
  const consensusState = ConsensusState.encode({
    beaconRoot,
    stateRoot: execution.stateRoot,
    timestampSeconds: execution.timestamp,
    blockNumber: execution.blockNumber,
    bootstrap: { fork, lightClientBootstrap: encodeLightClientBootstrap(bootstrap, fork, network) },
  }).finish()
  return {
    chainId: evmChainId(network.chainId),
    clientState: { typeUrl: ETHEREUM_CLIENT_STATE_TYPE_URL, value: clientState },
    consensusState: { typeUrl: ETHEREUM_CONSENSUS_STATE_TYPE_URL, value: consensusState },
  }
}
