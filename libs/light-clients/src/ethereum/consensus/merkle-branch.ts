import { equalBytes, sha256Concat } from '@causeway/primitives'
import type { MerkleBranch } from './containers.ts'
import { depthOf } from './forks.ts'

/** 32 zero bytes. Never written to. */
export const ZERO_ROOT: Uint8Array = new Uint8Array(32)

/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/**
 * Whether `branch` proves that `leaf` stands at a generalised index below `root`. A branch may be longer than
 * the index is deep, then what it begins with is zeros. Spec: altair `is_valid_normalized_merkle_branch`.
 */
export function isValidBranch(
  leaf: Uint8Array,
  branch: MerkleBranch,
  generalizedIndex: number,
  root: Uint8Array,
): boolean {
  const extra = branch.length - depthOf(generalizedIndex)
  if (extra < 0 || !branch.slice(0, extra).every(isZero)) return false
  return equalBytes(branchRoot(leaf, branch.slice(extra), generalizedIndex), root)
}

/** The root that a branch leads to; the branch is as long as the index is deep. */
export function branchRoot(leaf: Uint8Array, branch: MerkleBranch, generalizedIndex: number): Uint8Array {
  let root = leaf
  branch.forEach((node, level) => {
    const isRight = ((generalizedIndex >> level) & 1) === 1
    root = isRight ? sha256Concat(node, root) : sha256Concat(root, node)
  })
  return root
}
