import { assert } from '@causeway/primitives'
import { sha256, sha256Of2, sha256Of3 } from '../sha256/sha256.ts'

const LEAF_PREFIX = Uint8Array.of(0)
const INNER_PREFIX = Uint8Array.of(1)
const EMPTY = new Uint8Array(0)

/** The audit path of one leaf, as `tendermint.crypto.Proof` carries it. */
export interface MerkleProof {
  total: bigint
  index: bigint
  leafHash: Uint8Array
  aunts: Uint8Array[]
}

/**
 * Root of CometBFT's simple Merkle tree (RFC 6962) over byte strings; SHA-256 of nothing when there are none.
 */
export function merkleRoot(items: readonly Uint8Array[]): Uint8Array {
  return merkleRootOfLeafHashes(items.map(leafHash))
}

/** The same from the leaves' hashes. */
export function merkleRootOfLeafHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.length === 0 ? sha256(EMPTY) : rootOfRange(hashes, 0, hashes.length)
}

/** Root and the audit path of every leaf. */
export function merkleProofs(items: readonly Uint8Array[]): { root: Uint8Array; proofs: MerkleProof[] } {
  const hashes = items.map(leafHash)
  const total = BigInt(hashes.length)
  const proofs = hashes.map((hash, index) => ({
    total,
    index: BigInt(index),
    leafHash: hash,
    aunts: [] as Uint8Array[],
  }))
  const root = hashes.length === 0 ? sha256(EMPTY) : collectAunts(hashes, proofs, 0, hashes.length)
  return { root, proofs }
}

/** Hash of a leaf. */
export function leafHash(item: Uint8Array): Uint8Array {
  return sha256Of2(LEAF_PREFIX, item)
}

function rootOfRange(hashes: readonly Uint8Array[], start: number, end: number): Uint8Array {
  if (end - start === 1) return hashes[start]!
  const middle = start + splitPoint(end - start)
  return sha256Of3(INNER_PREFIX, rootOfRange(hashes, start, middle), rootOfRange(hashes, middle, end))
}

function collectAunts(hashes: Uint8Array[], proofs: MerkleProof[], start: number, end: number): Uint8Array {
  if (end - start === 1) return hashes[start]!
  const middle = start + splitPoint(end - start)
  const left = collectAunts(hashes, proofs, start, middle)
  const right = collectAunts(hashes, proofs, middle, end)
  for (let i = start; i < middle; i++) proofs[i]!.aunts.push(right)
  for (let i = middle; i < end; i++) proofs[i]!.aunts.push(left)
  return sha256Of3(INNER_PREFIX, left, right)
}

/** The largest power of two below `length`. */
function splitPoint(length: number): number {
  assert(length > 1, 'only a range of several leaves is split')
  return 1 << (31 - Math.clz32(length - 1))
}
