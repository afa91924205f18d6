import { equalBytes, toHex } from '@causeway/primitives'
import { ATTESTATION_DOMAIN, attestationBytes, requireLength } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { KEY_BYTES, SIGNATURE_BYTES } from './bls/points.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { errors } from './errors.ts'

/** A signature over an attestation that the chain never made: of one attestor, or an aggregate of several. */
export interface AttestationEvidence {
  readonly message: AttestationMessage
  /** Keys of everybody who signed, 192 bytes each, none twice. */
  readonly keys: readonly Uint8Array[]
  readonly signature: Uint8Array
}

/**
 * Checks that all named keys signed another attestation than the chain's own of that height, of which
 * `recorded` are the bytes; absent for a height that the chain has not begun, whose attestation nobody can
 * honestly sign. Whose the keys are is the caller's to find. Throws `attestation/1`, `/5`, `/13`, `/40`,
 * `/41`.
 */
export function verifyAttestationEvidence(
  scheme: BlsScheme,
  { message, keys, signature }: AttestationEvidence,
  recorded: Uint8Array | undefined,
): void {
  if (keys.length === 0) throw errors.noSigners()
  requireLength('signature', signature, SIGNATURE_BYTES)
  const seen = new Set<string>()
  for (const [index, key] of keys.entries()) {
    const name = toHex(requireLength('key', key, KEY_BYTES))
    if (seen.has(name)) throw errors.repeatedKey({ index })
    seen.add(name)
  }
  const bytes = attestationBytes(message)
  if (recorded !== undefined && equalBytes(bytes, recorded)) throw errors.sameAttestation()
  if (!scheme.verify(keys, bytes, ATTESTATION_DOMAIN, signature)) throw errors.wrongSignature()
}
