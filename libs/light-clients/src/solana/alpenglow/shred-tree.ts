// The Merkle trees over shreds: of the shreds of a FEC set, and of the FEC sets of a block. Nodes are cut to
// 20 bytes. Spec: agave `ledger/src/shred/merkle_tree.rs`.
import { sha256Concat, utf8 } from '@causeway/primitives'

const LEAF_PREFIX = utf8('\x00SOLANA_MERKLE_SHREDS_LEAF')
const NODE_PREFIX = utf8('\x01SOLANA_MERKLE_SHREDS_NODE')
/** Bytes of a node in a proof. */
export const PROOF_NODE_BYTES = 20

/** Leaf of a shred's signed part. */
export function shredLeaf(signed: Uint8Array): Uint8Array {
  return sha256Concat(LEAF_PREFIX, signed)
}

/** Root of a tree; the last node of an uneven row is joined with itself. */
export function shredTreeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let row = leaves
  while (row.length > 1) {
    row = Array.from({ length: Math.ceil(row.length / 2) }, (_, i) =>
      join(row[2 * i]!, row[2 * i + 1] ?? row[2 * i]!),
    )
  }
  return row[0]!
}

/**
 * Root that a leaf and its siblings give, lowest first; `undefined` when the index lies past the tree or a
 * sibling has not 20 bytes.
 */
export function shredProofRoot(
  index: number,
  leaf: Uint8Array,
  siblings: readonly Uint8Array[],
): Uint8Array | undefined {
  if (index >= 2 ** siblings.length || siblings.some(({ length }) => length !== PROOF_NODE_BYTES))
    return undefined
  return siblings.reduce(
    (node, sibling, level) => (((index >> level) & 1) === 0 ? join(node, sibling) : join(sibling, node)),
    leaf,
  )
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256Concat(NODE_PREFIX, left.subarray(0, PROOF_NODE_BYTES), right.subarray(0, PROOF_NODE_BYTES))
}
