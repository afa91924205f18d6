import { equalBytes, keccak256 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { commonPrefixLength, nibblesOf, type Nibbles } from './nibbles.ts'
import type { NodeReference, TrieNode } from './trie-node.ts'
import { decodeTrieNode, readTrieNode } from './trie-node.ts'

/** Root of a trie that holds nothing: keccak-256 of the RLP of the empty string. */
export const EMPTY_TRIE_ROOT: Uint8Array = keccak256(Uint8Array.of(0x80))

/** 64 nibbles of a hashed key, and the node that ends them. */
const NODES_MAX = 65
/** A branch of 16 hashes has 532 bytes; an account's leaf fewer. */
const NODE_BYTES_MAX = 1024
const HASH_BYTES = 32

/**
 * What a trie holds at `key`, or `undefined` when the proof shows that it holds nothing there. `proof` is the
 * RLP of the nodes from the root downwards, embedded ones left out, as `eth_getProof` gives it. Complete:
 * every node must hash to what refers to it, be canonical, and be needed. Throws `ethereum/40`–`/45`.
 */
export function verifyTrieProof(
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array | undefined {
  checkBounds(proof)
  if (equalBytes(root, EMPTY_TRIE_ROOT)) return proveEmpty(proof)
  const path = nibblesOf(key)
  let used = 0
  const load = (reference: NodeReference): TrieNode => {
    if ('embedded' in reference) return readTrieNode(reference.embedded, used - 1)
    const node = decodeHashed(reference.hash, proof, used)
    used++
    return node
  }
  const value = descend(path, load, root)
  if (used !== proof.length) throw errors.unusedNodes({ used, given: proof.length })
  return value
}

function checkBounds(proof: readonly Uint8Array[]): void {
  if (proof.length > NODES_MAX) {
    throw errors.tooLarge({ what: 'proof nodes', size: proof.length, max: NODES_MAX })
  }
  for (const { length } of proof) {
    if (length > NODE_BYTES_MAX)
      throw errors.tooLarge({ what: 'a proof node', size: length, max: NODE_BYTES_MAX })
  }
}

/** Nodes of an empty trie: none, or the empty string that its root is the hash of. */
function proveEmpty(proof: readonly Uint8Array[]): undefined {
  const isEmptyNode = proof.length === 1 && equalBytes(proof[0]!, Uint8Array.of(0x80))
  if (proof.length > 0 && !isEmptyNode) throw errors.unusedNodes({ used: 0, given: proof.length })
  return undefined
}

function decodeHashed(hash: Uint8Array, proof: readonly Uint8Array[], index: number): TrieNode {
  const bytes = proof[index]
  if (!bytes) throw errors.missingNode({ index })
  if (!equalBytes(keccak256(bytes), hash)) throw errors.wrongNodeHash({ index })
  // Only the root is hashed whatever its length.
  if (index > 0 && bytes.length < HASH_BYTES) {
    throw errors.badNode({ index, reason: 'a node that belongs into its parent' })
  }
  return decodeTrieNode(bytes, index)
}

/** The value at the end of the path; `undefined` where the trie branches off it. */
function descend(
  path: Nibbles,
  load: (reference: NodeReference) => TrieNode,
  root: Uint8Array,
): Uint8Array | undefined {
  let rest = path
  let node = load({ hash: root })
  for (;;) {
    if (node.kind === 'leaf') return equalBytes(node.path, rest) ? node.value : undefined
    if (node.kind === 'extension') {
      if (commonPrefixLength(node.path, rest) < node.path.length) return undefined
      rest = rest.subarray(node.path.length)
      node = load(node.child)
      if (node.kind !== 'branch') throw errors.badNode({ index: 0, reason: 'an extension to no branch' })
      continue
    }
    if (rest.length === 0) return node.value
    const child: NodeReference | undefined = node.children[rest[0]!]
    if (!child) return undefined
    rest = rest.subarray(1)
    node = load(child)
  }
}
