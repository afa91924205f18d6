import type { Duration } from '@causeway/protocol'
import type { ClientState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import { KEY_BYTES } from '../addresses.ts'
import { errors } from '../errors.ts'

const HARD_FORKS_MAX = 64
const HARD_FORK_COUNT_MAX = 1_000n
/** A client that tolerates more than a minute of the future has a clock that is worth nothing. */
const CLOCK_DRIFT_SECONDS_MAX = 60n
const SHRED_VERSION_MAX = 0xffff

/** Checks a new client's state. Throws `solana/5`. */
export function validateClientState(state: ClientState): void {
  const reason = faultOf(state)
  if (reason !== undefined) throw errors.invalidClientState({ reason })
}

/** Nanoseconds of a duration; an absent one is none. */
export function nanosecondsOf(duration: Duration | undefined): bigint {
  return duration ? duration.seconds * NANOSECONDS_PER_SECOND + BigInt(duration.nanos) : 0n
}

function faultOf(state: ClientState): string | undefined {
  const keys = [
    state.genesisHash,
    state.ibcProgram,
    state.rootAccount,
    state.recorderProgram,
    state.recorderAccount,
  ]
  if (keys.some(({ length }) => length !== KEY_BYTES)) return 'a key or hash of another length'
  if (nanosecondsOf(state.trustingPeriod) <= 0n) return 'the trusting period must be positive'
  const drift = nanosecondsOf(state.maxClockDrift)
  if (drift < 0n || drift > CLOCK_DRIFT_SECONDS_MAX * NANOSECONDS_PER_SECOND) return 'the clock drift'
  if (state.alpenglow && state.alpenglow.shredVersion > SHRED_VERSION_MAX) return 'the shred version'
  if (state.latestSlot === 0n) return 'genesis can not be the latest slot'
  if (state.isFrozen) return 'it is frozen'
  if (state.hardForks.length > HARD_FORKS_MAX) return `${state.hardForks.length} hard forks`
  const isUnordered = state.hardForks.some(({ slot, count }, i) => {
    const before = state.hardForks[i - 1]
    return (before && slot <= before.slot) || count === 0n || count > HARD_FORK_COUNT_MAX
  })
  return isUnordered ? 'hard forks must ascend and count restarts' : undefined
}
