import type { ExistenceProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'

/** A leaf is hashed with its key and its value, each of which may be hashed before. */
const LEAF_HASHES = 3

/**
 * How many hashes checking a chained proof takes at most. The left neighbour of an absence proof is climbed
 * twice: once for the root that it leads to, once to be verified under it.
 */
export function hashCount(proof: MerkleProof): number {
  let count = 0
  for (const { exist, nonexist } of proof.proofs) {
    count += pathHashes(exist)
    if (nonexist) count += pathHashes(nonexist.left ?? nonexist.right) + pathHashes(nonexist.left)
    if (nonexist) count += pathHashes(nonexist.right)
  }
  return count
}

function pathHashes(proof: ExistenceProof | undefined): number {
  return proof === undefined ? 0 : LEAF_HASHES + proof.path.length
}
