import {
  LANES,
  LANE_MESSAGE_BYTES_MAX,
  assert,
  hashLanes,
  laneBlocks,
  laneHashWord,
  laneMemory,
  laneOffset,
  padLane,
  sha256,
} from '@causeway/primitives'
import { readHash, writeHash } from './node.ts'
import type { Node } from './node.ts'
import { varintLength, writeVarint, writeZigzag, zigzagLength } from './varint.ts'

/** Writes the preimage of a node into a lane at `offset`; returns where it ends. */
type Writer = (node: Node, offset: number) => number

/** Hash of an empty tree: SHA-256 of nothing, as RFC 6962 has it. */
export const EMPTY_TREE_HASH: Uint8Array = sha256(new Uint8Array(0))

/**
 * Hashes nodes whose version is set, four at a time. `levels[h]` holds the nodes of height h, so that
 * children come first. Preimages are those of cosmos/iavl v1 (`node.go`, writeHashBytes): leaf = height ‖
 * size ‖ version ‖ len-prefixed key ‖ len-prefixed sha256(value), inner = height ‖ size ‖ version ‖
 * len-prefixed left hash ‖ len-prefixed right hash, numbers as zigzag varints.
 */
export function hashLevels(levels: readonly (readonly Node[])[]): void {
  const { bytes, view } = laneMemory()
  const leaves = levels[0] ?? []
  hashByLength(leaves, valueLength, (leaf, offset) => {
    bytes.set(leaf.value!, offset)
    return offset + leaf.value!.length
  })
  // The leaf's hash words hold the hash of its value until here
  hashByLength(leaves, leafLength, (leaf, offset) => writeLeaf(leaf, bytes, view, offset))
  for (let height = 1; height < levels.length; height++) {
    hashInLanes(levels[height]!, 2, (node, offset) => writeInner(node, bytes, view, offset))
  }
}

function writeLeaf(leaf: Node, bytes: Uint8Array, view: DataView, offset: number): number {
  let end = writePrefix(leaf, bytes, offset)
  end = writeVarint(leaf.key!.length, bytes, end)
  bytes.set(leaf.key!, end)
  end += leaf.key!.length
  bytes[end] = 32
  writeHash(leaf, view, end + 1)
  return end + 33
}

function writeInner(node: Node, bytes: Uint8Array, view: DataView, offset: number): number {
  const end = writePrefix(node, bytes, offset)
  bytes[end] = 32
  writeHash(node.left!, view, end + 1)
  bytes[end + 33] = 32
  writeHash(node.right!, view, end + 34)
  return end + 66
}

function writePrefix(node: Node, bytes: Uint8Array, offset: number): number {
  bytes[offset] = node.height * 2
  return writeZigzag(node.version, bytes, writeZigzag(node.size, bytes, offset + 1))
}

function valueLength(leaf: Node): number {
  return leaf.value!.length
}

function leafLength(leaf: Node): number {
  const keyLength = leaf.key!.length
  return 2 + zigzagLength(leaf.version) + varintLength(keyLength) + keyLength + 33
}

/**
 * Sorts nodes by how many blocks their preimage takes; the few that no lane holds are hashed on their own.
 */
function hashByLength(nodes: readonly Node[], lengthOf: (node: Node) => number, write: Writer): void {
  const groups: Node[][] = []
  for (const node of nodes) {
    const length = lengthOf(node)
    const blocks = length > LANE_MESSAGE_BYTES_MAX ? 0 : laneBlocks(length)
    ;(groups[blocks] ??= []).push(node)
  }
  groups.forEach((group, blocks) => {
    if (blocks > 0) return hashInLanes(group, blocks, write)
    for (const node of group) hashAlone(node, lengthOf === valueLength)
  })
}

function hashAlone(leaf: Node, isValue: boolean): void {
  let preimage = leaf.value!
  if (!isValue) {
    preimage = new Uint8Array(leafLength(leaf))
    const end = writeLeaf(leaf, preimage, new DataView(preimage.buffer), 0)
    assert(end === preimage.length, 'the leaf preimage has the length computed')
  }
  const hash = sha256(preimage)
  readHash(leaf, new DataView(hash.buffer, hash.byteOffset, 32), 0)
}

function hashInLanes(nodes: readonly Node[], blocks: number, write: Writer): void {
  const { words } = laneMemory()
  for (let first = 0; first < nodes.length; first += LANES) {
    const count = Math.min(LANES, nodes.length - first)
    for (let lane = 0; lane < count; lane++) {
      padLane(lane, write(nodes[first + lane]!, laneOffset(lane)), blocks)
    }
    hashLanes(blocks)
    for (let lane = 0; lane < count; lane++) takeHash(nodes[first + lane]!, words, laneHashWord(lane))
  }
}

function takeHash(node: Node, words: Int32Array, index: number): void {
  node.h0 = words[index]!
  node.h1 = words[index + 1]!
  node.h2 = words[index + 2]!
  node.h3 = words[index + 3]!
  node.h4 = words[index + 4]!
  node.h5 = words[index + 5]!
  node.h6 = words[index + 6]!
  node.h7 = words[index + 7]!
}
