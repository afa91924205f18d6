import { assert, sha256Concat } from '@causeway/primitives'
import { EMPTY_SUBTREES, TREE_DEPTH } from './tree.ts'
import type { TreePath } from './tree.ts'

/** A tree as whoever proves keeps it: every node that is not empty. */
export interface SparseTree {
  root(): Uint8Array
  /** Writes a leaf at an index of 32 bits. */
  set(index: bigint, leaf: Uint8Array): void
  /** The way from an index to the root, whether something is there or not. */
  prove(index: bigint): TreePath
}

/** An empty tree. */
export function createSparseTree(): SparseTree {
  const levels = Array.from({ length: TREE_DEPTH + 1 }, () => new Map<bigint, Uint8Array>())
  const nodeAt = (level: number, index: bigint) => levels[level]!.get(index) ?? EMPTY_SUBTREES[level]!
  return {
    root: () => nodeAt(TREE_DEPTH, 0n),
    set(index, leaf) {
      assert(index >= 0n && index < 1n << BigInt(TREE_DEPTH), 'an index has 32 bits')
      levels[0]!.set(index, leaf)
      for (let level = 1; level <= TREE_DEPTH; level++) {
        const at = index >> BigInt(level)
        const node = sha256Concat(nodeAt(level - 1, 2n * at), nodeAt(level - 1, 2n * at + 1n))
        levels[level]!.set(at, node)
      }
    },
    prove(index) {
      let present = 0
      const siblings: Uint8Array[] = []
      for (let level = 0; level < TREE_DEPTH; level++) {
        const sibling = levels[level]!.get((index >> BigInt(level)) ^ 1n)
        if (!sibling) continue
        present |= 1 << level
        siblings.push(sibling)
      }
      return { present: present >>> 0, siblings }
    },
  }
}
