import type { ExistenceProof, NonExistenceProof, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { compareBytes, equalBytes } from '@causeway/primitives'
import { errors } from './errors.ts'
import { existenceRoot, verifyExistence } from './existence.ts'
import { hashOrPass } from './hash-operations.ts'
import { areNeighbours, isLeftMost, isRightMost } from './neighbours.ts'
import type { NodeMemo } from './node-memo.ts'

/** Root that an absence proof leads to, without a check against any spec. Throws `ics23/13`–`/17`, `/30`. */
export function absenceRoot(proof: NonExistenceProof): Uint8Array {
  const neighbour = proof.left ?? proof.right
  if (!neighbour) throw errors.bothMissing()
  return existenceRoot(neighbour)
}

/**
 * Proves that `key` is not under `root`: its neighbours are, and nothing lies between them. Throws `ics23/5`,
 * `/10`–`/22`, `/30`–`/35`.
 *
 * DIFFERS FROM SPEC: the proof must name the key. Go leaves that field unread, so that one proof would serve
 * every key of the gap; provers always fill it in, and a proof that is for one key only can't be passed off
 * for another.
 */
export function verifyAbsence(
  spec: ProofSpec,
  root: Uint8Array,
  proof: NonExistenceProof,
  key: Uint8Array,
  memo?: NodeMemo,
): void {
  const { left, right } = proof
  if (!left && !right) throw errors.bothMissing()
  if (!namesKey(spec, proof, key)) throw errors.keyMismatch()
  if (left) verifyExistence(spec, root, left, left.key, left.value, memo)
  if (right) verifyExistence(spec, root, right, right.key, right.value, memo)
  if (!isRightOf(spec, key, left)) throw errors.notRightOfLeft()
  if (!isLeftOf(spec, key, right)) throw errors.notLeftOfRight()
  const inner = spec.innerSpec
  if (!inner) throw errors.badSpec({ reason: 'no inner spec' })
  if (!left) {
    if (!isLeftMost(inner, right!.path)) throw errors.notLeftmost()
  } else if (!right) {
    if (!isRightMost(inner, left.path)) throw errors.notRightmost()
  } else if (!areNeighbours(inner, left.path, right.path)) {
    throw errors.notAdjacent()
  }
}

/** Whether the proof says that it is for `key`; sparse trees' provers name the key's hash. */
export function namesKey(spec: ProofSpec, proof: NonExistenceProof, key: Uint8Array): boolean {
  return equalBytes(proof.key, key) || equalBytes(proof.key, comparable(spec, key))
}

/** Whether `key` comes after the left neighbour, or there is none. */
export function isRightOf(spec: ProofSpec, key: Uint8Array, left: ExistenceProof | undefined): boolean {
  return left === undefined || compareBytes(comparable(spec, left.key), comparable(spec, key)) < 0
}

/** Whether `key` comes before the right neighbour, or there is none. */
export function isLeftOf(spec: ProofSpec, key: Uint8Array, right: ExistenceProof | undefined): boolean {
  return right === undefined || compareBytes(comparable(spec, right.key), comparable(spec, key)) > 0
}

/** A sparse tree orders its leaves by the keys' hashes. */
function comparable(spec: ProofSpec, key: Uint8Array): Uint8Array {
  if (!spec.prehashKeyBeforeComparison) return key
  return hashOrPass(spec.leafSpec?.prehashKey ?? 0, key)
}
