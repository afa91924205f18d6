import { assert, sha256Concat } from '@causeway/primitives'
import { EMPTY_SUBTREES, TREE_DEPTH } from './tree.ts'

/** An append-only tree as the program keeps it: roots of the complete subtrees left of the next leaf. */
export interface Frontier {
  /** Leaves appended so far. */
  readonly count: bigint
  /** 32 hashes of 32 bytes, by level; those that `count` has no bit for are stale. */
  readonly nodes: readonly Uint8Array[]
}

/** Before the first leaf. */
export const EMPTY_FRONTIER: Frontier = { count: 0n, nodes: EMPTY_SUBTREES.slice(0, TREE_DEPTH) }

/** Appends a leaf: a hash for each trailing one of the count. A full tree is a bug: the program refuses. */
export function appendLeaf({ count, nodes }: Frontier, leaf: Uint8Array): Frontier {
  assert(count < 1n << BigInt(TREE_DEPTH), 'the tree is full')
  let node = leaf
  let level = 0
  for (; ((count >> BigInt(level)) & 1n) === 1n; level++) node = sha256Concat(nodes[level]!, node)
  return { count: count + 1n, nodes: level < TREE_DEPTH ? nodes.with(level, node) : nodes }
}

/** Root of the tree: 32 hashes. */
export function frontierRoot({ count, nodes }: Frontier): Uint8Array {
  let node = EMPTY_SUBTREES[0]!
  for (let level = 0; level < TREE_DEPTH; level++) {
    const isRight = ((count >> BigInt(level)) & 1n) === 1n
    node = isRight ? sha256Concat(nodes[level]!, node) : sha256Concat(node, EMPTY_SUBTREES[level]!)
  }
  return node
}
