import { assert } from '@causeway/primitives'
import { hashLevels } from './node-hash.ts'
import type { Node } from './node.ts'
import type { TreeEdit } from './tree-edit.ts'

/** A version that is hashed but not stored yet. */
export interface SealedTree {
  readonly root: Node | undefined
  /** The nodes of this version with nonces 1, 2, 3 …, parents before children. */
  readonly nodes: readonly Node[]
  /** Saved nodes of the version before that are no longer part of the tree. */
  readonly orphans: readonly Node[]
}

/**
 * Subtrees up to this height, and at least so many nodes of them, are hashed while they are in the
 * processor's cache.
 */
const LOCAL_HEIGHT = 6
const LOCAL_NODES = 256

/**
 * Ends an edit: gives its fresh nodes the version, numbers them in pre-order (as cosmos/iavl does) and hashes
 * them.
 */
export function sealTree(edit: TreeEdit, version: number): SealedTree {
  assert(Number.isSafeInteger(version) && version > 0, 'a version is a positive integer')
  const sealing = new Sealing(version)
  if (edit.root !== undefined) sealing.visit(edit.root)
  const nodes = sealing.finish()
  assert(nodes.length < 2 ** 32, 'a nonce has 32 bits')
  return { root: edit.root, nodes, orphans: edit.orphans }
}

/**
 * Numbers the tree in one walk and hashes its lower subtrees on the way, a few hundred nodes at a time:
 * walking the whole tree once for each height would wait for memory most of the time.
 */
class Sealing {
  readonly #version: number
  readonly #nodes: Node[] = []
  readonly #local: Node[][] = []
  readonly #upper: Node[][] = []
  #hashed = 0

  constructor(version: number) {
    this.#version = version
  }

  visit(node: Node): void {
    if (node.nonce !== 0) return
    if (node.height > LOCAL_HEIGHT) {
      this.#add(node, this.#upper)
      this.visit(node.left!)
      this.visit(node.right!)
      return
    }
    this.#visitLocal(node)
    if (this.#nodes.length - this.#hashed >= LOCAL_NODES) this.#hashLocal()
  }

  finish(): readonly Node[] {
    this.#hashLocal()
    hashLevels(this.#upper)
    return this.#nodes
  }

  #visitLocal(node: Node): void {
    if (node.nonce !== 0) return
    this.#add(node, this.#local)
    if (node.height === 0) return
    this.#visitLocal(node.left!)
    this.#visitLocal(node.right!)
  }

  #hashLocal(): void {
    hashLevels(this.#local)
    for (const level of this.#local) level.length = 0
    this.#hashed = this.#nodes.length
  }

  #add(node: Node, levels: Node[][]): void {
    this.#nodes.push(node)
    node.version = this.#version
    node.nonce = this.#nodes.length
    while (levels.length <= node.height) levels.push([])
    levels[node.height]!.push(node)
  }
}
