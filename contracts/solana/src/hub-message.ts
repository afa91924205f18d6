import { assert, equalBytes, sha256, shortenPaths } from '@causeway/primitives'
import { ATTESTATION_DOMAIN, attestationBytes } from '@causeway/light-clients'
import type { AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { encodeAttestation as encode, encodeHeader as encodeWhole } from './generated/hub-client.ts'
import { encodeInitialiseMessage } from './generated/hub-client.ts'
import { hashToG1Hints } from './hints/hash-to-g1-hints.ts'

/** An attestation's bytes as they are signed, behind the prefix and the chain id's hash. */
export const ATTESTATION_BYTES = 80

/**
 * A header as the program reads it, hints included; two of them, one after the other, are misbehaviour.
 * Absentees' proofs end where they meet the one before.
 */
export function encodeHeader({ message, set, absentees, signature }: AttestationHeader): Uint8Array {
  assert(absentees.length < 0x1_0000, 'a count of 16 bits')
  const siblings = shortenPaths(
    absentees.map(({ proof }) => proof),
    equalBytes,
  )
  return encodeWhole({
    attestation: message,
    set,
    signature,
    hints: hashToG1Hints(attestationBytes(message), ATTESTATION_DOMAIN),
    absentees: absentees.map((absentee, i) => ({ ...absentee, siblings: siblings[i]! })),
  })
}

/** Height, time, app hash and next set hash. */
export function encodeAttestation(message: Omit<AttestationMessage, 'chainId'>): Uint8Array {
  return encode(message)
}

/** What a client begins with, as the program reads it. */
export function encodeTrusted(trusted: AttestationMessage, setHash: Uint8Array): Uint8Array {
  return encodeInitialiseMessage({ ...trusted, setHash })
}

/** Seed of a client's address. */
export function hubClientId(encodedTrusted: Uint8Array): Uint8Array {
  return sha256(encodedTrusted)
}
