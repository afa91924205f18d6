import type {
  CommitmentProof,
  ExistenceProof,
  InnerOp,
  NonExistenceProof,
} from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { be16, concatBytes, sha256, toHex } from '@causeway/primitives'
import { decodeMerkleProof } from './decode.ts'
import { errors } from './errors.ts'
import { checkExistence } from './existence.ts'
import { applyInner } from './inner.ts'
import { applyLeaf } from './leaf.ts'
import { iavlSpec, tendermintSpec } from './specs.ts'

/*
 * The packed form of ICS-23 proofs that the hub's client on EVM chains reads. The bytes are defined in
 * contracts/evm/src/ics23/HubProof.sol. Nothing is judged here beyond what has to be known to pack: a proof
 * that does not hold is packed, too, and refused by the contract.
 */

/** One inner node of an IAVL path. */
interface Step {
  readonly isSiblingLeft: boolean
  /** Height, size and version as they stand in the node. */
  readonly fields: Uint8Array
  readonly sibling: Uint8Array
  /** The node's hash, hex. */
  readonly node: string
}

/** A proof taken apart: what always stands, and the part of the path that may end at a known node. */
interface Parts {
  readonly fixed: readonly (Uint8Array | readonly Step[])[]
  readonly path: readonly Step[]
  /** The node that `path` begins at, when the proof may end there or further up; undefined: it may not. */
  readonly pathStart: string | undefined
  readonly stores: Uint8Array
  /** Tells the trees of one store and app hash from others. */
  readonly tree: string
}

const LEFT = 0x80
const REMEMBER = 0x40
const STORE_DEPTH_MAX = 16

/**
 * Packs a proof as the hub's store query returns it (protobuf `ibc.core.commitment.v1.MerkleProof`, of
 * existence or absence).
 * @param nextSetHash The attestation's; left out when the proof is used in the transaction that brings the
 *   header of its height, or after a proof that carries it in the same transaction.
 * Throws `ics23/1`, `/2`, `/3`, `/10`–`/17`, `/40`, `/50`.
 */
export function encodeEvmProof(merkleProof: Uint8Array, nextSetHash?: Uint8Array): Uint8Array {
  return encodeEvmProofs([merkleProof], nextSetHash)[0]!
}

/**
 * Packs proofs of one height that are used in one transaction in this order: each ends at the first node that
 * an earlier one led through, and the first carries `nextSetHash` (if it is to). When the contract does not
 * verify one of them, because its packet was relayed before, later ones that end at its nodes are refused:
 * the
 * rest has to be packed again without it. Throws as `encodeEvmProof`.
 */
export function encodeEvmProofs(merkleProofs: readonly Uint8Array[], nextSetHash?: Uint8Array): Uint8Array[] {
  const proofs = merkleProofs.map(takeApart)
  const known = new Set<string>()
  const ends = new Set<string>()
  const cuts = proofs.map((parts) => {
    const key = (node: string): string => `${parts.tree}/${node}`
    const nodes =
      parts.pathStart === undefined ? [] : [parts.pathStart, ...parts.path.map(({ node }) => node)]
    const cut = nodes.findIndex((node) => known.has(key(node)))
    if (cut >= 0) ends.add(key(nodes[cut]!))
    for (const { node } of [...parts.fixed.flatMap(stepsOf), ...parts.path]) known.add(key(node))
    return cut
  })
  return proofs.map((parts, i) => {
    const pack = (steps: readonly Step[]): Uint8Array => packPath(steps, parts.tree, ends)
    const head = parts.fixed.map((part) => (part instanceof Uint8Array ? part : pack(part)))
    const cut = cuts[i]!
    const path = cut < 0 ? parts.path : parts.path.slice(0, cut)
    const body = [...head, Uint8Array.of(path.length), pack(path)]
    if (cut >= 0) return concatBytes(...body)
    const opening = i === 0 && nextSetHash !== undefined ? [nextSetHash] : []
    return concatBytes(...body, parts.stores, ...opening)
  })
}

function stepsOf(part: Uint8Array | readonly Step[]): readonly Step[] {
  return part instanceof Uint8Array ? [] : part
}

/** Each node is remembered by the first proof that leads through it. */
function packPath(steps: readonly Step[], tree: string, ends: Set<string>): Uint8Array {
  return concatBytes(
    ...steps.flatMap(({ isSiblingLeft, fields, sibling, node }) => {
      const isEnd = ends.delete(`${tree}/${node}`)
      const head = (isSiblingLeft ? LEFT : 0) | (isEnd ? REMEMBER : 0) | fields.length
      return [Uint8Array.of(head), fields, sibling]
    }),
  )
}

function takeApart(merkleProof: Uint8Array): Parts {
  const { proofs } = decodeMerkleProof(merkleProof)
  if (proofs.length !== 2) throw errors.lengthMismatch({ specs: 2, path: 2, proofs: proofs.length })
  const [low, high] = proofs as [CommitmentProof, CommitmentProof]
  if (!high.exist) throw errors.wrongKind({ expected: 'an existence proof' })
  const { stores, appHash } = storePath(high.exist)
  const ending = { stores, tree: `${toHex(appHash)}/${toHex(high.exist.key)}` }
  if (low.exist) return { ...existenceParts(low.exist), ...ending }
  if (low.nonexist) return { ...absenceParts(low.nonexist), ...ending }
  throw errors.wrongKind({ expected: 'an existence or an absence proof' })
}

