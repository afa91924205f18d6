import type { Height } from '@causeway/protocol'
import type { ClientState, ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { NANOSECONDS_PER_SECOND } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { clocksIn } from '../bank/clock.ts'
import { readEpochStakes } from '../epoch-stakes.ts'
import type { EpochStakes } from '../epoch-stakes.ts'
import type { DecodedHeader } from './client-message.ts'
import { nanosecondsOf } from './client-state.ts'
import {
  deleteConsensusState,
  deleteOptimisticHead,
  deleteValidatorSet,
  epochs,
  heightOfSlot,
  readClientState,
  readConsensusState,
  readOptimisticHead,
  readValidatorSet,
  slots,
  trustedFromSeconds,
  writeClientState,
  writeConsensusState,
  writeOptimisticHead,
  writeValidatorSet,
} from './client-storage.ts'
import { consensusStateOf, recordedStakes, timestampNanoseconds } from './consensus-state.ts'

/**
 * Stores what a verified header without misbehaviour brings: a final slot and, where it wrote it, the next
 * epoch's validator set; or the optimistic head. The heights that it made provable.
 */
export function storeHeader(
  store: ClientStore,
  { evidence, state: proof }: DecodedHeader,
  context: ClientContext,
): Height[] {
  const client = readClientState(store)
  const { slot, bankHash, isFinal } = evidence.claim
  const { after: clock } = clocksIn(proof.writes)
  const state = consensusStateOf(client, bankHash, clock, proof.writes)
  if (!isFinal) {
    storeHead(store, client, slot, state)
    return []
  }
  dropContradictedHead(store, slot, state)
  pruneExpired(store, client, context.timeNanoseconds)
  const stakes = recordedStakes(client, clock, proof.writes)
  const latestEpoch = stakes
    ? storeStakes(store, client, stakes, clock.epochStartSeconds)
    : client.latestEpoch
  // A slot that is known without its accounts, as a client's first is, learns them.
  const known = readConsensusState(store, slot)
  if (!known || known.commitmentsRoot.length === 0) writeConsensusState(store, slot, state, context)
  const latestSlot = slot > client.latestSlot ? slot : client.latestSlot
  if (latestSlot !== client.latestSlot || latestEpoch !== client.latestEpoch)
    writeClientState(store, { ...client, latestSlot, latestEpoch })
  return [heightOfSlot(slot)]
}

function storeHead(store: ClientStore, client: ClientState, slot: bigint, state: ConsensusState): void {
  const newest = readOptimisticHead(store)?.slot ?? 0n
  if (slot > newest && slot > client.latestSlot) writeOptimisticHead(store, { slot, state })
}

/** A head whose time is before that of a final slot below it stands on another fork. */
function dropContradictedHead(store: ClientStore, slot: bigint, { timestampSeconds }: ConsensusState): void {
  const head = readOptimisticHead(store)
  if (head?.state && head.slot > slot && head.state.timestampSeconds < timestampSeconds)
    deleteOptimisticHead(store)
}

/** A set gives way only to one with more of the same epoch's stake in it. The highest epoch that is known. */
function storeStakes(
  store: ClientStore,
  client: ClientState,
  stakes: EpochStakes,
  trustedFrom: bigint,
): bigint {
  const { epoch, bytes, recordedStake } = stakes
  const known = readValidatorSet(store, epoch)
  if (!known || readEpochStakes(known).recordedStake < recordedStake)
    writeValidatorSet(store, epoch, bytes, trustedFrom)
  return epoch > client.latestEpoch ? epoch : client.latestEpoch
}

/** An update removes the lowest consensus state and the lowest set that have expired; the latest stay. */
function pruneExpired(store: ClientStore, client: ClientState, nowNanoseconds: bigint): void {
  const trustingPeriod = nanosecondsOf(client.trustingPeriod)
  const [slot] = slots(store, 1)
  const lowest = slot === undefined ? undefined : readConsensusState(store, slot)
  if (slot !== undefined && lowest && slot !== client.latestSlot) {
    if (timestampNanoseconds(lowest) + trustingPeriod <= nowNanoseconds) deleteConsensusState(store, slot)
  }
  const [epoch] = epochs(store, 1)
  const from = epoch === undefined ? undefined : trustedFromSeconds(store, epoch)
  if (epoch === undefined || from === undefined || epoch >= client.latestEpoch) return
  if (from * NANOSECONDS_PER_SECOND + trustingPeriod <= nowNanoseconds) deleteValidatorSet(store, epoch)
}
