import { packAny, type Any, type Height } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  OptimisticHead,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import { assert, be64, concatBytes, fromBe64, prefixEnd, utf8 } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../../light-client.ts'
import { errors } from '../errors.ts'
import { ETHEREUM_CLIENT_STATE_TYPE_URL, ETHEREUM_CONSENSUS_STATE_TYPE_URL } from './type-urls.ts'

/*
 * Keys and values of one client. Client state, consensus states and what is known of their processing stand
 * where ibc-go has them (24-host), so that stock queries find them; committees and the optimistic head are
 * our own.
 */

const CLIENT_STATE_KEY = utf8('clientState')
const OPTIMISTIC_HEAD_KEY = utf8('optimisticHead')
const PROCESSED_TIME = utf8('/processedTime')
const PROCESSED_HEIGHT = utf8('/processedHeight')
const SLOTS_PREFIX = utf8('slots/')
const COMMITTEES_PREFIX = utf8('syncCommittees/')
/** Which committees there are: a committee itself is too long to be read for that. */
const PERIODS_PREFIX = utf8('periods/')
const PRESENT = Uint8Array.of(1)

/** The client state. Throws `ethereum/1` when there is none. */
export function readClientState(store: ClientStore): ClientState {
  const bytes = store.get(CLIENT_STATE_KEY)
  if (!bytes) throw errors.clientNotFound()
  return ClientState.decode(unwrap(bytes, ETHEREUM_CLIENT_STATE_TYPE_URL))
}

/** Stores the client state. */
export function writeClientState(store: ClientStore, state: ClientState): void {
  store.set(
    CLIENT_STATE_KEY,
    wrap(packAny(ETHEREUM_CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())),
  )
}

/** The consensus state at a slot, if the client has it. */
export function readConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  const bytes = store.get(consensusStateKey(slot))
  return bytes && ConsensusState.decode(unwrap(bytes, ETHEREUM_CONSENSUS_STATE_TYPE_URL))
}

/** Stores a consensus state and when and where it was processed. */
export function writeConsensusState(
  store: ClientStore,
  slot: bigint,
  state: ConsensusState,
  context: ClientContext,
): void {
  assert(state.bootstrap === undefined, 'a bootstrap is never stored')
  const key = consensusStateKey(slot)
  const { revisionNumber, revisionHeight } = context.height
  store.set(key, wrap(packAny(ETHEREUM_CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(state).finish())))
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

/** The lowest slot that the client has a consensus state of. */
export function lowestSlot(store: ClientStore): bigint | undefined {
  return firstSlot(store.iterate(SLOTS_PREFIX, prefixEnd(SLOTS_PREFIX)))
}

/** All slots that the client has a consensus state of, ascending. */
export function slots(store: ClientStore, max = Infinity): bigint[] {
  const found: bigint[] = []
  for (const [key] of store.iterate(SLOTS_PREFIX, prefixEnd(SLOTS_PREFIX))) {
    if (found.length >= max) break
    found.push(fromBe64(key, SLOTS_PREFIX.length))
  }
  return found
}

/** The consensus state just below a slot. */
export function previousConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  const previous = firstSlot(store.iterate(SLOTS_PREFIX, slotKey(slot), true))
  return previous === undefined ? undefined : readConsensusState(store, previous)
}

/** The consensus state just above a slot. */
export function nextConsensusState(store: ClientStore, slot: bigint): ConsensusState | undefined {
  const next = firstSlot(store.iterate(slotKey(slot + 1n), prefixEnd(SLOTS_PREFIX)))
  return next === undefined ? undefined : readConsensusState(store, next)
}

/** The committee of a period as it was written, if the client knows it. */
export function readCommitteeBytes(store: ClientStore, period: bigint): Uint8Array | undefined {
  return store.get(committeeKey(period))
}

/** Whether the client knows the committee of a period. */
export function hasCommittee(store: ClientStore, period: bigint): boolean {
  return store.get(periodKey(period)) !== undefined
}

/** Stores the committee of a period. */
export function writeCommittee(store: ClientStore, period: bigint, bytes: Uint8Array): void {
  store.set(committeeKey(period), bytes)
  store.set(periodKey(period), PRESENT)
}

/** Removes the committee of a period. */
export function deleteCommittee(store: ClientStore, period: bigint): void {
  store.delete(committeeKey(period))
  store.delete(periodKey(period))
}

/** The lowest period that the client knows the committee of. */
export function lowestPeriod(store: ClientStore): bigint | undefined {
  for (const [key] of store.iterate(PERIODS_PREFIX, prefixEnd(PERIODS_PREFIX)))
    return fromBe64(key, PERIODS_PREFIX.length)
  return undefined
}

/** All periods that the client knows the committees of, ascending. */
export function periods(store: ClientStore): bigint[] {
  return [...store.iterate(PERIODS_PREFIX, prefixEnd(PERIODS_PREFIX))].map(([key]) =>
    fromBe64(key, PERIODS_PREFIX.length),
  )
}

/** The newest head that was attested to, if any is newer than what is final. */
export function readOptimisticHead(store: ClientStore): OptimisticHead | undefined {
  const bytes = store.get(OPTIMISTIC_HEAD_KEY)
  return bytes && OptimisticHead.decode(bytes)
}

/** Stores the newest attested head. */
export function writeOptimisticHead(store: ClientStore, head: OptimisticHead): void {
  store.set(OPTIMISTIC_HEAD_KEY, OptimisticHead.encode(head).finish())
}

/** Removes the newest attested head. */
export function deleteOptimisticHead(store: ClientStore): void {
  if (store.get(OPTIMISTIC_HEAD_KEY) !== undefined) store.delete(OPTIMISTIC_HEAD_KEY)
}

/** The IBC height of a slot. */
export function heightOfSlot(slot: bigint): Height {
  return { revisionNumber: 0n, revisionHeight: slot }
}

function firstSlot(entries: Iterable<[Uint8Array, Uint8Array]>): bigint | undefined {
  for (const [key] of entries) return fromBe64(key, SLOTS_PREFIX.length)
  return undefined
}

function consensusStateKey(slot: bigint): Uint8Array {
  return utf8(`consensusStates/0-${slot}`)
}

function slotKey(slot: bigint): Uint8Array {
  return concatBytes(SLOTS_PREFIX, be64(slot))
}

function committeeKey(period: bigint): Uint8Array {
  return concatBytes(COMMITTEES_PREFIX, be64(period))
}

function periodKey(period: bigint): Uint8Array {
  return concatBytes(PERIODS_PREFIX, be64(period))
}

function wrap(any: Any): Uint8Array {
  return AnyCodec.encode(any).finish()
}

function unwrap(bytes: Uint8Array, typeUrl: string): Uint8Array {
  const any = AnyCodec.decode(bytes)
  assert(any.typeUrl === typeUrl, `the store holds ${any.typeUrl} where ${typeUrl} belongs`)
  return any.value
}
