import { chainConfigToJson, defaultChainConfig } from '@lodestar/config'
import { activePreset, presetToJson } from '@lodestar/params'
import { SYNC_COMMITTEE_SIZE } from '../beacon/sync-committee.ts'
import type { BeaconNetwork } from '../network.ts'

/** "Never", as the consensus specification writes it. */
const FAR_FUTURE_EPOCH = String(2n ** 64n - 1n)
/** Forks before the devnet's first one: over since genesis. */
const EARLIER_FORKS = ['ALTAIR', 'BELLATRIX', 'CAPELLA', 'DENEB'] as const
const LATER_FORKS = ['GLOAS', 'HEZE'] as const

/**
 * The configuration and preset of a network, as consensus clients answer it: all names of the specification
 * that Lodestar knows, with mainnet's values where the devnet has no other.
 */
export function specJson(network: BeaconNetwork): Record<string, unknown> {
  const { secondsPerSlot, slotsPerEpoch, epochsPerSyncCommitteePeriod, chainId } = network
  const [first] = network.forks
  return {
    ...presetToJson(activePreset),
    ...chainConfigToJson(defaultChainConfig),
    CONFIG_NAME: 'causeway-devnet',
    MIN_GENESIS_TIME: String(network.genesisTimeSeconds),
    GENESIS_DELAY: '0',
    GENESIS_FORK_VERSION: versionHex(first!.version),
    TERMINAL_TOTAL_DIFFICULTY: '0',
    SECONDS_PER_SLOT: String(secondsPerSlot),
    SLOT_DURATION_MS: String(secondsPerSlot * 1_000),
    SLOTS_PER_EPOCH: String(slotsPerEpoch),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: String(epochsPerSyncCommitteePeriod),
    SYNC_COMMITTEE_SIZE: String(SYNC_COMMITTEE_SIZE),
    DEPOSIT_CHAIN_ID: String(chainId),
    DEPOSIT_NETWORK_ID: String(chainId),
    ...forkSchedule(network),
  }
}

function forkSchedule({ forks }: BeaconNetwork): Record<string, string> {
  const schedule: Record<string, string> = {}
  EARLIER_FORKS.forEach((name, i) => {
    schedule[`${name}_FORK_EPOCH`] = '0'
    schedule[`${name}_FORK_VERSION`] = versionHex(Uint8Array.of(i + 1, 0x64, 0x65, 0x76))
  })
  for (const name of ['FULU', ...LATER_FORKS]) schedule[`${name}_FORK_EPOCH`] = FAR_FUTURE_EPOCH
  for (const { name, epoch, version } of forks) {
    schedule[`${name.toUpperCase()}_FORK_EPOCH`] = String(epoch)
    schedule[`${name.toUpperCase()}_FORK_VERSION`] = versionHex(version)
  }
  return schedule
}

function versionHex(version: Uint8Array): string {
  return `0x${Buffer.from(version).toString('hex')}`
}
