import { packAny, type Any, type Height } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  OptimisticHead,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import { assert, be64, concatBytes, fromBe64, prefixEnd, utf8 } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { errors } from '../errors.ts'
import { SOLANA_CLIENT_STATE_TYPE_URL, SOLANA_CONSENSUS_STATE_TYPE_URL } from './type-urls.ts'

/*
 * Keys and values of one client. Client state, consensus states and what is known of their processing stand
 * where ibc-go has them (24-host), so that stock queries find them; validator sets and the optimistic head
 * are our own.
 */

const CLIENT_STATE_KEY = utf8('clientState')
const OPTIMISTIC_HEAD_KEY = utf8('optimisticHead')
const PROCESSED_TIME = utf8('/processedTime')
const PROCESSED_HEIGHT = utf8('/processedHeight')
const SLOTS_PREFIX = utf8('slots/')
const VALIDATOR_SETS_PREFIX = utf8('validatorSets/')
/** From when on each set is trusted: a set itself is too long to be read for that. */
const EPOCHS_PREFIX = utf8('epochs/')

/** The client state. Throws `solana/1` when there is none. */
export function readClientState(store: ClientStore): ClientState {
  const bytes = store.get(CLIENT_STATE_KEY)
  if (!bytes) throw errors.clientNotFound()
  return ClientState.decode(unwrap(bytes, SOLANA_CLIENT_STATE_TYPE_URL))
}

/** Stores the client state. */
export function writeClientState(store: ClientStore, state: ClientState): void {
  const any = packAny(SOLANA_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())
  store.set(CLIENT_STATE_KEY, AnyCodec.encode(any).finish())
}

/** The consensus state at a slot, if the client has it. */
export function readConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  const bytes = store.get(consensusStateKey(slot))
  return bytes && ConsensusState.decode(unwrap(bytes, SOLANA_CONSENSUS_STATE_TYPE_URL))
}

/** Stores a consensus state and when and where it was processed. */
export function writeConsensusState(
  store: ClientStore,
  slot: bigint,
  state: ConsensusState,
  context: ClientContext,
): void {
  assert(state.epochStakes.length === 0, 'a validator set is stored apart')
  const key = consensusStateKey(slot)
  const { revisionNumber, revisionHeight } = context.height
  const any: Any = packAny(SOLANA_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(state).finish())
  store.set(key, AnyCodec.encode(any).finish())
  store.set(concatBytes(key, PROCESSED_TIME), be64(context.timeNanoseconds))
  store.set(concatBytes(key, PROCESSED_HEIGHT), utf8(`${revisionNumber}-${revisionHeight}`))
  store.set(slotKey(slot), key)
}

/** Removes a consensus state and all that goes with it. */
export function deleteConsensusState(store: ClientStore, slot: bigint): void {
  const key = consensusStateKey(slot)
  store.delete(key)
  store.delete(concatBytes(key, PROCESSED_TIME))
  store.delete(concatBytes(key, PROCESSED_HEIGHT))
  store.delete(slotKey(slot))
}

/** All slots that the client has a consensus state of, ascending. */
export function slots(store: ClientStore, max = Infinity): bigint[] {
  return numbersBelow(store, SLOTS_PREFIX, max)
}

/** The consensus state just below a slot. */
export function previousConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  return firstConsensusState(store, store.iterate(SLOTS_PREFIX, slotKey(slot), true))
}

/** The consensus state just above a slot. */
export function nextConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  return firstConsensusState(store, store.iterate(slotKey(slot + 1n), prefixEnd(SLOTS_PREFIX)))
}

/** The validator set of an epoch in the recorder's layout, if the client knows it. */
export function readValidatorSet(store: ClientStore, epoch: bigint): Uint8Array | undefined {
  return store.get(concatBytes(VALIDATOR_SETS_PREFIX, be64(epoch)))
}

/** From when on the set of an epoch is trusted, in Unix seconds; nothing when it is unknown. */
export function trustedFromSeconds(store: ClientStore, epoch: bigint): bigint | undefined {
  const bytes = store.get(concatBytes(EPOCHS_PREFIX, be64(epoch)))
  return bytes && fromBe64(bytes)
}

/** Stores the validator set of an epoch. */
export function writeValidatorSet(
  store: ClientStore,
  epoch: bigint,
  set: Uint8Array,
  trustedFrom: bigint,
): void {
  store.set(concatBytes(VALIDATOR_SETS_PREFIX, be64(epoch)), set)
  store.set(concatBytes(EPOCHS_PREFIX, be64(epoch)), be64(trustedFrom))
}

/** Removes the validator set of an epoch. */
export function deleteValidatorSet(store: ClientStore, epoch: bigint): void {
  store.delete(concatBytes(VALIDATOR_SETS_PREFIX, be64(epoch)))
  store.delete(concatBytes(EPOCHS_PREFIX, be64(epoch)))
}

/** All epochs that the client knows the validator sets of, ascending. */
export function epochs(store: ClientStore, max = Infinity): bigint[] {
  return numbersBelow(store, EPOCHS_PREFIX, max)
}

/** The newest bank that was confirmed, if any is newer than what is final. */
export function readOptimisticHead(store: ClientStore): OptimisticHead | undefined {
  const bytes = store.get(OPTIMISTIC_HEAD_KEY)
  return bytes && OptimisticHead.decode(bytes)
}

/** Stores the newest confirmed bank. */
export function writeOptimisticHead(store: ClientStore, head: OptimisticHead): void {
  store.set(OPTIMISTIC_HEAD_KEY, OptimisticHead.encode(head).finish())
}

/** Removes the newest confirmed bank. */
export function deleteOptimisticHead(store: ClientStore): void {
  if (store.get(OPTIMISTIC_HEAD_KEY) !== undefined) store.delete(OPTIMISTIC_HEAD_KEY)
}

/** The IBC height of a slot. */
export function heightOfSlot(slot: bigint): Height {
  return { revisionNumber: 0n, revisionHeight: slot }
}

function numbersBelow(store: ClientStore, prefix: Uint8Array, max: number): bigint[] {
  const found: bigint[] = []
  for (const [key] of store.iterate(prefix, prefixEnd(prefix))) {
    if (found.length >= max) break
    found.push(fromBe64(key, prefix.length))
  }
  return found
}

function firstConsensusState(
  store: ClientStore,
  entries: Iterable<[Uint8Array, Uint8Array]>,
): ConsensusState | undefined {
  for (const [key] of entries) return readConsensusState(store, fromBe64(key, SLOTS_PREFIX.length))
  return undefined
}

function consensusStateKey(slot: bigint): Uint8Array {
  return utf8(`consensusStates/0-${slot}`)
}

function slotKey(slot: bigint): Uint8Array {
  return concatBytes(SLOTS_PREFIX, be64(slot))
}

function unwrap(bytes: Uint8Array, typeUrl: string): Uint8Array {
  const any = AnyCodec.decode(bytes)
  assert(any.typeUrl === typeUrl, `the store holds ${any.typeUrl} where ${typeUrl} belongs`)
  return any.value
}
