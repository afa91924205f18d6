import { assert, EMPTY_BYTES, sha256, sha256Concat } from '@causeway/primitives'

/**
 * What ties one leaf to the root of a simple Merkle tree: `tendermint.crypto.Proof` and the directions of its
 * aunts.
 */
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
 * Root of the Merkle tree that CometBFT uses everywhere (crypto/merkle: RFC 6962 prefixes, split at the
 * largest power of two below the length). The root of no leaves is SHA-256 of nothing.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(EMPTY_BYTES)
  if (leaves.length === 1) return leafHash(leaves[0]!)
  const split = splitPoint(leaves.length)
  return innerHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)))
}

/** The root, and a proof for each leaf. */
export function merkleProofs(leaves: readonly Uint8Array[]): { root: Uint8Array; proofs: MerkleProof[] } {
  const builders = leaves.map((leaf, index) => ({
    total: leaves.length,
    index,
    leafHash: leafHash(leaf),
    aunts: [] as Uint8Array[],
    isLeft: [] as boolean[],
  }))
  const root = builders.length === 0 ? sha256(EMPTY_BYTES) : combine(builders)
  return { root, proofs: builders }
}

/** The root that a proof leads to; undefined when its number of aunts doesn't fit its index and total. */
export function merkleRootOf(
  proof: Pick<MerkleProof, 'total' | 'index' | 'leafHash' | 'aunts'>,
): Uint8Array | undefined {
  const { total, index, leafHash: leaf, aunts } = proof
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
  return sha256Concat(Uint8Array.of(0), leaf)
}

/** Hash of an inner node: sha256(01 ‖ left ‖ right). */
export function innerHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256Concat(Uint8Array.of(1), left, right)
}

function combine(
  part: readonly { leafHash: Uint8Array; aunts: Uint8Array[]; isLeft: boolean[] }[],
): Uint8Array {
  if (part.length === 1) return part[0]!.leafHash
  const split = splitPoint(part.length)
  const left = combine(part.slice(0, split))
  const right = combine(part.slice(split))
  part.forEach((proof, i) => {
    proof.aunts.push(i < split ? right : left)
    proof.isLeft.push(i < split)
  })
  return innerHash(left, right)
}

/** The largest power of two below `length`. */
function splitPoint(length: number): number {
  assert(length > 1, 'only two or more leaves are split')
  let split = 1
  while (split * 2 < length) split *= 2
  return split
}
