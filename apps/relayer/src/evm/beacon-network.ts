import { FORK_NAMES } from '@causeway/light-clients'
import type { ChainConfig, Fork } from '@causeway/light-clients'
import { fromHex } from '@causeway/primitives'
import { z } from 'zod'

import type { BeaconApi } from './beacon-api.ts'

/** A beacon chain as its nodes describe it. */
export interface BeaconNetwork {
  readonly config: ChainConfig
  /** EIP-155 id of its execution layer. */
  readonly chainId: bigint
  readonly genesisTimeSeconds: bigint
  readonly secondsPerSlot: bigint
}

const FAR_FUTURE_EPOCH = (1n << 64n) - 1n

const bytes = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${length * 2}}$`))
    .transform((text) => fromHex(text.slice(2)))
const uint = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt)

const genesis = z.object({ data: z.object({ genesis_time: uint, genesis_validators_root: bytes(32) }) })
const spec = z.object({
  data: z.looseObject({
    DEPOSIT_CHAIN_ID: uint,
    SECONDS_PER_SLOT: uint,
    SLOTS_PER_EPOCH: uint,
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: uint,
    SYNC_COMMITTEE_SIZE: uint,
    GENESIS_FORK_VERSION: bytes(4),
  }),
})

/** Asks a consensus client which network it is on. */
export async function readNetwork(api: BeaconApi): Promise<BeaconNetwork> {
  const { data: start } = await api.get('/v1/beacon/genesis', (json) => genesis.parse(json))
  const { data } = await api.get('/v1/config/spec', (json) => spec.parse(json))
  return {
    chainId: data.DEPOSIT_CHAIN_ID,
    genesisTimeSeconds: start.genesis_time,
    secondsPerSlot: data.SECONDS_PER_SLOT,
    config: {
      slotsPerEpoch: data.SLOTS_PER_EPOCH,
      epochsPerSyncCommitteePeriod: data.EPOCHS_PER_SYNC_COMMITTEE_PERIOD,
      syncCommitteeSize: Number(data.SYNC_COMMITTEE_SIZE),
      minSyncCommitteeParticipants: 1,
      genesisValidatorsRoot: start.genesis_validators_root,
      forks: readForks(data, data.GENESIS_FORK_VERSION),
    },
  }
}

/** The slot of a time in seconds since 1970; that of genesis before it. */
export function slotAt(network: BeaconNetwork, timeSeconds: bigint): bigint {
  const since = timeSeconds - network.genesisTimeSeconds
  return since < 0n ? 0n : since / network.secondsPerSlot
}

/** Seconds since 1970 at which a slot begins, which is its execution block's time. */
export function slotTimeSeconds(network: BeaconNetwork, slot: bigint): bigint {
  return network.genesisTimeSeconds + slot * network.secondsPerSlot
}

/** Scheduled forks in order; of several at one epoch the last counts, the others never hold. */
function readForks(data: Readonly<Record<string, unknown>>, genesisVersion: Uint8Array): Fork[] {
  const forks: Fork[] = [{ name: 'phase0', epoch: 0n, version: genesisVersion }]
  for (const name of FORK_NAMES.slice(1)) {
    const epoch = uint.safeParse(data[`${name.toUpperCase()}_FORK_EPOCH`])
    const version = bytes(4).safeParse(data[`${name.toUpperCase()}_FORK_VERSION`])
    if (!epoch.success || !version.success || epoch.data === FAR_FUTURE_EPOCH) continue
    if (forks.at(-1)?.epoch === epoch.data) forks.pop()
    forks.push({ name, epoch: epoch.data, version: version.data })
  }
  return forks
}
