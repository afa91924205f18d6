import { decodeStrict, type Any, type Codec } from '@causeway/protocol'
import {
  ClientState,
  CommitmentProof,
  ConsensusState,
} from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { isProtocolError } from '@causeway/primitives'
import type { TreePath } from '../commitments/tree.ts'
import { EPOCH_STAKES_BYTES_MAX } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'
import { SOLANA_CLIENT_STATE_TYPE_URL, SOLANA_CONSENSUS_STATE_TYPE_URL } from './type-urls.ts'

const CLIENT_STATE_BYTES_MAX = 4_096
const CONSENSUS_STATE_BYTES_MAX = EPOCH_STAKES_BYTES_MAX + 512
/** 32 siblings and what surrounds them. */
const PROOF_BYTES_MAX = 1_200

/** Decodes a new client's state. Throws `solana/7`, `/8`. */
export function decodeClientState(state: Any): ClientState {
  requireType(state, SOLANA_CLIENT_STATE_TYPE_URL)
  return decode(ClientState, state.typeUrl.slice(1), state.value, { maxBytes: CLIENT_STATE_BYTES_MAX })
}

/** Decodes a new client's consensus state. Throws `solana/7`, `/8`. */
export function decodeConsensusState(state: Any): ConsensusState {
  requireType(state, SOLANA_CONSENSUS_STATE_TYPE_URL)
  return decode(ConsensusState, state.typeUrl.slice(1), state.value, { maxBytes: CONSENSUS_STATE_BYTES_MAX })
}

/** Decodes a proof of membership or its absence. Throws `solana/8`. */
export function decodeCommitmentProof(bytes: Uint8Array): TreePath {
  const typeName = 'causeway.lightclients.solana.v1.CommitmentProof'
  const { present, siblings } = decode(CommitmentProof, typeName, bytes, { maxBytes: PROOF_BYTES_MAX })
  if (present === undefined) throw errors.malformed({ what: typeName, reason: 'a part is missing' })
  return { present, siblings }
}

/** Decodes a message strictly. Throws `solana/8`. */
export function decode<T>(
  codec: Codec<T>,
  typeName: string,
  bytes: Uint8Array,
  limits: { maxBytes: number; maxFields?: number },
): T {
  try {
    return decodeStrict(codec, typeName, bytes, limits)
  } catch (error) {
    if (isProtocolError(error)) throw errors.malformed({ what: typeName, reason: error.message })
    throw error
  }
}

function requireType(any: Any, typeUrl: string): void {
  if (any.typeUrl !== typeUrl) throw errors.unknownType({ typeUrl: any.typeUrl.slice(0, 100) })
}
