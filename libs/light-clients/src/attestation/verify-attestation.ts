import { equalBytes } from '@causeway/primitives'
import { ATTESTATION_DOMAIN, attestationBytes, requireLength } from './attestation-bytes.ts'
import type { AttestationMessage } from './attestation-bytes.ts'
import { attestorSetHash, isAttestorAt } from './attestor-set.ts'
import type { Attestor, AttestorSet } from './attestor-set.ts'
import { KEY_BYTES, SIGNATURE_BYTES } from './bls/points.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { errors } from './errors.ts'

/** A member of the set that did not sign, with its place in the set proven. */
export interface Absentee extends Attestor {
  readonly index: number
  /** Siblings from the leaf upwards, 32 bytes each. */
  readonly proof: readonly Uint8Array[]
}

/** What a relayer shows a client: nothing of it is believed before it is checked. */
export interface AttestationHeader {
  readonly message: AttestationMessage
  readonly set: AttestorSet
  /** Ascending by index. */
  readonly absentees: readonly Absentee[]
  /** Sum of the signatures of everybody else, 96 bytes. */
  readonly signature: Uint8Array
}

/** Who stands behind an attestation. */
export interface Signers {
  /** Sum of the keys that signed. */
  readonly key: Uint8Array
  readonly power: bigint
}

/**
 * Checks that more than two thirds of the set with this hash signed the message: the set is the one that the
 * client knows, absentees are proven members of it, each named once, and what is left without them signed.
 * Throws `attestation/1`, `/6` – `/13`.
 */
export function verifyAttestation(
  scheme: BlsScheme,
  header: AttestationHeader,
  setHash: Uint8Array,
): Signers {
  const { message, set, signature } = header
  requireLength('signature', signature, SIGNATURE_BYTES)
  const bytes = attestationBytes(message)
  // 1. The set, as a whole: neither the aggregate key nor the total power is the relayer's word
  if (!equalBytes(attestorSetHash(set), setHash)) throw errors.setMismatch()
  // 2. Who is absent
  const power = powerWithout(header)
  // 3. What is left signed
  const key = scheme.subtractKeys(
    set.aggregateKey,
    header.absentees.map((absentee) => absentee.key),
  )
  if (key === undefined) throw errors.noSigningKey()
  if (!scheme.verify([key], bytes, ATTESTATION_DOMAIN, signature)) throw errors.wrongSignature()
  return { key, power }
}

/** The power of the set less that of proven absentees; ascending, so that nobody is subtracted twice. */
function powerWithout({ set, absentees }: AttestationHeader): bigint {
  let absent = 0n
  let last = -1
  for (const { index, key, power, proof } of absentees) {
    requireLength('key', key, KEY_BYTES)
    if (index <= last) throw errors.absenteeOrder({ index, after: last })
    if (index >= set.count) throw errors.absenteeIndex({ index, count: set.count })
    if (!isAttestorAt(set, index, { key, power }, proof)) throw errors.absenteeProof({ index })
    last = index
    absent += power
    if (absent > set.totalPower) throw errors.absentPower({ absent, total: set.totalPower })
  }
  const signed = set.totalPower - absent
  if (3n * signed <= 2n * set.totalPower) throw errors.tooLittlePower({ signed, total: set.totalPower })
  return signed
}
