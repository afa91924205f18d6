import { assert, be16, be32, be64, concatBytes, equalBytes, sha256, utf8 } from '@causeway/primitives'
import { ATTESTATION_DOMAIN, attestationBytes } from '@causeway/light-clients'
import type { Absentee, AttestationHeader, AttestationMessage } from '@causeway/light-clients'
import { hashToG1Hints } from './hints/hash-to-g1-hints.ts'

/** An attestation's bytes as they are signed, behind the prefix and the chain id's hash. */
export const ATTESTATION_BYTES = 80

/**
 * A header as the program reads it, hints included; two of them, one after the other, are misbehaviour.
 * Absentees' proofs end where they meet the one before. The bytes are defined in
 * programs/hub-client/src/message.rs.
 */
export function encodeHeader({ message, set, absentees, signature }: AttestationHeader): Uint8Array {
  assert(absentees.length < 0x1_0000, 'a count of 16 bits')
  return concatBytes(
    encodeAttestation(message),
    set.leafRoot,
    be32(set.count),
    be64(set.totalPower),
    set.aggregateKey,
    signature,
    hashToG1Hints(attestationBytes(message), ATTESTATION_DOMAIN),
    be16(absentees.length),
    ...absentees.flatMap(({ index, key, power }, i) => {
      const proof = shortenedProof(absentees, i)
      return [be32(index), key, be64(power), Uint8Array.of(proof.length), ...proof]
    }),
  )
}

/** Siblings of an absentee's leaf up to where they meet the path of the absentee before. */
function shortenedProof(absentees: readonly Absentee[], i: number): readonly Uint8Array[] {
  const { proof } = absentees[i]!
  const before = absentees[i - 1]?.proof ?? []
  let common = 0
  while (common < Math.min(proof.length, before.length)) {
    if (!equalBytes(proof.at(-1 - common)!, before.at(-1 - common)!)) break
    common++
  }
  return proof.slice(0, proof.length - common)
}

/** Height, time, app hash and next set hash. */
export function encodeAttestation({
  height,
  timeSeconds,
  appHash,
  nextSetHash,
}: Omit<AttestationMessage, 'chainId'>): Uint8Array {
  return concatBytes(be64(height), be64(timeSeconds), appHash, nextSetHash)
}

/** What a client begins with, as the program reads it. */
export function encodeTrusted(trusted: AttestationMessage, setHash: Uint8Array): Uint8Array {
  return concatBytes(encodeAttestation(trusted), setHash, utf8(trusted.chainId))
}

/** Seed of a client's address. */
export function hubClientId(encodedTrusted: Uint8Array): Uint8Array {
  return sha256(encodedTrusted)
}
