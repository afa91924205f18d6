import type { ClientState } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import type { Duration } from '@causeway/protocol'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { ChainConfig, ForkName } from '../consensus/forks.ts'
import { FORK_NAMES, isForkFrom } from '../consensus/forks.ts'
import { errors } from '../errors.ts'

const FORKS_MAX = 16
const COMMITTEE_SIZES = [32, 64, 128, 256, 512, 1024]
const SLOT_SECONDS_MAX = 600n
const SLOTS_PER_EPOCH_MAX = 1_024n
const EPOCHS_PER_PERIOD_MAX = 65_536n
/** A client that tolerates more than a minute of the future has a clock that is worth nothing. */
const CLOCK_DRIFT_SECONDS_MAX = 60n

/**
 * Checks a new client's state: sizes within bounds, a fork schedule in order, periods that make sense. Throws
 * `ethereum/5`.
 */
export function validateClientState(state: ClientState): void {
  const wrong = faultOf(state)
  if (wrong !== undefined) throw errors.invalidClientState({ reason: wrong })
}

/** The chain that a valid client state describes. */
export function chainConfigOf(state: ClientState): ChainConfig {
  return {
    slotsPerEpoch: state.slotsPerEpoch,
    epochsPerSyncCommitteePeriod: state.epochsPerSyncCommitteePeriod,
    syncCommitteeSize: state.syncCommitteeSize,
    minSyncCommitteeParticipants: 1,
    genesisValidatorsRoot: state.genesisValidatorsRoot,
    forks: state.forks.map(({ name, epoch, version }) => ({ name: name as ForkName, epoch, version })),
  }
}

/** The slot that is current at a time, tolerating the client's clock drift. */
export function currentSlotOf(state: ClientState, timeNanoseconds: bigint): bigint {
  const seconds = (timeNanoseconds + nanosecondsOf(state.maxClockDrift)) / NANOSECONDS_PER_SECOND
  const sinceGenesis = seconds - state.genesisTimeSeconds
  return sinceGenesis < 0n ? 0n : sinceGenesis / state.secondsPerSlot
}

/** When a slot begins, in nanoseconds since 1970. */
export function slotTimeNanoseconds(state: ClientState, slot: bigint): bigint {
  return (state.genesisTimeSeconds + slot * state.secondsPerSlot) * NANOSECONDS_PER_SECOND
}

/** Nanoseconds of a duration; an absent one is none. */
export function nanosecondsOf(duration: Duration | undefined): bigint {
  return duration ? duration.seconds * NANOSECONDS_PER_SECOND + BigInt(duration.nanos) : 0n
}

function faultOf(state: ClientState): string | undefined {
  if (state.chainId === 0n) return 'no chain id'
  if (state.genesisValidatorsRoot.length !== 32) return 'the genesis validators root is no hash'
  if (!isWithin(state.secondsPerSlot, SLOT_SECONDS_MAX)) return 'seconds per slot'
  if (!isWithin(state.slotsPerEpoch, SLOTS_PER_EPOCH_MAX)) return 'slots per epoch'
  if (!isWithin(state.epochsPerSyncCommitteePeriod, EPOCHS_PER_PERIOD_MAX)) return 'epochs per period'
  if (!COMMITTEE_SIZES.includes(state.syncCommitteeSize)) return 'the size of the sync committee'
  if (nanosecondsOf(state.trustingPeriod) <= 0n) return 'the trusting period must be positive'
  const drift = nanosecondsOf(state.maxClockDrift)
  if (drift < 0n || drift > CLOCK_DRIFT_SECONDS_MAX * NANOSECONDS_PER_SECOND) return 'the clock drift'
  if (state.ibcContractAddress.length !== 20) return 'the IBC contract is no address'
  if (state.ibcCommitmentSlot.length !== 32) return 'the commitment slot is no word'
  if (state.latestSlot === 0n) return 'genesis can not be the latest slot'
  if (state.isFrozen) return 'it is frozen'
  return forkFaultOf(state)
}

function forkFaultOf({ forks }: ClientState): string | undefined {
  if (forks.length === 0 || forks.length > FORKS_MAX) return `${forks.length} forks`
  if (forks[0]!.epoch !== 0n) return 'the first fork begins after genesis'
  for (const [i, { name, epoch, version }] of forks.entries()) {
    const index = FORK_NAMES.findIndex((known) => known === name)
    if (index < 0) return 'a fork that is unknown'
    if (version.length !== 4) return `the version of ${name}`
    const before = forks[i - 1]
    if (!before) continue
    if (
      epoch < before.epoch ||
      !isForkFrom(name as ForkName, before.name as ForkName) ||
      name === before.name
    ) {
      return `${name} does not follow ${before.name}`
    }
  }
  return undefined
}

function isWithin(value: bigint, max: bigint): boolean {
  return value > 0n && value <= max
}