type TreeParts = Pick<Parts, 'fixed' | 'path' | 'pathStart'>

function existenceParts(proof: ExistenceProof): TreeParts {
  const { leaf, leafHash, path } = treePath(proof)
  return { fixed: [Uint8Array.of(1), leaf], path, pathStart: leafHash }
}

/** Spec: HubProof.sol, kinds 2 to 4. */
function absenceParts({ left, right }: NonExistenceProof): TreeParts {
  if (!left && !right) throw errors.bothMissing()
  if (!left || !right) {
    const edge = treePath((left ?? right)!)
    return { fixed: [Uint8Array.of(left ? 4 : 3), edge.neighbour], path: edge.path, pathStart: undefined }
  }
  const l = treePath(left)
  const r = treePath(right)
  let common = 0
  while (isCommon(l.path.at(-1 - common), r.path.at(-1 - common))) common++
  const parting = l.path.length - 1 - common
  const rightCount = r.path.length - 1 - common
  const joint = l.path[parting]
  if (joint === undefined || rightCount < 0) throw errors.notAdjacent()
  const counted = (steps: readonly Step[]): [Uint8Array, readonly Step[]] => [
    Uint8Array.of(steps.length),
    steps,
  ]
  const rightPart = [r.neighbour, ...counted(r.path.slice(0, rightCount))]
  const leftPart = [l.neighbour, ...counted(l.path.slice(0, parting))]
  return {
    fixed: [Uint8Array.of(2), ...rightPart, ...leftPart, [joint]],
    path: l.path.slice(parting + 1),
    pathStart: joint.node,
  }
}

/** Whether two paths go through one node by the same child; its node is the same in any case. */
function isCommon(a: Step | undefined, b: Step | undefined): boolean {
  return a !== undefined && b !== undefined && a.node === b.node && a.isSiblingLeft === b.isSiblingLeft
}

/** Leaf and path of a key in its store's tree. */
function treePath(proof: ExistenceProof): {
  leaf: Uint8Array
  neighbour: Uint8Array
  leafHash: string
  path: Step[]
} {
  checkExistence(iavlSpec, proof)
  const { prefix } = proof.leaf!
  if (prefix[0] !== 0 || prefix[1] !== 2)
    throw errors.notEncodable({ reason: 'a leaf of another size than 1' })
  const leaf = concatBytes(Uint8Array.of(prefix.length - 2), prefix.subarray(2))
  const neighbour = concatBytes(be16(proof.key.length), proof.key, sha256(proof.value), leaf)
  let hash = applyLeaf(proof.leaf!, proof.key, proof.value)
  const leafHash = toHex(hash)
  const path = proof.path.map((op): Step => {
    hash = applyInner(op, hash)
    return { ...splitInner(op), node: toHex(hash) }
  })
  return { leaf, neighbour, leafHash, path }
}

/** An inner op of an IAVL path by its fields. Its prefix and suffix have been checked. */
function splitInner({ prefix, suffix }: InnerOp): Omit<Step, 'node'> {
  const isSiblingLeft = suffix.length === 0
  const fieldsEnd = prefix.length - (isSiblingLeft ? 34 : 1)
  const rest = concatBytes(prefix.subarray(fieldsEnd), suffix)
  const lengths = isSiblingLeft ? [rest[0], rest[33]] : [rest[0], rest[1]]
  const isSane = rest.length === 34 && fieldsEnd >= 3 && fieldsEnd <= 11 && prefix[0]! < 0x80
  if (!isSane || lengths.some((length) => length !== 32)) {
    throw errors.notEncodable({ reason: 'an inner node that cosmos/iavl does not write' })
  }
  const sibling = isSiblingLeft ? rest.subarray(1, 33) : rest.subarray(2)
  return { isSiblingLeft, fields: prefix.subarray(0, fieldsEnd), sibling }
}

/** The store's path in the simple tree: count, sides, siblings. */
function storePath(proof: ExistenceProof): { stores: Uint8Array; appHash: Uint8Array } {
  checkExistence(tendermintSpec, proof)
  const { path } = proof
  if (path.length > STORE_DEPTH_MAX) throw errors.badDepth({ depth: path.length })
  const sides = path.reduce((bits, { suffix }, i) => (suffix.length === 0 ? bits | (1 << i) : bits), 0)
  const siblings = path.map(({ prefix, suffix }) => concatBytes(prefix.subarray(1), suffix))
  const isWhole = siblings.every(({ length }) => length === 32) && path.every(({ prefix }) => prefix[0] === 1)
  const isPlainLeaf = proof.leaf!.prefix.length === 1
  if (!isWhole || !isPlainLeaf) throw errors.notEncodable({ reason: 'no node of a simple tree' })
  const stores = concatBytes(Uint8Array.of(path.length), be16(sides), ...siblings)
  let appHash = applyLeaf(proof.leaf!, proof.key, proof.value)
  for (const op of path) appHash = applyInner(op, appHash)
  return { stores, appHash }
}
