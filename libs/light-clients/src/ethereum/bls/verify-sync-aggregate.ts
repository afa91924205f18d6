import { concatBytes } from '@causeway/primitives'
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
  /** The key as 96 bytes, x ‖ y big-endian, no flags. */
  expandKey(key: Key): Uint8Array
  /** The key that `expandKey` gave; the subgroup isn't checked again. `undefined` for what is no point. */
  loadKey(bytes: Uint8Array): Key | undefined
  /** Spec: IETF BLS signatures draft 4, `FastAggregateVerify`; keys are valid already. No error is thrown. */
  fastAggregateVerify(keys: readonly Key[], message: Uint8Array, signature: Uint8Array): boolean
}

/** Verifies what committees signed, and keeps their keys in a form that is cheap to read back. */
export interface CommitteeVerifier {
  readonly verify: VerifySyncAggregate
  /** The keys of a committee, decoded and validated, 96 bytes each; `undefined` when one is not valid. */
  expandKeys(committee: SyncCommittee): Uint8Array | undefined
  /** Tells the keys of a committee, as `expandKeys` gave them: they aren't validated again. */
  loadKeys(committee: SyncCommittee, expanded: Uint8Array): void
}

const KEY_BYTES = 48
/** An expanded key. */
export const EXPANDED_KEY_BYTES = 96

/**
 * A verifier that decodes and validates the keys of a committee once. It remembers them by the committee's
 * object, as long as that lives, so it can't change an answer; hand in the same object for the same
 * committee.
 */
export function createCommitteeVerifier<Key>(scheme: BlsScheme<Key>): CommitteeVerifier {
  const known = new WeakMap<SyncCommittee, readonly (Key | undefined)[]>()
  const keysOf = (committee: SyncCommittee): readonly (Key | undefined)[] => {
    const keys = known.get(committee) ?? split(committee.pubkeys, KEY_BYTES).map(scheme.decodeKey)
    known.set(committee, keys)
    return keys
  }
  return {
    verify(committee, aggregate, signingRoot) {
      const participants: Key[] = []
      for (const [index, key] of keysOf(committee).entries()) {
        if (!isParticipant(aggregate, index)) continue
        if (key === undefined) return false
        participants.push(key)
      }
      return scheme.fastAggregateVerify(participants, signingRoot, aggregate.syncCommitteeSignature)
    },
    expandKeys(committee) {
      const keys = keysOf(committee)
      const valid = keys.filter((key) => key !== undefined)
      return valid.length < keys.length ? undefined : concatBytes(...valid.map(scheme.expandKey))
    },
    loadKeys(committee, expanded) {
      known.set(committee, split(expanded, EXPANDED_KEY_BYTES).map(scheme.loadKey))
    },
  }
}

/** The verifier alone. */
export function createSyncAggregateVerifier<Key>(scheme: BlsScheme<Key>): VerifySyncAggregate {
  return createCommitteeVerifier(scheme).verify
}

function split(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}
