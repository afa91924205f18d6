import type { ChainConfig, Fork, ForkName } from '../consensus/forks.ts'
import { FORK_NAMES } from '../consensus/forks.ts'
import type { BeaconJson } from './json-members.ts'
import { bad, jsonBytes, jsonObject, jsonUint64 } from './json-members.ts'

/** A beacon chain as its node describes it. */
export interface BeaconChain extends ChainConfig {
  /** EIP-155 id of the execution layer. */
  readonly chainId: bigint
  readonly genesisTimeSeconds: bigint
  readonly secondsPerSlot: bigint
}

const FAR_FUTURE_EPOCH = (1n << 64n) - 1n
const COMMITTEE_SIZE_MAX = 8192n

/**
 * Reads the answers of `/eth/v1/beacon/genesis` and `/eth/v1/config/spec`. Forks without an epoch, and forks
 * that nobody here knows, are left out. Throws `ethereum/31`.
 */
export function readBeaconChainJson(genesisAnswer: unknown, specAnswer: unknown): BeaconChain {
  const genesis = jsonObject(jsonObject(genesisAnswer, 'genesis').data, 'genesis.data')
  const spec = jsonObject(jsonObject(specAnswer, 'spec').data, 'spec.data')
  return {
    chainId: jsonUint64(spec, 'DEPOSIT_CHAIN_ID'),
    genesisTimeSeconds: jsonUint64(genesis, 'genesis_time'),
    genesisValidatorsRoot: jsonBytes(genesis, 'genesis_validators_root', 32),
    secondsPerSlot: secondsPerSlot(spec),
    slotsPerEpoch: positive(spec, 'SLOTS_PER_EPOCH'),
    epochsPerSyncCommitteePeriod: positive(spec, 'EPOCHS_PER_SYNC_COMMITTEE_PERIOD'),
    syncCommitteeSize: committeeSize(spec),
    minSyncCommitteeParticipants: Number(positive(spec, 'MIN_SYNC_COMMITTEE_PARTICIPANTS')),
    forks: readForks(spec),
  }
}

/**
 * The slot of an execution block with this timestamp. Spec: bellatrix beacon-chain.md,
 * `compute_time_at_slot`.
 */
export function slotAtTime(chain: BeaconChain, timestampSeconds: bigint): bigint {
  if (timestampSeconds < chain.genesisTimeSeconds) throw bad('timestamp', 'before the genesis')
  return (timestampSeconds - chain.genesisTimeSeconds) / chain.secondsPerSlot
}

/** Newer specifications give milliseconds only. */
function secondsPerSlot(spec: BeaconJson): bigint {
  if (spec.SECONDS_PER_SLOT !== undefined) return positive(spec, 'SECONDS_PER_SLOT')
  const milliseconds = positive(spec, 'SLOT_DURATION_MS')
  if (milliseconds % 1000n !== 0n) throw bad('SLOT_DURATION_MS', 'no whole seconds')
  return milliseconds / 1000n
}

function committeeSize(spec: BeaconJson): number {
  const size = positive(spec, 'SYNC_COMMITTEE_SIZE')
  if (size % 8n !== 0n || size > COMMITTEE_SIZE_MAX) {
    throw bad('SYNC_COMMITTEE_SIZE', `no multiple of 8 up to ${COMMITTEE_SIZE_MAX}`)
  }
  return Number(size)
}

/** Of several forks at one epoch the last counts, the others never hold. */
function readForks(spec: BeaconJson): Fork[] {
  const forks = FORK_NAMES.flatMap((name) => forkOf(spec, name))
  return forks.filter(({ epoch }, index) => forks[index + 1]?.epoch !== epoch)
}

function forkOf(spec: BeaconJson, name: ForkName): Fork[] {
  const prefix = name === 'phase0' ? 'GENESIS' : name.toUpperCase()
  if (spec[`${prefix}_FORK_VERSION`] === undefined) return []
  const epoch = name === 'phase0' ? 0n : jsonUint64(spec, `${prefix}_FORK_EPOCH`)
  if (epoch === FAR_FUTURE_EPOCH) return []
  return [{ name, epoch, version: jsonBytes(spec, `${prefix}_FORK_VERSION`, 4) }]
}

function positive(spec: BeaconJson, member: string): bigint {
  const value = jsonUint64(spec, member)
  if (value === 0n) throw bad(member, 'zero')
  return value
}
