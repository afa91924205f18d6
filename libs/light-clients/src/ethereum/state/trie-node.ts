import { errors } from '../errors.ts'
import { decodeHexPrefix, type Nibbles } from './nibbles.ts'
import type { RlpItem } from './rlp.ts'
import { decodeRlp, encodeRlp } from './rlp.ts'

/** What a node refers to: the hash of another, or the other itself when its RLP is shorter than a hash. */
export type NodeReference = { readonly hash: Uint8Array } | { readonly embedded: readonly RlpItem[] }

/** A node of a Merkle-Patricia trie. Spec: Ethereum yellow paper, appendix D. */
export type TrieNode =
  | {
      readonly kind: 'branch'
      readonly children: readonly (NodeReference | undefined)[]
      readonly value: Uint8Array | undefined
    }
  | { readonly kind: 'extension'; readonly path: Nibbles; readonly child: NodeReference }
  | { readonly kind: 'leaf'; readonly path: Nibbles; readonly value: Uint8Array }

const BRANCH_ITEMS = 17
const HASH_BYTES = 32

/** Reads a node from its RLP; only canonical ones. Throws `ethereum/40`, `/41`. */
export function decodeTrieNode(bytes: Uint8Array, index: number): TrieNode {
  const item = decodeRlp(bytes)
  if (item instanceof Uint8Array) throw errors.badNode({ index, reason: 'it is no list' })
  return readTrieNode(item, index)
}

/** Reads a node from decoded RLP. Throws `ethereum/41`. */
export function readTrieNode(items: readonly RlpItem[], index: number): TrieNode {
  if (items.length === BRANCH_ITEMS) return readBranch(items, index)
  if (items.length !== 2) throw errors.badNode({ index, reason: `a list of ${items.length}` })
  const [encodedPath, content] = items as readonly [RlpItem, RlpItem]
  const prefix = encodedPath instanceof Uint8Array ? decodeHexPrefix(encodedPath) : undefined
  if (!prefix) throw errors.badNode({ index, reason: 'the path is no canonical hex-prefix' })
  const { path, isLeaf } = prefix
  if (isLeaf) {
    if (!(content instanceof Uint8Array) || content.length === 0) {
      throw errors.badNode({ index, reason: 'a leaf without a value' })
    }
    return { kind: 'leaf', path, value: content }
  }
  if (path.length === 0) throw errors.badNode({ index, reason: 'an extension by nothing' })
  const child = readReference(content, index)
  if (!child) throw errors.badNode({ index, reason: 'an extension to nothing' })
  return { kind: 'extension', path, child }
}

function readBranch(items: readonly RlpItem[], index: number): TrieNode {
  const last = items[BRANCH_ITEMS - 1]!
  if (!(last instanceof Uint8Array)) throw errors.badNode({ index, reason: "a branch's value is a list" })
  const children = items.slice(0, -1).map((item) => readReference(item, index))
  const value = last.length === 0 ? undefined : last
  const filled = children.filter((child) => child !== undefined).length + (value ? 1 : 0)
  if (filled < 2) throw errors.badNode({ index, reason: 'a branch that does not branch' })
  return { kind: 'branch', children, value }
}

function readReference(item: RlpItem, index: number): NodeReference | undefined {
  if (!(item instanceof Uint8Array)) {
    if (encodeRlp(item).length >= HASH_BYTES) {
      throw errors.badNode({ index, reason: 'an embedded node as long as a hash' })
    }
    return { embedded: item }
  }
  if (item.length === 0) return undefined
  if (item.length !== HASH_BYTES) {
    throw errors.badNode({ index, reason: `a reference of ${item.length} bytes` })
  }
  return { hash: item }
}
