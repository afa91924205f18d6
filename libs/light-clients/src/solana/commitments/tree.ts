// The two trees of a client on Solana, each of depth 32 and indexed by sequence − 1. Inner nodes hash 64
// bytes and leaves 33, and every path has 32 levels, so neither can pass for the other.
import { assert, concatBytes, sha256, sha256Concat, utf8 } from '@causeway/primitives'
import { errors } from '../errors.ts'

/** Levels between a leaf and the root. */
export const TREE_DEPTH = 32
/** What is at an index where nothing was written. */
export const EMPTY_LEAF: Uint8Array = new Uint8Array(32)
const LEAF_TAG = Uint8Array.of(1)
const COMMITMENTS_TAG = utf8('causeway/commitments/v1')
const RECEIPTS_TAG = utf8('causeway/receipts/v1')

/** Which tree: packets sent, or packets received with their acknowledgements. */
export type TreeKind = 'commitments' | 'receipts'

/** Way from a leaf to the root; siblings that are roots of empty subtrees are left out. */
export interface TreePath {
  /** Bit i: the sibling at level i, counted from the leaves, is given. */
  readonly present: number
  /** 32 bytes each, lowest first. */
  readonly siblings: readonly Uint8Array[]
}

/** Roots of empty subtrees by their height, 0 to 32. */
export const EMPTY_SUBTREES: readonly Uint8Array[] = emptySubtrees()

/** Leaf of a 32-byte commitment: SHA-256 of 01 ‖ commitment. */
export function commitmentLeaf(commitment: Uint8Array): Uint8Array {
  assert(commitment.length === 32, 'a commitment has 32 bytes')
  return sha256Concat(LEAF_TAG, commitment)
}

/**
 * What the root account holds of a tree: SHA-256 of its tag ‖ client id ‖ root, so that no root passes for
 * that of another tree or client.
 */
export function taggedRoot(kind: TreeKind, clientId: Uint8Array, root: Uint8Array): Uint8Array {
  return sha256(concatBytes(kind === 'commitments' ? COMMITMENTS_TAG : RECEIPTS_TAG, clientId, root))
}

/**
 * The root that a leaf at an index and its path give. Throws `solana/62` for a path that is not in its one
 * form: as many siblings as bits, and none that an empty subtree would have.
 */
export function pathRoot(index: bigint, leaf: Uint8Array, { present, siblings }: TreePath): Uint8Array {
  let node = leaf
  let used = 0
  for (let level = 0; level < TREE_DEPTH; level++) {
    const sibling = siblingAt(level)
    node = ((index >> BigInt(level)) & 1n) === 0n ? sha256Concat(node, sibling) : sha256Concat(sibling, node)
  }
  if (used !== siblings.length) throw errors.badProof({ reason: `${siblings.length} siblings` })
  return node

  function siblingAt(level: number): Uint8Array {
    const empty = EMPTY_SUBTREES[level]!
    if (((present >>> level) & 1) === 0) return empty
    const sibling = siblings[used++]
    if (sibling?.length !== 32) throw errors.badProof({ reason: 'a sibling is no hash' })
    if (sibling.every((byte, i) => byte === empty[i]))
      throw errors.badProof({ reason: 'an empty sibling is given' })
    return sibling
  }
}

function emptySubtrees(): Uint8Array[] {
  const roots: Uint8Array[] = [EMPTY_LEAF]
  for (let height = 0; height < TREE_DEPTH; height++) roots.push(sha256Concat(roots[height]!, roots[height]!))
  return roots
}
