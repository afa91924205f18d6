import { compareBytes, equalBytes } from '@causeway/primitives'
import type { KeyValueReader } from '../key-value.ts'
import { compareKey, keyOf, leftOf, prefixOf, rightOf, valueOf } from './node.ts'
import type { Node, NodeSource } from './node.ts'

/** One version of a tree, for reading. */
export class Tree implements KeyValueReader {
  readonly root: Node | undefined
  readonly source: NodeSource
  readonly #requireKept: (() => void) | undefined

  /** `requireKept` throws once the version is pruned; a long iteration asks it at every step. */
  constructor(root: Node | undefined, source: NodeSource, requireKept?: () => void) {
    this.root = root
    this.source = source
    this.#requireKept = requireKept
  }

  /** Number of keys. */
  get size(): number {
    return this.root?.size ?? 0
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const leaf = this.#leafFor(key)
    return leaf !== undefined && equalBytes(leaf.key!, key) ? valueOf(leaf, this.source) : undefined
  }

  has(key: Uint8Array): boolean {
    const leaf = this.#leafFor(key)
    return leaf !== undefined && equalBytes(leaf.key!, key)
  }

  *iterate(
    start?: Uint8Array,
    end?: Uint8Array,
    reverse = false,
  ): IterableIterator<[Uint8Array, Uint8Array]> {
    const walk: Walk = { source: this.source, start, end, reverse, pending: [] }
    for (let leaf = firstLeaf(walk, this.root); leaf !== undefined; leaf = nextLeaf(walk)) {
      yield [leaf.key!, valueOf(leaf, this.source)]
      this.#requireKept?.()
    }
  }

  /** The leaf at which a search for `key` ends: its own, or a neighbour. */
  #leafFor(key: Uint8Array): Node | undefined {
    let node = this.root
    if (node === undefined) return undefined
    const prefix = prefixOf(key)
    for (;;) {
      if (node.key === undefined) this.source.load(node)
      if (node.height === 0) return node
      node = compareKey(key, prefix, node) < 0 ? node.left! : node.right!
    }
  }
}

interface Walk {
  readonly source: NodeSource
  readonly start: Uint8Array | undefined
  readonly end: Uint8Array | undefined
  readonly reverse: boolean
  /** Subtrees still to visit, the next one last. */
  readonly pending: Node[]
}

function firstLeaf(walk: Walk, root: Node | undefined): Node | undefined {
  const { source, start, end, reverse, pending } = walk
  let node = root
  while (node !== undefined && node.height > 0) {
    const separator = keyOf(node, source)
    const left = leftOf(node, source)
    const right = rightOf(node, source)
    if (reverse) {
      const isAllBelow = end !== undefined && compareBytes(end, separator) <= 0
      if (!isAllBelow) pending.push(left)
      node = isAllBelow ? left : right
    } else {
      const isAllAbove = start !== undefined && compareBytes(start, separator) >= 0
      if (!isAllAbove) pending.push(right)
      node = isAllAbove ? right : left
    }
  }
  if (node === undefined) return undefined
  const key = keyOf(node, source)
  const isBefore = reverse
    ? end !== undefined && compareBytes(key, end) >= 0
    : start !== undefined && compareBytes(key, start) < 0
  return isBefore ? nextLeaf(walk) : withinBounds(walk, node)
}

function nextLeaf(walk: Walk): Node | undefined {
  let node = walk.pending.pop()
  while (node !== undefined && node.height > 0) {
    const left = leftOf(node, walk.source)
    const right = rightOf(node, walk.source)
    walk.pending.push(walk.reverse ? left : right)
    node = walk.reverse ? right : left
  }
  return node === undefined ? undefined : withinBounds(walk, node)
}

function withinBounds(walk: Walk, leaf: Node): Node | undefined {
  const key = keyOf(leaf, walk.source)
  const isBehind = walk.reverse
    ? walk.start !== undefined && compareBytes(key, walk.start) < 0
    : walk.end !== undefined && compareBytes(key, walk.end) >= 0
  return isBehind ? undefined : leaf
}
