import { equalBytes } from '@causeway/primitives'
import { CLOCK_SYSVAR, SYSVAR_OWNER } from '../addresses.ts'
import { ByteReader } from '../byte-reader.ts'
import { errors } from '../errors.ts'
import type { AccountState } from '../lattice/account-state.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'

/** The Clock sysvar. Times are Unix seconds. */
export interface Clock {
  readonly slot: bigint
  readonly epochStartSeconds: bigint
  readonly epoch: bigint
  readonly leaderScheduleEpoch: bigint
  readonly timestampSeconds: bigint
}

const CLOCK_BYTES = 40
/** Times past this are no times; it also keeps nanoseconds within 64 bits. */
const SECONDS_MAX = 1n << 33n

/**
 * Clock of a slot and of its parent, out of the accounts that the slot wrote: every slot writes it. Throws
 * `solana/43` when it is missing, has another owner or layout, or does not move on.
 */
export function clocksIn(writes: readonly AccountWrite[]): { before: Clock; after: Clock } {
  const write = writes.find(({ pubkey }) => equalBytes(pubkey, CLOCK_SYSVAR))
  if (!write?.before || !write.after) throw errors.badClock({ reason: 'the slot did not write it' })
  const [before, after] = [readClock(write.before), readClock(write.after)]
  if (before.slot >= after.slot) throw errors.badClock({ reason: 'its slot does not grow' })
  return { before, after }
}

/** Reads the Clock sysvar's account. Throws `solana/43`. */
export function readClock(account: AccountState): Clock {
  const refuse = (reason: string) => errors.badClock({ reason })
  if (!equalBytes(account.owner, SYSVAR_OWNER)) throw refuse('another program owns it')
  if (account.isExecutable || account.data.length !== CLOCK_BYTES) throw refuse('it has another layout')
  const reader = new ByteReader(account.data, refuse)
  const clock = {
    slot: reader.u64(),
    epochStartSeconds: reader.u64(),
    epoch: reader.u64(),
    leaderScheduleEpoch: reader.u64(),
    timestampSeconds: reader.u64(),
  }
  // The times are signed; a negative one reads as one that is far too large.
  if (clock.timestampSeconds > SECONDS_MAX || clock.epochStartSeconds > clock.timestampSeconds)
    throw refuse('its times are none')
  return clock
}
