import type { SyncAggregate, SyncCommittee } from '../consensus/containers.ts'
import { isParticipant } from '../consensus/containers.ts'

/** Whether the members of a committee that an aggregate names signed the 32-byte root. */
export type VerifySyncAggregate = (
  committee: SyncCommittee,
  aggregate: SyncAggregate,
  signingRoot: Uint8Array,
) => boolean

/** BLS12-381 of one implementation, keys in G1, signatures in G2, ciphersuite `…_SSWU_RO_POP_`. */
export interface BlsScheme<Key> {
  /**
   * A decoded key; `undefined` for anything but a compressed point of the right subgroup that isn't infinity.
   */
  decodeKey(bytes: Uint8Array): Key | undefined
  /** Spec: IETF BLS signatures draft 4, `FastAggregateVerify`; keys are valid already. No error is thrown. */
  fastAggregateVerify(keys: readonly Key[], message: Uint8Array, signature: Uint8Array): boolean
}

const KEY_BYTES = 48
/** Committees whose decoded keys are remembered: two per chain are in use. */
const COMMITTEES_MAX = 8

/**
 * A verifier that decodes and validates the keys of a committee once. It remembers them by the committee's
 * object, so it can't change an answer; hand in the same object for the same committee.
 */
export function createSyncAggregateVerifier<Key>(scheme: BlsScheme<Key>): VerifySyncAggregate {
  const decoded = new Map<SyncCommittee, readonly (Key | undefined)[]>()
  const keysOf = (committee: SyncCommittee): readonly (Key | undefined)[] => {
    const known = decoded.get(committee)
    if (known) return known
    const keys = decodeKeys(scheme, committee.pubkeys)
    if (decoded.size >= COMMITTEES_MAX)
      for (const oldest of decoded.keys()) {
        decoded.delete(oldest)
        break
      }
    decoded.set(committee, keys)
    return keys
  }
  return (committee, aggregate, signingRoot) => {
    const participants: Key[] = []
    for (const [index, key] of keysOf(committee).entries()) {
      if (!isParticipant(aggregate, index)) continue
      if (key === undefined) return false
      participants.push(key)
    }
    return scheme.fastAggregateVerify(participants, signingRoot, aggregate.syncCommitteeSignature)
  }
}

/** A committee may hold a key several times: each is decoded once. */
function decodeKeys<Key>(scheme: BlsScheme<Key>, pubkeys: Uint8Array): (Key | undefined)[] {
  return Array.from({ length: pubkeys.length / KEY_BYTES }, (_, i) =>
    scheme.decodeKey(pubkeys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES)),
  )
}
