import { be64, concatBytes, sha256, utf8 } from '@causeway/primitives'
import { errors } from './errors.ts'

/** What the attestors of a height sign: all of it is fixed once the height before is committed. */
export interface AttestationMessage {
  readonly chainId: string
  readonly height: bigint
  /** Time of block `height` − 1 in whole seconds since 1970, rounded down. */
  readonly timeSeconds: bigint
  /** The app hash in header `height`: the state after `height` − 1, 32 bytes. */
  readonly appHash: Uint8Array
  /** Hash of the set that signs `height` + 1, 32 bytes. */
  readonly nextSetHash: Uint8Array
}

/** Ciphersuite of attestations. Spec: RFC 9380, 8.10; IETF BLS signatures draft 5, 4.2.3. */
export const ATTESTATION_DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'

const PREFIX = utf8('causeway/attestation/v1')
const HASH_BYTES = 32

/**
 * The bytes that are signed: prefix ‖ H(chain id) ‖ BE64(height) ‖ BE64(time) ‖ app hash ‖ next set's hash,
 * 135 in all. Throws `attestation/1`, and `primitives/20` for a height or time beyond 64 bits.
 */
export function attestationBytes(message: AttestationMessage): Uint8Array {
  return concatBytes(
    PREFIX,
    sha256(utf8(message.chainId)),
    be64(message.height),
    be64(message.timeSeconds),
    requireLength('app hash', message.appHash, HASH_BYTES),
    requireLength('next set hash', message.nextSetHash, HASH_BYTES),
  )
}

/** The bytes, when they are as many as expected. Throws `attestation/1`. */
export function requireLength(what: string, bytes: Uint8Array, expected: number): Uint8Array {
  if (bytes.length !== expected) throw errors.wrongLength({ what, size: bytes.length, expected })
  return bytes
}
