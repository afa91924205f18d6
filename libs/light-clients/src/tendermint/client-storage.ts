import { packAny, type Any, type Height } from '@causeway/protocol'
import { Any as AnyCodec } from '@causeway/protocol/google/protobuf/any'
import { ClientState, ConsensusState } from '@causeway/protocol/ibc/lightclients/tendermint/v1/tendermint'
import { assert, be64, concatBytes, prefixEnd, utf8 } from '@causeway/primitives'
import type { ClientContext, ClientStore } from '../light-client.ts'
import { completeClientState, type CompleteClientState } from './client-state.ts'
import { errors } from './errors.ts'
import { heightBytes, heightFromBytes, heightText } from './heights.ts'

/*
 * Keys and values of one client, byte for byte as ibc-go v10 stores them (07-tendermint store.go, 24-host
 * keys), so that a counterparty can prove them.
 */

/** Type URL of a client state. */
export const CLIENT_STATE_TYPE_URL = '/ibc.lightclients.tendermint.v1.ClientState'
/** Type URL of a consensus state. */
export const CONSENSUS_STATE_TYPE_URL = '/ibc.lightclients.tendermint.v1.ConsensusState'

const CLIENT_STATE_KEY = utf8('clientState')
const PROCESSED_TIME = utf8('/processedTime')
const PROCESSED_HEIGHT = utf8('/processedHeight')
const ITERATION_PREFIX = utf8('iterateConsensusStates')

/** The client state. Throws `07-tendermint/20` when there is none. */
export function readClientState(store: ClientStore): CompleteClientState {
  const bytes = store.get(CLIENT_STATE_KEY)
  if (!bytes) throw errors.clientNotFound()
  return completeClientState(ClientState.decode(unwrap(bytes, CLIENT_STATE_TYPE_URL)))
}

/** Stores the client state. */
export function writeClientState(store: ClientStore, state: CompleteClientState): void {
  store.set(CLIENT_STATE_KEY, wrap(packAny(CLIENT_STATE_TYPE_URL, ClientState.encode(state).finish())))
}

/** The consensus state at a height, if the client has it. */
export function readConsensusState(store: ClientStore, height: Height): ConsensusState | undefined {
  return decodeConsensusState(store.get(consensusStateKey(height)))
}

/** Stores a consensus state and when and where it was processed. */
export function writeConsensusState(
  store: ClientStore,
  height: Height,
  state: ConsensusState,
  context: ClientContext,
): void {
  const key = consensusStateKey(height)
  store.set(key, wrap(packAny(CONSENSUS_STATE_TYPE_URL, ConsensusState.encode(state).finish())))
  store.set(concatBytes(key, PROCESSED_TIME), be64(context.timeNanoseconds))
  store.set(concatBytes(key, PROCESSED_HEIGHT), utf8(heightText(context.height)))
  store.set(iterationKey(height), key)
}

/** Removes a consensus state and all that goes with it. */
export function deleteConsensusState(store: ClientStore, height: Height): void {
  const key = consensusStateKey(height)
  store.delete(key)
  store.delete(concatBytes(key, PROCESSED_TIME))
  store.delete(concatBytes(key, PROCESSED_HEIGHT))
  store.delete(iterationKey(height))
}

/** The lowest height that the client has a consensus state of. */
export function lowestHeight(store: ClientStore): Height | undefined {
  for (const [key] of store.iterate(ITERATION_PREFIX, prefixEnd(ITERATION_PREFIX))) {
    return heightFromBytes(key.subarray(ITERATION_PREFIX.length))
  }
  return undefined
}

/** All heights that the client has a consensus state of, ascending. */
export function heights(store: ClientStore, max = Infinity): Height[] {
  const found: Height[] = []
  for (const [key] of store.iterate(ITERATION_PREFIX, prefixEnd(ITERATION_PREFIX))) {
    if (found.length >= max) break
    found.push(heightFromBytes(key.subarray(ITERATION_PREFIX.length)))
  }
  return found
}

/** The consensus state just below a height. */
export function previousConsensusState(store: ClientStore, height: Height): ConsensusState | undefined {
  for (const [, key] of store.iterate(ITERATION_PREFIX, iterationKey(height), true)) {
    return decodeConsensusState(store.get(key))
  }
  return undefined
}

/** The consensus state just above a height. */
export function nextConsensusState(store: ClientStore, height: Height): ConsensusState | undefined {
  const after = concatBytes(iterationKey(height), Uint8Array.of(0))
  for (const [, key] of store.iterate(after, prefixEnd(ITERATION_PREFIX))) {
    return decodeConsensusState(store.get(key))
  }
  return undefined
}

/** Key of the consensus state at a height. */
export function consensusStateKey(height: Height): Uint8Array {
  return utf8(`consensusStates/${heightText(height)}`)
}

function iterationKey(height: Height): Uint8Array {
  return concatBytes(ITERATION_PREFIX, heightBytes(height))
}

function decodeConsensusState(bytes: Uint8Array | undefined): ConsensusState | undefined {
  return bytes && ConsensusState.decode(unwrap(bytes, CONSENSUS_STATE_TYPE_URL))
}

function wrap(any: Any): Uint8Array {
  return AnyCodec.encode(any).finish()
}

function unwrap(bytes: Uint8Array, typeUrl: string): Uint8Array {
  const any = AnyCodec.decode(bytes)
  assert(any.typeUrl === typeUrl, `the store holds ${any.typeUrl} where ${typeUrl} belongs`)
  return any.value
}
