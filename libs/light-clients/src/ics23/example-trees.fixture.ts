import type { CommitmentProof, ExistenceProof, InnerOp } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { EMPTY_BYTES, compareBytes, concatBytes, sha256, uvarint, zigzagVarint } from '@causeway/primitives'
import { iavlSpec, tendermintSpec } from './specs.ts'

/*
 * Small trees for tests, built the slow and plain way from the formats' definitions: what the verifier is
 * compared with.
 */

/** A key and what is stored there. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array]

/** A tree and proofs of what is in it. */
export interface ExampleTree {
  readonly root: Uint8Array
  prove(key: Uint8Array): ExistenceProof
  /** A proof that nothing is stored at the key. */
  proveAbsence(key: Uint8Array): CommitmentProof
}

interface Node {
  readonly hash: Uint8Array
  readonly height: bigint
  readonly size: bigint
}

const IAVL_VERSION = 7n

/** An IAVL tree (cosmos/iavl v1 hashes), all nodes of one version, split in the middle. */
export function exampleIavlTree(entries: readonly Entry[]): ExampleTree {
  const leafPrefix = concatBytes(zigzagVarint(0n), zigzagVarint(1n), zigzagVarint(IAVL_VERSION))
  const leaf = { ...iavlSpec.leafSpec!, prefix: leafPrefix }
  return tree(entries, leaf, (left, right) => {
    const height = (left.height > right.height ? left.height : right.height) + 1n
    const size = left.size + right.size
    const prefix = concatBytes(zigzagVarint(height), zigzagVarint(size), zigzagVarint(IAVL_VERSION))
    const length = Uint8Array.of(32)
    return {
      node: { hash: sha256(concatBytes(prefix, length, left.hash, length, right.hash)), height, size },
      leftOp: op(concatBytes(prefix, length), concatBytes(length, right.hash)),
      rightOp: op(concatBytes(prefix, length, left.hash, length), EMPTY_BYTES),
    }
  })
}

/** A CometBFT simple tree, as a multi-store has it. */
export function exampleSimpleTree(entries: readonly Entry[]): ExampleTree {
  return tree(entries, tendermintSpec.leafSpec!, (left, right) => ({
    node: { hash: sha256(concatBytes(Uint8Array.of(1), left.hash, right.hash)), height: 0n, size: 0n },
    leftOp: op(Uint8Array.of(1), right.hash),
    rightOp: op(concatBytes(Uint8Array.of(1), left.hash), EMPTY_BYTES),
  }))
}

type Join = (left: Node, right: Node) => { node: Node; leftOp: InnerOp; rightOp: InnerOp }

function tree(entries: readonly Entry[], leaf: NonNullable<ExistenceProof['leaf']>, join: Join): ExampleTree {
  const sorted = [...entries].sort(([a], [b]) => compareBytes(a, b))
  const paths = sorted.map((): InnerOp[] => [])
  const build = (start: number, end: number): Node => {
    if (end - start === 1) return leafNode(leaf.prefix, sorted[start]!)
    const middle = start + splitPoint(end - start)
    const { node, leftOp, rightOp } = join(build(start, middle), build(middle, end))
    for (let i = start; i < end; i++) paths[i]!.push(i < middle ? leftOp : rightOp)
    return node
  }
  const root = build(0, sorted.length).hash
  const proofAt = (i: number): ExistenceProof | undefined => {
    const entry = sorted[i]
    return entry && { key: entry[0], value: entry[1], leaf, path: paths[i]! }
  }
  return {
    root,
    prove: (key) => proofAt(sorted.findIndex(([other]) => compareBytes(other, key) === 0))!,
    proveAbsence(key) {
      const after = sorted.findIndex(([other]) => compareBytes(other, key) > 0)
      const right = after === -1 ? sorted.length : after
      return { nonexist: { key, left: proofAt(right - 1), right: proofAt(right) } }
    },
  }
}

function leafNode(prefix: Uint8Array, [key, value]: Entry): Node {
  const hash = sha256(concatBytes(prefix, uvarint(key.length), key, Uint8Array.of(32), sha256(value)))
  return { hash, height: 0n, size: 1n }
}

function op(prefix: Uint8Array, suffix: Uint8Array): InnerOp {
  return { hash: 1, prefix, suffix }
}

/** The largest power of two below `length`. */
function splitPoint(length: number): number {
  let point = 1
  while (point * 2 < length) point *= 2
  return point
}
