import { assert, compareBytes } from '@causeway/primitives'

/**
 * A node of an IAVL tree. It is a *stub* while only what its parent records about it is known (height, size,
 * version, nonce, hash) and `key` is undefined; `NodeSource.load` completes it. A node with nonce 0 is
 * *fresh*: it belongs to one `TreeEdit` that may change it; every other node never changes again, so that
 * versions share nodes.
 *
 * The hash is eight big-endian words in fields of their own: a tree has millions of nodes, and a small typed
 * array each would double their size and halve the speed of hashing and proving. Versions are `number` inside
 * the tree (the multi-store asserts that they are safe integers) for the same reason.
 */
export class Node {
  key: Uint8Array | undefined
  /** `prefixOf(key)`: most comparisons end here, without a look at the bytes. */
  prefix: number
  value: Uint8Array | undefined = undefined
  left: Node | undefined = undefined
  right: Node | undefined = undefined
  height: number
  size: number
  version = 0
  nonce = 0
  h0 = 0
  h1 = 0
  h2 = 0
  h3 = 0
  h4 = 0
  h5 = 0
  h6 = 0
  h7 = 0

  constructor(key: Uint8Array | undefined, height: number, size: number) {
    this.key = key
    this.prefix = key === undefined ? 0 : prefixOf(key)
    this.height = height
    this.size = size
  }
}

/**
 * The first four bytes of a key (zeros behind a shorter one) as a number whose order agrees with the keys'
 * order.
 */
export function prefixOf(key: Uint8Array): number {
  return ((key[0]! << 24) | ((key[1] ?? 0) << 16) | ((key[2] ?? 0) << 8) | (key[3] ?? 0)) ^ -0x80000000
}

/** Order of a key, whose prefix is given, and the key of a node that is no stub. */
export function compareKey(key: Uint8Array, prefix: number, node: Node): number {
  return prefix === node.prefix ? compareBytes(key, node.key!) : prefix < node.prefix ? -1 : 1
}

/** Completes stubs: from memory there is nothing to do, from a storage the record is read. */
export interface NodeSource {
  /** Fills `key` and `value` or `left` and `right` (as stubs) of a stub. */
  load(node: Node): void
}

/** A fresh leaf. */
export function leafNode(key: Uint8Array, value: Uint8Array): Node {
  const node = new Node(key, 0, 1)
  node.value = value
  return node
}

/** A stub of a saved node whose hash is read later with `readHash`. */
export function stubNode(height: number, size: number, version: number, nonce: number): Node {
  const node = new Node(undefined, height, size)
  node.version = version
  node.nonce = nonce
  return node
}

/** Writes the node's 32-byte hash. */
export function writeHash(node: Node, view: DataView, offset: number): void {
  view.setInt32(offset, node.h0)
  view.setInt32(offset + 4, node.h1)
  view.setInt32(offset + 8, node.h2)
  view.setInt32(offset + 12, node.h3)
  view.setInt32(offset + 16, node.h4)
  view.setInt32(offset + 20, node.h5)
  view.setInt32(offset + 24, node.h6)
  view.setInt32(offset + 28, node.h7)
}

/** Takes the node's 32-byte hash from a buffer. */
export function readHash(node: Node, view: DataView, offset: number): void {
  node.h0 = view.getInt32(offset)
  node.h1 = view.getInt32(offset + 4)
  node.h2 = view.getInt32(offset + 8)
  node.h3 = view.getInt32(offset + 12)
  node.h4 = view.getInt32(offset + 16)
  node.h5 = view.getInt32(offset + 20)
  node.h6 = view.getInt32(offset + 24)
  node.h7 = view.getInt32(offset + 28)
}

/** The node's hash as bytes of its own. */
export function hashBytes(node: Node): Uint8Array {
  const bytes = new Uint8Array(32)
  writeHash(node, new DataView(bytes.buffer), 0)
  return bytes
}

/** The key of a node, loading it first when it is a stub. */
export function keyOf(node: Node, source: NodeSource): Uint8Array {
  if (node.key === undefined) source.load(node)
  assert(node.key !== undefined, 'a loaded node has a key')
  return node.key
}

/** The left child of an inner node, which may be a stub. */
export function leftOf(node: Node, source: NodeSource): Node {
  if (node.left === undefined) source.load(node)
  assert(node.left !== undefined, 'an inner node has a left child')
  return node.left
}

/** The right child of an inner node, which may be a stub. */
export function rightOf(node: Node, source: NodeSource): Node {
  if (node.right === undefined) source.load(node)
  assert(node.right !== undefined, 'an inner node has a right child')
  return node.right
}

/** The value of a leaf, loading it first when it is a stub. */
export function valueOf(leaf: Node, source: NodeSource): Uint8Array {
  if (leaf.value === undefined) source.load(leaf)
  assert(leaf.value !== undefined, 'a leaf has a value')
  return leaf.value
}
