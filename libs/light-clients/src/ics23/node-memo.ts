import type { InnerOp, LeafOp } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { assert, equalBytes, sha256Wrap } from '@causeway/primitives'
import { applyLeaf } from './leaf.ts'

interface Leaf {
  readonly op: LeafOp
  readonly key: Uint8Array
  readonly value: Uint8Array
  readonly hash: Uint8Array
}

const HASH_LENGTH = 32
const NODES_AT_FIRST = 1024
const NODES_MAX = 65536
const NONE = -1

/**
 * Remembers what hashing gave: (node, inner op) → the node above, and the last leaf. Many proofs under one
 * root share their upper nodes, and each of those is hashed once. An answer from here is what hashing the
 * very same bytes gave, so a memo can't change a verdict and needs no trust in the root. Bounded: it starts
 * anew when it is full.
 *
 * Nodes are numbers into flat arrays: a thousand proofs are ten thousand nodes, and objects for them would
 * cost more than the hashing.
 */
export class NodeMemo {
  private count = 0
  private hashes = new Uint8Array(NODES_AT_FIRST * HASH_LENGTH)
  /** The node above, and the op that led there; the first one met, a second is hashed every time. */
  private above = new Int32Array(NODES_AT_FIRST).fill(NONE)
  private ops: InnerOp[] = []
  /** Open addressing by a hash's first bytes. */
  private table = new Int32Array(NODES_AT_FIRST * 2).fill(NONE)
  private readonly scratch = new Uint8Array(HASH_LENGTH)
  private lastLeaf: Leaf | undefined

  /** Hash of a leaf. */
  leaf(op: LeafOp, key: Uint8Array, value: Uint8Array): Uint8Array {
    const last = this.lastLeaf
    if (last && equalBytes(last.key, key) && equalBytes(last.value, value) && equalLeafOps(last.op, op))
      return last.hash
    const hash = applyLeaf(op, key, value)
    this.lastLeaf = { op, key, value, hash }
    return hash
  }

  /** Root that a path of SHA-256 ops leads to from `hash` (32 bytes). */
  climb(path: readonly InnerOp[], hash: Uint8Array): Uint8Array {
    assert(hash.length === HASH_LENGTH, 'a memo is for trees of 32-byte hashes')
    if (this.count + path.length >= NODES_MAX) this.clear()
    let node = this.nodeOf(hash)
    for (const op of path) {
      const known = this.above[node]!
      if (known !== NONE && equalOps(this.ops[node]!, op)) {
        node = known
        continue
      }
      sha256Wrap(op, this.hashes, node * HASH_LENGTH, this.scratch, 0)
      const parent = this.nodeOf(this.scratch)
      if (known === NONE) {
        this.above[node] = parent
        this.ops[node] = op
      }
      node = parent
    }
    return this.hashes.slice(node * HASH_LENGTH, (node + 1) * HASH_LENGTH)
  }

  /** The number of the node with this hash; a new one when there is none. */
  private nodeOf(hash: Uint8Array): number {
    const mask = this.table.length - 1
    let slot = slotOf(hash, 0) & mask
    for (;;) {
      const node = this.table[slot]!
      if (node === NONE) return this.insert(hash, slot)
      if (this.hasHash(node, hash)) return node
      slot = (slot + 1) & mask
    }
  }

  private insert(hash: Uint8Array, slot: number): number {
    const node = this.count++
    if (node === this.above.length) {
      this.grow()
      this.count--
      return this.nodeOf(hash)
    }
    this.hashes.set(hash, node * HASH_LENGTH)
    this.table[slot] = node
    return node
  }

  private hasHash(node: number, hash: Uint8Array): boolean {
    const start = node * HASH_LENGTH
    for (let i = 0; i < HASH_LENGTH; i++) if (this.hashes[start + i] !== hash[i]) return false
    return true
  }

  private grow(): void {
    const size = this.above.length * 2
    const { hashes, above } = this
    this.hashes = new Uint8Array(size * HASH_LENGTH)
    this.hashes.set(hashes)
    this.above = new Int32Array(size).fill(NONE)
    this.above.set(above)
    this.table = new Int32Array(size * 2).fill(NONE)
    const mask = this.table.length - 1
    for (let node = 0; node < above.length; node++) {
      let slot = slotOf(hashes, node * HASH_LENGTH) & mask
      while (this.table[slot] !== NONE) slot = (slot + 1) & mask
      this.table[slot] = node
    }
  }

  private clear(): void {
    this.count = 0
    this.above.fill(NONE)
    this.table.fill(NONE)
    this.ops = []
  }
}

function slotOf(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
}

function equalOps(a: InnerOp, b: InnerOp): boolean {
  return a === b || (a.hash === b.hash && equalBytes(a.prefix, b.prefix) && equalBytes(a.suffix, b.suffix))
}

function equalLeafOps(a: LeafOp, b: LeafOp): boolean {
  return (
    a.hash === b.hash &&
    a.prehashKey === b.prehashKey &&
    a.prehashValue === b.prehashValue &&
    a.length === b.length &&
    equalBytes(a.prefix, b.prefix)
  )
}
