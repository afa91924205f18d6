// The set of attestors: a hash that a client keeps, and what must be shown to use it.
import {
  assert,
  be32,
  be64,
  concatBytes,
  merkleProofs,
  merkleRoot,
  merkleRootOf,
  leafHash,
  equalBytes,
  sha256,
  toHex,
  utf8,
  U64_MAX,
} from '@causeway/primitives'
import { requireLength } from './attestation-bytes.ts'
import type { BlsScheme } from './bls/scheme.ts'
import { KEY_BYTES } from './bls/points.ts'
import { errors } from './errors.ts'

/** A validator as a signer of attestations. */
export interface Attestor {
  /** A point of G2: 192 bytes, uncompressed, `x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0`, big-endian, no flag bits. */
  readonly key: Uint8Array
  readonly power: bigint
}

/** What a set's hash commits to. */
export interface AttestorSet {
  /** Root of the leaf tree, 32 bytes. */
  readonly leafRoot: Uint8Array
  readonly count: number
  readonly totalPower: bigint
  /** Sum of all keys, 192 bytes. */
  readonly aggregateKey: Uint8Array
}

const PREFIX = utf8('causeway/attestor-set/v1')
const HASH_BYTES = 32

/** Content of a leaf of the tree: BE32(index) ‖ key ‖ BE64(power). Its hash is H(0x00 ‖ content). */
export function attestorLeaf(index: number, { key, power }: Attestor): Uint8Array {
  return concatBytes(be32(index), requireLength('key', key, KEY_BYTES), be64(power))
}

/** Root of the leaf tree: RFC 6962, as CometBFT's simple Merkle tree. */
export function attestorLeafRoot(attestors: readonly Attestor[]): Uint8Array {
  return merkleRoot(attestors.map((attestor, index) => attestorLeaf(index, attestor)))
}

/** Siblings of each leaf, from the leaf upwards, in the order of the set. */
export function attestorProofs(attestors: readonly Attestor[]): Uint8Array[][] {
  const { proofs } = merkleProofs(attestors.map((attestor, index) => attestorLeaf(index, attestor)))
  return proofs.map(({ aunts }) => [...aunts])
}

/** Whether the siblings lead from an attestor at an index to the root of a set. */
export function isAttestorAt(
  { leafRoot, count }: Pick<AttestorSet, 'leafRoot' | 'count'>,
  index: number,
  attestor: Attestor,
  siblings: readonly Uint8Array[],
): boolean {
  if (siblings.some(({ length }) => length !== HASH_BYTES)) return false
  const leaf = leafHash(attestorLeaf(index, attestor))
  const root = merkleRootOf({ total: count, index, leafHash: leaf, aunts: siblings })
  return root !== undefined && equalBytes(root, leafRoot)
}

/**
 * Makes a set: every key valid and there once, every power positive, the total below 2⁶⁴. Possession is
 * proven where keys are registered. Throws `attestation/2` – `/5`.
 */
export function createAttestorSet(scheme: BlsScheme, attestors: readonly Attestor[]): AttestorSet {
  if (attestors.length === 0) throw errors.invalidSet({ reason: 'it is empty' })
  const seen = new Set<string>()
  let totalPower = 0n
  for (const [index, { key, power }] of attestors.entries()) {
    if (!scheme.isKey(key)) throw errors.invalidKey({ index })
    if (power <= 0n) throw errors.powerZero({ index })
    const name = toHex(key)
    if (seen.has(name)) throw errors.repeatedKey({ index })
    seen.add(name)
    totalPower += power
  }
  if (totalPower > U64_MAX) throw errors.invalidSet({ reason: 'its power exceeds 64 bits' })
  const aggregateKey = scheme.addKeys(attestors.map(({ key }) => key))
  if (aggregateKey === undefined) throw errors.invalidSet({ reason: 'its keys add up to nothing' })
  assert(aggregateKey.length === KEY_BYTES, 'a sum of keys is a key')
  return { leafRoot: attestorLeafRoot(attestors), count: attestors.length, totalPower, aggregateKey }
}

/**
 * The hash by which a client knows a set: H(prefix ‖ leaf root ‖ BE32(count) ‖ BE64(total power) ‖ aggregate
 * key). Throws `attestation/1`.
 */
export function attestorSetHash({ leafRoot, count, totalPower, aggregateKey }: AttestorSet): Uint8Array {
  return sha256(
    concatBytes(
      PREFIX,
      requireLength('leaf root', leafRoot, HASH_BYTES),
      be32(count),
      be64(totalPower),
      requireLength('aggregate key', aggregateKey, KEY_BYTES),
    ),
  )
}
