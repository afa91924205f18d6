import { SIGNATURE_BYTES, ATTESTATION_DOMAIN } from '@causeway/light-clients'
import type { BlsG1Scheme } from '@causeway/light-clients'

/** A signature that says it is an attestor's. */
export interface ClaimedSignature {
  /** Of the attestor in its set. */
  readonly index: number
  readonly key: Uint8Array
  readonly signature: Uint8Array
}

/** Who signed, and the sum of their signatures; nothing when nobody did. */
export interface Signed {
  /** Ascending. */
  readonly indices: readonly number[]
  readonly signature: Uint8Array
}

/** What became of the signatures of a height. */
export interface Aggregation {
  /** Nothing when no signature holds. */
  readonly signed: Signed | undefined
  /** Indices of signatures that were checked and do not hold. */
  readonly bad: readonly number[]
}

/**
 * Adds up the signatures that hold. One check is enough when all do; else halves are checked, and halves of
 * the half that fails, until the bad ones stand alone: at most 2n − 1 checks. Signatures that hold together
 * but not alone (their makers agreed on that) count: the sum is what a client verifies.
 */
export function aggregate(
  scheme: BlsG1Scheme,
  bytes: Uint8Array,
  claimed: readonly ClaimedSignature[],
): Aggregation {
  const wellFormed = claimed.filter(({ signature }) => signature.length === SIGNATURE_BYTES)
  const groups = holding(scheme, bytes, wellFormed)
  // Keys that are each other's negation are both good, and their signatures cancel out: without one of the
  // groups the others' sum is that group's negation, and no longer nothing.
  const signed = groups.length === 0 ? undefined : (sumOf(scheme, groups) ?? sumOf(scheme, groups.slice(1)))
  const good = new Set(groups.flatMap(({ indices }) => indices))
  return { signed, bad: wellFormed.map(({ index }) => index).filter((index) => !good.has(index)) }
}

/** Adds signatures of others to what is there; as it was when they cancel out. */
export function merge(scheme: BlsG1Scheme, present: Signed | undefined, more: Signed): Signed {
  if (present === undefined) return more
  const signature = scheme.addSignatures([present.signature, more.signature])
  const indices = [...present.indices, ...more.indices].sort((a, b) => a - b)
  return signature === undefined ? present : { indices, signature }
}

function sumOf(scheme: BlsG1Scheme, groups: readonly Signed[]): Signed | undefined {
  const signature = scheme.addSignatures(groups.map((group) => group.signature))
  if (signature === undefined) return undefined
  return { indices: groups.flatMap((group) => group.indices).sort((a, b) => a - b), signature }
}

function holding(scheme: BlsG1Scheme, bytes: Uint8Array, claimed: readonly ClaimedSignature[]): Signed[] {
  const signature = scheme.addSignatures(claimed.map((claim) => claim.signature))
  if (signature !== undefined) {
    const keys = claimed.map(({ key }) => key)
    if (scheme.verify(keys, bytes, ATTESTATION_DOMAIN, signature))
      return [{ indices: claimed.map(({ index }) => index), signature }]
  }
  if (claimed.length <= 1) return []
  const middle = claimed.length >> 1
  return [
    ...holding(scheme, bytes, claimed.slice(0, middle)),
    ...holding(scheme, bytes, claimed.slice(middle)),
  ]
}
