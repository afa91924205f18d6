import { AssertionError, compareBytes, equalBytes, sha256, uvarint, zigzagVarint } from '@causeway/primitives'
import { stubNode } from './node.ts'
import type { Node, NodeSource } from './node.ts'

/**
 * Recomputes a whole tree from its storage in the plainest way, sharing no code with the fast one: hashes,
 * heights, sizes, balance, and the order of keys. Throws when anything differs; returns the number of keys.
 */
export function verifyTree(root: Node | undefined, source: NodeSource): number {
  return root === undefined ? 0 : verifyNode(root, source, new Preimage()).size
}

interface Verified {
  readonly size: number
  readonly height: number
  readonly first: Uint8Array
  readonly last: Uint8Array
  readonly hash: Uint8Array
}

/** `named`: what is said of the node where it is named, its hash among it. Everything else is read anew. */
function verifyNode(named: Node, source: NodeSource, preimage: Preimage): Verified {
  const { height, size, version, nonce } = named
  const node = stubNode(height, size, version, nonce)
  source.load(node)
  const { key, value } = node
  if (key === undefined) throw wrong(named, 'has no key')
  if (height === 0) {
    if (value === undefined) throw wrong(named, 'has no value')
    if (size !== 1) throw wrong(named, 'has another size')
    preimage.begin(height, size, version)
    preimage.add(key)
    preimage.add(sha256(value))
    return { size, height, first: key, last: key, hash: preimage.hashOf(named) }
  }
  const below = verifyNode(node.left!, source, preimage)
  const above = verifyNode(node.right!, source, preimage)
  if (compareBytes(below.last, key) >= 0)
    throw wrong(named, 'has a key on its left that is not below its own')
  if (!equalBytes(above.first, key)) throw wrong(named, 'has another key than the first on its right')
  if (size !== below.size + above.size) throw wrong(named, 'has another size')
  if (height !== Math.max(below.height, above.height) + 1) throw wrong(named, 'has another height')
  if (Math.abs(below.height - above.height) > 1) throw wrong(named, 'is out of balance')
  preimage.begin(height, size, version)
  preimage.add(below.hash)
  preimage.add(above.hash)
  return { size, height, first: below.first, last: above.last, hash: preimage.hashOf(named) }
}

/** What a node's hash is made of: height, size and version, then parts with their lengths. */
class Preimage {
  #bytes = new Uint8Array(1024)
  #length = 0

  begin(height: number, size: number, version: number): void {
    this.#length = 0
    for (const number of [height, size, version]) this.#put(zigzags[number] ?? zigzagVarint(BigInt(number)))
  }

  add(part: Uint8Array): void {
    this.#put(lengths[part.length] ?? uvarint(part.length))
    this.#put(part)
  }

  /** The hash, which must be the one that is named. */
  hashOf(named: Node): Uint8Array {
    const hash = sha256(this.#bytes.subarray(0, this.#length))
    const { h0, h1, h2, h3, h4, h5, h6, h7 } = named
    const words = [h0, h1, h2, h3, h4, h5, h6, h7]
    for (let i = 0; i < words.length; i++)
      if (wordAt(hash, 4 * i) !== words[i]) throw wrong(named, 'has another hash')
    return hash
  }

  #put(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const more = new Uint8Array(2 * (this.#length + bytes.length))
      more.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = more
    }
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }
}

/** Numbers are mostly small: their bytes are made once. */
const lengths = Array.from({ length: 256 }, (_, number) => uvarint(number))
const zigzags = Array.from({ length: 256 }, (_, number) => zigzagVarint(BigInt(number)))

function wordAt(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!
}

function wrong({ version, nonce }: Node, what: string): AssertionError {
  return new AssertionError(`node ${version}:${nonce} ${what}`)
}
