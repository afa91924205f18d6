import { readBeaconChainJson } from '@causeway/light-clients'
import type { BeaconChain } from '@causeway/light-clients'

import type { BeaconApi } from './beacon-api.ts'

/** Asks a consensus client which network it is on. */
export async function readNetwork(api: BeaconApi): Promise<BeaconChain> {
  const genesis = await api.get('/v1/beacon/genesis', (json) => json)
  return await api.get('/v1/config/spec', (spec) => readBeaconChainJson(genesis, spec))
}

/** The slot of a time in seconds since 1970; that of genesis before it. */
export function slotAt(network: BeaconChain, timeSeconds: bigint): bigint {
  const since = timeSeconds - network.genesisTimeSeconds
  return since < 0n ? 0n : since / network.secondsPerSlot
}

/** Seconds since 1970 at which a slot begins, which is its execution block's time. */
export function slotTimeSeconds(network: BeaconChain, slot: bigint): bigint {
  return network.genesisTimeSeconds + slot * network.secondsPerSlot
}
