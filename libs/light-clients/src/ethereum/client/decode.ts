import { decodeStrict, type Any, type Codec } from '@causeway/protocol'
import {
  ClientState,
  ConsensusState,
  StorageProof,
  type Bootstrap,
} from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { isProtocolError } from '@causeway/primitives'
import type { LightClientBootstrap } from '../consensus/containers.ts'
import type { ChainConfig, ForkName } from '../consensus/forks.ts'
import { FORK_NAMES, forkAt } from '../consensus/forks.ts'
import { decodeLightClientBootstrap } from '../consensus/ssz-update.ts'
import { errors } from '../errors.ts'
import type { ContractStorageProof } from '../state/ibc-commitment.ts'
import { ETHEREUM_CLIENT_STATE_TYPE_URL, ETHEREUM_CONSENSUS_STATE_TYPE_URL } from './type-urls.ts'

const CLIENT_STATE_BYTES_MAX = 4_096
/** A bootstrap with its committee of at most 1,024 keys. */
const CONSENSUS_STATE_BYTES_MAX = 65_536
/** Two proofs of at most 65 nodes of at most 1,024 bytes. */
const PROOF_BYTES_MAX = 140_000

/** Decodes a new client's state. Throws `ethereum/7`, `/8`. */
export function decodeClientState(state: Any): ClientState {
  requireType(state, ETHEREUM_CLIENT_STATE_TYPE_URL)
  return decode(ClientState, state.typeUrl.slice(1), state.value, CLIENT_STATE_BYTES_MAX)
}

/** Decodes a new client's consensus state. Throws `ethereum/7`, `/8`. */
export function decodeConsensusState(state: Any): ConsensusState {
  requireType(state, ETHEREUM_CONSENSUS_STATE_TYPE_URL)
  return decode(ConsensusState, state.typeUrl.slice(1), state.value, CONSENSUS_STATE_BYTES_MAX)
}

/** Decodes a proof of membership or its absence. Throws `ethereum/8`. */
export function decodeStorageProof(bytes: Uint8Array): ContractStorageProof {
  const typeName = 'causeway.lightclients.ethereum.v1.StorageProof'
  return decode(StorageProof, typeName, bytes, PROOF_BYTES_MAX)
}

/** Decodes a bootstrap, whose types must be those of its header's fork. Throws `ethereum/12`, `/30`. */
export function decodeBootstrap(config: ChainConfig, message: Bootstrap): LightClientBootstrap {
  const fork = requireFork(message.fork)
  const bootstrap = decodeLightClientBootstrap(message.lightClientBootstrap, fork, config)
  requireForkAt(config, fork, bootstrap.header.beacon.slot)
  return bootstrap
}

/** A fork by its name. Throws `ethereum/12`. */
export function requireFork(name: string): ForkName {
  const fork = FORK_NAMES.find((known) => known === name)
  if (!fork || fork === 'phase0') throw errors.wrongFork({ fork: name.slice(0, 32), expected: 'another' })
  return fork
}

/** Throws `ethereum/12` unless `fork` holds at `slot`. */
export function requireForkAt(config: ChainConfig, fork: ForkName, slot: bigint): void {
  const expected = forkAt(config, slot).name
  if (fork !== expected) throw errors.wrongFork({ fork, expected })
}

/** Decodes a message strictly. Throws `ethereum/8`. */
export function decode<T>(codec: Codec<T>, typeName: string, bytes: Uint8Array, maxBytes: number): T {
  try {
    return decodeStrict(codec, typeName, bytes, { maxBytes })
  } catch (error) {
    if (isProtocolError(error)) throw errors.malformed({ what: typeName, reason: error.message })
    throw error
  }
}

function requireType(any: Any, typeUrl: string): void {
  if (any.typeUrl !== typeUrl) throw errors.unknownType({ typeUrl: any.typeUrl.slice(0, 100) })
}
