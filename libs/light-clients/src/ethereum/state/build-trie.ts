import { assert, compareBytes, keccak256 } from '@causeway/primitives'
import { commonPrefixLength, encodeHexPrefix, nibblesOf, type Nibbles } from './nibbles.ts'
import type { RlpItem } from './rlp.ts'
import { encodeRlp } from './rlp.ts'
import { EMPTY_TRIE_ROOT } from './trie-proof.ts'

/** A key and the value it has. */
export type TrieEntry = readonly [key: Uint8Array, value: Uint8Array]

/** A trie that is whole in memory: for test vectors and test chains. */
export interface BuiltTrie {
  readonly root: Uint8Array
  /** Nodes from the root towards `key`, as `eth_getProof` gives them. */
  prove(key: Uint8Array): Uint8Array[]
}

type BuiltNode = { item: readonly RlpItem[] } & (
  | { kind: 'leaf' }
  | { kind: 'extension'; path: Nibbles; child: BuiltNode }
  | { kind: 'branch'; children: readonly (BuiltNode | undefined)[] }
)
type Entry = { path: Nibbles; value: Uint8Array }

const HASH_BYTES = 32
const WIDTH = 16

/** Builds the trie that holds these entries; keys are distinct, values aren't empty. */
export function buildTrie(entries: readonly TrieEntry[]): BuiltTrie {
  const sorted = entries
    .map(([key, value]) => ({ path: nibblesOf(key), value }))
    .sort((a, b) => compareBytes(a.path, b.path))
  const top = sorted.length === 0 ? undefined : buildNode(sorted, 0)
  return {
    root: top ? keccak256(encodeRlp(top.item)) : EMPTY_TRIE_ROOT,
    prove: (key) => (top ? pathTo(top, nibblesOf(key)) : []),
  }
}

function buildNode(entries: readonly Entry[], depth: number): BuiltNode {
  const first = entries[0]!
  if (entries.length === 1) {
    const path = encodeHexPrefix({ path: first.path.subarray(depth), isLeaf: true })
    return { kind: 'leaf', item: [path, first.value] }
  }
  // Entries are sorted: what the first and the last have in common, all have.
  const shared = commonPrefixLength(first.path.subarray(depth), entries.at(-1)!.path.subarray(depth))
  if (shared === 0) return buildBranch(entries, depth)
  const path = first.path.subarray(depth, depth + shared)
  const child = buildBranch(entries, depth + shared)
  return {
    kind: 'extension',
    path,
    child,
    item: [encodeHexPrefix({ path, isLeaf: false }), referenceTo(child)],
  }
}

function buildBranch(entries: readonly Entry[], depth: number): BuiltNode {
  const ending = entries.filter(({ path }) => path.length === depth)
  assert(ending.length <= 1, 'keys are distinct')
  const children = Array.from({ length: WIDTH }, (_, nibble) => {
    const below = entries.filter(({ path }) => path[depth] === nibble)
    return below.length === 0 ? undefined : buildNode(below, depth + 1)
  })
  const references = children.map((child) => (child ? referenceTo(child) : NOTHING))
  return { kind: 'branch', children, item: [...references, ending[0]?.value ?? NOTHING] }
}

const NOTHING = new Uint8Array(0)

function referenceTo(node: BuiltNode): RlpItem {
  const encoded = encodeRlp(node.item)
  return encoded.length < HASH_BYTES ? node.item : keccak256(encoded)
}

function pathTo(top: BuiltNode, path: Nibbles): Uint8Array[] {
  const nodes = [encodeRlp(top.item)]
  let node = top
  let rest = path
  for (;;) {
    let next: BuiltNode | undefined
    if (node.kind === 'extension' && commonPrefixLength(node.path, rest) === node.path.length) {
      next = node.child
      rest = rest.subarray(node.path.length)
    } else if (node.kind === 'branch' && rest.length > 0) {
      next = node.children[rest[0]!]
      rest = rest.subarray(1)
    }
    if (!next) return nodes
    const encoded = encodeRlp(next.item)
    if (encoded.length >= HASH_BYTES) nodes.push(encoded)
    node = next
  }
}
