import type { InnerOp, InnerSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { equalBytes } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Whether a path runs along the left edge of the tree; empty placeholder siblings don't count. */
export function isLeftMost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  return path.every((op) => isAtBranch(spec, op, 0) || leftSiblingsAreEmpty(spec, op))
}

/** Whether a path runs along the right edge of the tree; empty placeholder siblings don't count. */
export function isRightMost(spec: InnerSpec, path: readonly InnerOp[]): boolean {
  const last = spec.childOrder.length - 1
  return path.every((op) => isAtBranch(spec, op, last) || rightSiblingsAreEmpty(spec, op))
}

/**
 * Whether `right` is the next leaf after `left`: same nodes from the root down, then one step apart, then the
 * edges.
 */
export function areNeighbours(spec: InnerSpec, left: readonly InnerOp[], right: readonly InnerOp[]): boolean {
  let l = left.length - 1
  let r = right.length - 1
  while (l >= 0 && r >= 0 && haveSamePadding(left[l]!, right[r]!)) {
    l--
    r--
  }
  // One path ends where the other goes on, or both are the same: no two leaves of one tree (Go panics here).
  if (l < 0 || r < 0) return false
  const leftBranch = branchOf(spec, left[l]!)
  const rightBranch = branchOf(spec, right[r]!)
  if (leftBranch === undefined || rightBranch === undefined || rightBranch !== leftBranch + 1) return false
  return isRightMost(spec, left.slice(0, l)) && isLeftMost(spec, right.slice(0, r))
}

/** Whether every sibling left of the child is the spec's empty child, and there is one. */
export function leftSiblingsAreEmpty(spec: InnerSpec, op: InnerOp): boolean {
  const branch = branchOf(spec, op)
  if (branch === undefined || branch === 0) return false
  const start = op.prefix.length - branch * spec.childSize
  if (start < 0) return false
  return siblingsAreEmpty(spec, op.prefix, start, branch)
}

/** Whether every sibling right of the child is the spec's empty child, and there is one. */
export function rightSiblingsAreEmpty(spec: InnerSpec, op: InnerOp): boolean {
  const branch = branchOf(spec, op)
  if (branch === undefined) return false
  const count = spec.childOrder.length - 1 - branch
  if (count === 0 || op.suffix.length !== count * spec.childSize) return false
  return siblingsAreEmpty(spec, op.suffix, 0, count)
}

function siblingsAreEmpty(spec: InnerSpec, bytes: Uint8Array, start: number, count: number): boolean {
  for (let i = 0; i < count; i++) {
    const from = start + positionOf(spec, i) * spec.childSize
    if (!equalBytes(spec.emptyChild, bytes.subarray(from, from + spec.childSize))) return false
  }
  return true
}

/** The first branch whose padding the op has. */
function branchOf(spec: InnerSpec, op: InnerOp): number | undefined {
  for (let branch = 0; branch < spec.childOrder.length; branch++)
    if (isAtBranch(spec, op, branch)) return branch
  return undefined
}

function isAtBranch(spec: InnerSpec, op: InnerOp, branch: number): boolean {
  const position = positionOf(spec, branch)
  const prefix = op.prefix.length - position * spec.childSize
  if (prefix < spec.minPrefixLength || prefix > spec.maxPrefixLength) return false
  return op.suffix.length === (spec.childOrder.length - 1 - position) * spec.childSize
}

function positionOf(spec: InnerSpec, branch: number): number {
  const position = spec.childOrder.indexOf(branch)
  if (position < 0) throw errors.badSpec({ reason: 'the child order is no permutation' })
  return position
}

function haveSamePadding(a: InnerOp, b: InnerOp): boolean {
  return equalBytes(a.prefix, b.prefix) && equalBytes(a.suffix, b.suffix)
}
