import { assert, compareBytes } from '@causeway/primitives'
import { assertKey, assertValue } from '../key-value.ts'
import { compareKey, keyOf, leafNode, leftOf, Node, prefixOf, rightOf } from './node.ts'
import type { NodeSource } from './node.ts'

/**
 * The changes of one version over a saved root. Rotations and their order are those of cosmos/iavl v1.2
 * (`mutable_tree.go`), because the shape of the tree is part of its hash. The saved nodes are never touched:
 * a path is copied the first time it changes, and the saved nodes that fall out of the tree are listed in
 * `orphans`.
 */
export class TreeEdit {
  root: Node | undefined
  readonly orphans: Node[] = []
  readonly source: NodeSource
  #isGrown = false

  constructor(root: Node | undefined, source: NodeSource) {
    this.root = root
    this.source = source
  }

  /**
   * Sets a key, also when the value is the one it has: the leaf then still gets the new version, as in Go.
   */
  set(key: Uint8Array, value: Uint8Array): void {
    assertKey(key)
    assertValue(value)
    this.#isGrown = this.root === undefined
    this.root = this.root === undefined ? leafNode(key, value) : this.#set(this.root, leafNode(key, value))
  }

  /** Removes a key; whether it was there. A missing key leaves the tree as it is, versions included. */
  delete(key: Uint8Array): boolean {
    if (this.root === undefined || !this.#contains(key)) return false
    this.root = this.#remove(this.root, key).node
    return true
  }

  #set(node: Node, added: Node): Node {
    if (node.key === undefined) this.source.load(node)
    const order = compareKey(added.key!, added.prefix, node)
    if (node.height === 0) return this.#setLeaf(node, order, added)
    const own = this.#own(node)
    if (order < 0) own.left = this.#set(own.left!, added)
    else own.right = this.#set(own.right!, added)
    return this.#isGrown ? this.#balance(own) : own
  }

  #setLeaf(leaf: Node, order: number, added: Node): Node {
    if (order === 0) {
      this.#drop(leaf)
      return added
    }
    this.#isGrown = true
    const parent = new Node(order < 0 ? leaf.key : added.key, 1, 2)
    parent.left = order < 0 ? added : leaf
    parent.right = order < 0 ? leaf : added
    return parent
  }

  #contains(key: Uint8Array): boolean {
    let node = this.root!
    while (node.height > 0) {
      const isLeft = compareBytes(key, keyOf(node, this.source)) < 0
      node = isLeft ? leftOf(node, this.source) : rightOf(node, this.source)
    }
    return compareBytes(key, keyOf(node, this.source)) === 0
  }

  /** Removes a key that is there. `newKey` is the subtree's new smallest key, when it changed. */
  #remove(node: Node, key: Uint8Array): { node: Node | undefined; newKey: Uint8Array | undefined } {
    if (node.height === 0) {
      this.#drop(node)
      return { node: undefined, newKey: undefined }
    }
    const separator = keyOf(node, this.source)
    if (compareBytes(key, separator) < 0) {
      const removed = this.#remove(leftOf(node, this.source), key)
      if (removed.node === undefined) {
        this.#drop(node)
        return { node: rightOf(node, this.source), newKey: separator }
      }
      const own = this.#own(node)
      own.left = removed.node
      return { node: this.#balance(own), newKey: removed.newKey }
    }
    const removed = this.#remove(rightOf(node, this.source), key)
    if (removed.node === undefined) {
      this.#drop(node)
      return { node: leftOf(node, this.source), newKey: undefined }
    }
    const own = this.#own(node)
    own.right = removed.node
    if (removed.newKey !== undefined) {
      own.key = removed.newKey
      own.prefix = prefixOf(removed.newKey)
    }
    return { node: this.#balance(own), newKey: undefined }
  }

  /** Recomputes height and size of a fresh node and rotates where its subtrees differ by more than one. */
  #balance(node: Node): Node {
    const left = node.left!
    const right = node.right!
    const balance = left.height - right.height
    if (balance > 1) {
      if (this.#balanceOf(left) < 0) node.left = this.#rotateLeft(this.#own(left))
      return this.#rotateRight(node)
    }
    if (balance < -1) {
      if (this.#balanceOf(right) > 0) node.right = this.#rotateRight(this.#own(right))
      return this.#rotateLeft(node)
    }
    measure(node)
    return node
  }

  #balanceOf(node: Node): number {
    return leftOf(node, this.source).height - rightOf(node, this.source).height
  }

  #rotateRight(node: Node): Node {
    const top = this.#own(node.left!)
    node.left = top.right
    top.right = node
    measure(node)
    measure(top)
    return top
  }

  #rotateLeft(node: Node): Node {
    const top = this.#own(node.right!)
    node.right = top.left
    top.left = node
    measure(node)
    measure(top)
    return top
  }

  /**
   * The node itself when it is fresh, else a fresh copy; the saved node is then no longer part of this
   * version.
   */
  #own(node: Node): Node {
    if (node.nonce === 0) return node
    if (node.key === undefined) this.source.load(node)
    assert(node.left !== undefined && node.right !== undefined, 'only an inner node is copied')
    const copy = new Node(node.key, node.height, node.size)
    copy.left = node.left
    copy.right = node.right
    this.orphans.push(node)
    return copy
  }

  #drop(node: Node): void {
    if (node.nonce !== 0) this.orphans.push(node)
  }
}

function measure(node: Node): void {
  const left = node.left!
  const right = node.right!
  node.height = (left.height > right.height ? left.height : right.height) + 1
  node.size = left.size + right.size
}
