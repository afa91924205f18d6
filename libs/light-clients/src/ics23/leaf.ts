import type { LeafOp, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { startsWith } from '@causeway/primitives'
import { errors } from './errors.ts'
import { hashOrPass, hashParts, lengthPrefix } from './hash-operations.ts'
import { isIavlPrefix } from './iavl-prefix.ts'
import { isIavl } from './specs.ts'

/** Hash of the leaf that holds `key` and `value`. Throws `ics23/13`–`/16`. */
export function applyLeaf(leaf: LeafOp, key: Uint8Array, value: Uint8Array): Uint8Array {
  if (key.length === 0) throw errors.emptyInput({ what: 'the key' })
  if (value.length === 0) throw errors.emptyInput({ what: 'the value' })
  const hashedKey = hashOrPass(leaf.prehashKey, key)
  const hashedValue = hashOrPass(leaf.prehashValue, value)
  return hashParts(leaf.hash, [
    leaf.prefix,
    lengthPrefix(leaf.length, hashedKey),
    hashedKey,
    lengthPrefix(leaf.length, hashedValue),
    hashedValue,
  ])
}

/** Checks a leaf op against a spec. Throws `ics23/5`, `/10`. */
export function checkLeaf(leaf: LeafOp, spec: ProofSpec): void {
  const expected = spec.leafSpec
  if (!expected) throw errors.badSpec({ reason: 'no leaf spec' })
  if (isIavl(spec) && !isIavlPrefix(leaf.prefix, 0)) throw errors.leafMismatch({ reason: 'IAVL prefix' })
  checkLeafAgainst(leaf, expected)
}

/** Checks a leaf op against a leaf spec alone. Throws `ics23/10`. */
export function checkLeafAgainst(leaf: LeafOp, expected: LeafOp): void {
  if (leaf.hash !== expected.hash) throw errors.leafMismatch({ reason: 'hash' })
  if (leaf.prehashKey !== expected.prehashKey) throw errors.leafMismatch({ reason: 'prehash of the key' })
  if (leaf.prehashValue !== expected.prehashValue)
    throw errors.leafMismatch({ reason: 'prehash of the value' })
  if (leaf.length !== expected.length) throw errors.leafMismatch({ reason: 'length' })
  if (!startsWith(leaf.prefix, expected.prefix)) throw errors.leafMismatch({ reason: 'prefix' })
}
