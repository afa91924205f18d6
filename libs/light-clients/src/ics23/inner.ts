import type { InnerOp, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { startsWith } from '@causeway/primitives'
import { errors } from './errors.ts'
import { hashParts } from './hash-operations.ts'
import { isIavlPrefix } from './iavl-prefix.ts'
import { isIavl } from './specs.ts'

/** Hash of the node above `child`. Throws `ics23/13`, `/16`. */
export function applyInner(op: InnerOp, child: Uint8Array): Uint8Array {
  if (child.length === 0) throw errors.emptyInput({ what: 'the child' })
  return hashParts(op.hash, [op.prefix, child, op.suffix])
}

/** What a path's inner ops are checked with: a spec, looked through once. */
export interface InnerRules {
  readonly hash: number
  readonly iavl: boolean
  readonly leafPrefix: Uint8Array
  readonly prefixLengthMin: number
  /** Of a prefix that holds no sibling. */
  readonly bareLengthMax: number
  readonly childSize: number
  readonly siblingsMax: number
}

/** The rules of a spec. Throws `ics23/5` when it is unusable. */
export function innerRules(spec: ProofSpec): InnerRules {
  const { innerSpec: inner, leafSpec: leaf } = spec
  if (!inner) throw errors.badSpec({ reason: 'no inner spec' })
  if (!leaf) throw errors.badSpec({ reason: 'no leaf spec' })
  if (inner.childSize <= 0) throw errors.badSpec({ reason: 'a child size below 1' })
  if (inner.childOrder.length === 0) throw errors.badSpec({ reason: 'no child order' })
  return {
    hash: inner.hash,
    iavl: isIavl(spec),
    leafPrefix: leaf.prefix,
    prefixLengthMin: inner.minPrefixLength,
    bareLengthMax: inner.maxPrefixLength,
    childSize: inner.childSize,
    siblingsMax: inner.childOrder.length - 1,
  }
}

/**
 * Checks the inner op on `layer` (1 is just above the leaf). Throws `ics23/11`.
 *
 * DIFFERS FROM SPEC: Go bounds prefix and suffix each by themselves; here they may not hold more siblings
 * together than a node has, so that no binary node comes with both a left and a right sibling.
 */
export function checkInner(op: InnerOp, rules: InnerRules, layer: number): void {
  if (op.hash !== rules.hash) throw errors.innerMismatch({ reason: 'hash' })
  if (rules.iavl && !isIavlPrefix(op.prefix, layer)) throw errors.innerMismatch({ reason: 'IAVL prefix' })
  if (startsWith(op.prefix, rules.leafPrefix)) throw errors.innerMismatch({ reason: 'it begins like a leaf' })
  if (op.prefix.length < rules.prefixLengthMin) throw errors.innerMismatch({ reason: 'prefix too short' })
  if (op.suffix.length % rules.childSize !== 0)
    throw errors.innerMismatch({ reason: 'suffix is not whole children' })
  const leftSiblings = Math.max(0, Math.ceil((op.prefix.length - rules.bareLengthMax) / rules.childSize))
  if (leftSiblings > rules.siblingsMax) throw errors.innerMismatch({ reason: 'prefix too long' })
  if (leftSiblings + op.suffix.length / rules.childSize > rules.siblingsMax) {
    throw errors.innerMismatch({ reason: 'more siblings than a node has' })
  }
}
