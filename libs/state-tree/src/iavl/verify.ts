import {
  assert,
  compareBytes,
  concatBytes,
  equalBytes,
  sha256,
  uvarint,
  zigzagVarint,
} from '@causeway/primitives'
import { hashBytes, keyOf, leftOf, rightOf, valueOf } from './node.ts'
import type { Node, NodeSource } from './node.ts'

/**
 * Recomputes a whole tree from its storage in the plainest way, sharing no code with the fast one: hashes,
 * heights, sizes, balance, and the order of keys. Throws when anything differs; returns the number of keys.
 */
export function verifyTree(root: Node | undefined, source: NodeSource): number {
  return root === undefined ? 0 : verifyNode(root, source).size
}

interface Verified {
  readonly size: number
  readonly height: number
  readonly first: Uint8Array
  readonly last: Uint8Array
}

function verifyNode(node: Node, source: NodeSource): Verified {
  const what = `node ${node.version}:${node.nonce}`
  if (node.height === 0) {
    assert(node.size === 1, `${what} has another size`)
    const key = keyOf(node, source)
    const valueHash = sha256(valueOf(node, source))
    const preimage = [uvarint(key.length), key, uvarint(32), valueHash]
    assert(equalBytes(hashOf(node, preimage), hashBytes(node)), `${what} has another hash`)
    return { size: 1, height: 0, first: key, last: key }
  }
  const separator = keyOf(node, source)
  const left = leftOf(node, source)
  const right = rightOf(node, source)
  const below = verifyNode(left, source)
  const above = verifyNode(right, source)
  assert(compareBytes(below.last, separator) < 0, `${what}: keys on the left are below its own`)
  assert(equalBytes(above.first, separator), `${what}: its key is the first on the right`)
  assert(node.size === below.size + above.size, `${what} has another size`)
  assert(node.height === Math.max(below.height, above.height) + 1, `${what} has another height`)
  assert(Math.abs(below.height - above.height) <= 1, `${what} is out of balance`)
  const preimage = [uvarint(32), hashBytes(left), uvarint(32), hashBytes(right)]
  assert(equalBytes(hashOf(node, preimage), hashBytes(node)), `${what} has another hash`)
  return { size: node.size, height: node.height, first: below.first, last: above.last }
}

function hashOf(node: Node, rest: readonly Uint8Array[]): Uint8Array {
  const numbers = [node.height, node.size, node.version].map((number) => zigzagVarint(BigInt(number)))
  return sha256(concatBytes(...numbers, ...rest))
}
