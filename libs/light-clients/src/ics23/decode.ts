import { decodeStrict } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { isProtocolError } from '@causeway/primitives'
import { errors } from './errors.ts'

/** The largest proof that is looked at. */
export const PROOF_BYTES_MAX = 262_144

/** Decodes a single proof from outside. Throws `ics23/1`, `/2`. */
export function decodeCommitmentProof(bytes: Uint8Array): CommitmentProof {
  return bounded(bytes, () => decodeStrict(CommitmentProof, 'cosmos.ics23.v1.CommitmentProof', bytes, LIMITS))
}

/** Decodes a chained proof from outside. Throws `ics23/1`, `/2`. */
export function decodeMerkleProof(bytes: Uint8Array): MerkleProof {
  return bounded(bytes, () => decodeStrict(MerkleProof, 'ibc.core.commitment.v1.MerkleProof', bytes, LIMITS))
}

const LIMITS = { maxBytes: PROOF_BYTES_MAX, maxDepth: 8, maxFields: 65_536 }

function bounded<T>(bytes: Uint8Array, decode: () => T): T {
  if (bytes.length > PROOF_BYTES_MAX) {
    throw errors.tooLarge({ what: 'the proof', size: bytes.length, max: PROOF_BYTES_MAX })
  }
  try {
    return decode()
  } catch (error) {
    if (isProtocolError(error)) throw errors.malformed({ reason: error.message })
    throw error
  }
}
