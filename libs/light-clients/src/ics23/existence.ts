import type { ExistenceProof, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { equalBytes, sha256Path } from '@causeway/primitives'
import { errors } from './errors.ts'
import { applyInner, checkInner, innerRules } from './inner.ts'
import { applyLeaf, checkLeaf } from './leaf.ts'
import type { NodeMemo } from './node-memo.ts'

const MAX_DEPTH_DEFAULT = 128
const SHA256 = 1

/** Root that an existence proof leads to, without a check against any spec. Throws `ics23/13`–`/17`. */
export function existenceRoot(proof: ExistenceProof): Uint8Array {
  if (!proof.leaf) throw errors.missingLeaf()
  let hash = applyLeaf(proof.leaf, proof.key, proof.value)
  for (const op of proof.path) hash = applyInner(op, hash)
  return hash
}

/** Checks leaf and path against a spec. Throws `ics23/5`, `/10`–`/12`, `/17`. */
export function checkExistence(spec: ProofSpec, proof: ExistenceProof): void {
  if (!proof.leaf) throw errors.missingLeaf()
  checkLeaf(proof.leaf, spec)
  const depth = proof.path.length
  const depthMax = spec.maxDepth === 0 ? MAX_DEPTH_DEFAULT : spec.maxDepth
  if (depth > depthMax || (spec.minDepth > 0 && depth < spec.minDepth)) throw errors.badDepth({ depth })
  if (depth === 0) return
  const rules = innerRules(spec)
  for (let i = 0; i < depth; i++) checkInner(proof.path[i]!, rules, i + 1)
}

/**
 * Root that the proof leads to, when it is for this key and value and keeps to the spec. With a memo, nodes
 * met before are not hashed again; the verdict is the same. Throws `ics23/5`, `/10`–`/21`.
 */
export function provenRoot(
  spec: ProofSpec,
  proof: ExistenceProof,
  key: Uint8Array,
  value: Uint8Array,
  memo?: NodeMemo,
): Uint8Array {
  checkExistence(spec, proof)
  if (!equalBytes(key, proof.key)) throw errors.keyMismatch()
  if (!equalBytes(value, proof.value)) throw errors.valueMismatch()
  const leaf = proof.leaf!
  // SHA-256 fits every child that bounds its hash, so lengths need no look on these ways.
  if (leaf.hash === SHA256 && spec.innerSpec?.hash === SHA256) {
    if (memo) return memo.climb(proof.path, memo.leaf(leaf, key, value))
    return sha256Path(applyLeaf(leaf, key, value), proof.path)
  }
  const hashMax = childHashMax(spec)
  let hash = applyLeaf(leaf, key, value)
  for (const op of proof.path) {
    hash = applyInner(op, hash)
    if (hash.length > hashMax) throw errors.hashTooLong()
  }
  return hash
}

/** Proves that `key` has `value` under `root`. Throws `ics23/5`, `/10`–`/22`. */
export function verifyExistence(
  spec: ProofSpec,
  root: Uint8Array,
  proof: ExistenceProof,
  key: Uint8Array,
  value: Uint8Array,
  memo?: NodeMemo,
): void {
  if (!equalBytes(root, provenRoot(spec, proof, key, value, memo))) throw errors.rootMismatch()
}

/** The longest hash that fits a child; small children (below 32 bytes) are not bounded, as in Go. */
function childHashMax(spec: ProofSpec): number {
  const size = spec.innerSpec?.childSize ?? 0
  return size >= 32 ? size : Infinity
}
