import { EMPTY_BYTES } from './bytes.ts'
import { assert } from './errors.ts'
import { sha256, sha256Concat } from './sha256/sha256.ts'

const LEAF_PREFIX = Uint8Array.of(0)
const INNER_PREFIX = Uint8Array.of(1)

/** What ties one leaf to the root: `tendermint.crypto.Proof` and the directions of its aunts. */
export interface MerkleProof {
  readonly total: number
  readonly index: number
  readonly leafHash: Uint8Array
  /** Hashes to combine with, from the leaf upwards. */
  readonly aunts: readonly Uint8Array[]
  /** For each aunt, whether the proven side is the left one. */
  readonly isLeft: readonly boolean[]
}

/**
 * Root of the simple Merkle tree that CometBFT uses everywhere (crypto/merkle: RFC 6962 prefixes, split at
 * the largest power of two below the length). The root of no leaves is SHA-256 of nothing.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return merkleRootOfLeafHashes(leaves.map(leafHash))
}

/** The same from the leaves' hashes. */
export function merkleRootOfLeafHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? sha256(EMPTY_BYTES) : rootOfRange(hashes, 0, hashes.length)
}

/** The root, and a proof for each leaf. */
export function merkleProofs(leaves: readonly Uint8Array[]): { root: Uint8Array; proofs: MerkleProof[] } {
  const proofs = leaves.map((leaf, index) => ({
    total: leaves.length,
    index,
    leafHash: leafHash(leaf),
    aunts: [] as Uint8Array[],
    isLeft: [] as boolean[],
  }))
  const root = proofs.length === 0 ? sha256(EMPTY_BYTES) : collectAunts(proofs, 0, proofs.length)
  return { root, proofs }
}

/** The root that a proof leads to; undefined when its number of aunts doesn't fit its index and total. */
export function merkleRootOf(
  proof: Pick<MerkleProof, 'total' | 'index' | 'leafHash' | 'aunts'>,
): Uint8Array | undefined {
  const { total, index, leafHash: leaf, aunts } = proof
  if (!Number.isSafeInteger(total) || !Number.isSafeInteger(index)) return undefined
  if (index < 0 || index >= total) return undefined
  const sides: boolean[] = []
  for (let at = index, size = total; size > 1;) {
    const split = splitPoint(size)
    sides.unshift(at < split)
    size = at < split ? split : size - split
    at = at < split ? at : at - split
  }
  if (sides.length !== aunts.length) return undefined
  return sides.reduce(
    (hash, isLeft, i) => (isLeft ? innerHash(hash, aunts[i]!) : innerHash(aunts[i]!, hash)),
    leaf,
  )
}

/** Hash of a leaf: sha256(00 ‖ leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256Concat(LEAF_PREFIX, leaf)
}

/** Hash of an inner node: sha256(01 ‖ left ‖ right). */
export function innerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256Concat(INNER_PREFIX, left, right)
}

function rootOfRange(hashes: readonly Uint8Array[], start: number, end: number): Uint8Array {
  if (end - start === 1) return hashes[start]!
  const middle = start + splitPoint(end - start)
  return innerHash(rootOfRange(hashes, start, middle), rootOfRange(hashes, middle, end))
}

function collectAunts(
  proofs: readonly { leafHash: Uint8Array; aunts: Uint8Array[]; isLeft: boolean[] }[],
  start: number,
  end: number,
): Uint8Array {
  if (end - start === 1) return proofs[start]!.leafHash
  const middle = start + splitPoint(end - start)
  const left = collectAunts(proofs, start, middle)
  const right = collectAunts(proofs, middle, end)
  for (let i = start; i < end; i++) {
    proofs[i]!.aunts.push(i < middle ? right : left)
    proofs[i]!.isLeft.push(i < middle)
  }
  return innerHash(left, right)
}

/** The largest power of two below `length`. */
function splitPoint(length: number): number {
  assert(length > 1, 'only two or more leaves are split')
  let split = 1
  while (split * 2 < length) split *= 2
  return split
}
