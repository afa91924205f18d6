import { assert, compareBytes } from '@causeway/primitives'
import { ProofWriter } from './proof-writer.ts'
import { compareKey, keyOf, leftOf, prefixOf, rightOf, valueOf } from './node.ts'
import type { Node, NodeSource } from './node.ts'

/** The way from the root to a leaf: the inner nodes, and for each whether the way goes left. */
export interface Path {
  readonly nodes: Node[]
  readonly isLeft: boolean[]
  leaf: Node
}

const writer = new ProofWriter()

/**
 * ICS-23 proof for a key, as the bytes of a `CommitmentProof` under IavlSpec: of existence when the key is
 * there, else of absence, with the neighbours' existence proofs. Equal to what cosmos/iavl v1.2
 * (`proof_ics23.go`) makes, also for an empty tree, where the absence proof has no neighbours (and no
 * verifier accepts it).
 */
export function proveKey(
  root: Node | undefined,
  source: NodeSource,
  key: Uint8Array,
): { value: Uint8Array | undefined; proof: Uint8Array } {
  if (root === undefined) return { value: undefined, proof: writer.absence(key, undefined, undefined) }
  const path = descend(root, source, key)
  const order = compareBytes(keyOf(path.leaf, source), key)
  if (order === 0) return { value: valueOf(path.leaf, source), proof: writer.existence(path) }
  const neighbour = sibling(path, source, order > 0)
  const proof = order > 0 ? writer.absence(key, neighbour, path) : writer.absence(key, path, neighbour)
  return { value: undefined, proof }
}

function descend(root: Node, source: NodeSource, key: Uint8Array): Path {
  const nodes: Node[] = []
  const isLeft: boolean[] = []
  const prefix = prefixOf(key)
  let node = root
  while (node.height > 0) {
    if (node.key === undefined) source.load(node)
    const goesLeft = compareKey(key, prefix, node) < 0
    nodes.push(node)
    isLeft.push(goesLeft)
    node = goesLeft ? node.left! : node.right!
  }
  valueOf(node, source)
  return { nodes, isLeft, leaf: node }
}

/**
 * The path to the leaf just before (`isBefore`) or just behind a path's leaf; undefined at the edge of the
 * tree.
 */
function sibling(path: Path, source: NodeSource, isBefore: boolean): Path | undefined {
  const turn = path.isLeft.lastIndexOf(!isBefore)
  if (turn < 0) return undefined
  const nodes = path.nodes.slice(0, turn + 1)
  const isLeft = path.isLeft.slice(0, turn)
  isLeft.push(isBefore)
  let node = isBefore ? leftOf(nodes[turn]!, source) : rightOf(nodes[turn]!, source)
  while (node.height > 0) {
    nodes.push(node)
    isLeft.push(!isBefore)
    node = isBefore ? rightOf(node, source) : leftOf(node, source)
  }
  assert(valueOf(node, source).length > 0, 'a leaf has a value')
  return { nodes, isLeft, leaf: node }
}
