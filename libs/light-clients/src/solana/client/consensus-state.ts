import type { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { EMPTY_BYTES, NANOSECONDS_PER_SECOND, equalBytes } from '@causeway/primitives'
import type { Clock } from '../bank/clock.ts'
import { readRootAccount } from '../commitments/root-account.ts'
import { readEpochStakes } from '../epoch-stakes.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import type { AccountState } from '../lattice/account-state.ts'
import type { AccountWrite } from '../lattice/lattice-delta.ts'

/** What a slot's accounts say to a client. Throws `solana/45`. */
export function consensusStateOf(
  client: ClientState,
  bankHash: Uint8Array,
  clock: Clock,
  writes: readonly AccountWrite[],
): ConsensusState {
  const account = stateAfter(writes, client.rootAccount)
  const roots = account && readRootAccount(account, client.ibcProgram)
  return {
    bankHash,
    timestampSeconds: clock.timestampSeconds,
    epoch: clock.epoch,
    commitmentsRoot: roots?.commitmentsRoot ?? EMPTY_BYTES,
    receiptsRoot: roots?.receiptsRoot ?? EMPTY_BYTES,
    epochStakes: EMPTY_BYTES,
  }
}

/**
 * The next epoch's validator set, when the slot wrote it and two thirds of the stake are in it: fewer could
 * settle nothing. Throws `solana/44` when another program owns the account.
 */
export function recordedStakes(
  client: ClientState,
  clock: Clock,
  writes: readonly AccountWrite[],
): EpochStakes | undefined {
  const account = stateAfter(writes, client.recorderAccount)
  if (!account) return undefined
  if (!equalBytes(account.owner, client.recorderProgram))
    throw errors.badEpochStakes({ reason: 'another program owns them' })
  const stakes = readEpochStakes(account.data)
  const isUseful = stakes.epoch === clock.epoch + 1n && 3n * stakes.recordedStake >= 2n * stakes.totalStake
  return isUseful && stakes.totalStake > 0n ? stakes : undefined
}

/** Time of a consensus state, in nanoseconds since 1970. */
export function timestampNanoseconds({ timestampSeconds }: ConsensusState): bigint {
  return timestampSeconds * NANOSECONDS_PER_SECOND
}

function stateAfter(writes: readonly AccountWrite[], address: Uint8Array): AccountState | undefined {
  return writes.find(({ pubkey }) => equalBytes(pubkey, address))?.after
}
