import type {
  CommitmentProof,
  ExistenceProof,
  NonExistenceProof,
  ProofSpec,
} from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { equalBytes } from '@causeway/primitives'
import { absenceRoot, isLeftOf, isRightOf, namesKey, verifyAbsence } from './absence.ts'
import { decompress } from './compression.ts'
import { errors } from './errors.ts'
import { existenceRoot, verifyExistence } from './existence.ts'
import type { NodeMemo } from './node-memo.ts'

/*
 * Spec: ICS-23, checks as in ics23 go at v0.11.0. A proof may be single, a batch or a compressed batch; of a
 * batch the first entry for the key counts.
 */

/** Proves that `key` has `value` under `root`. Throws `ics23/3`–`/22` when it doesn't. */
export function verifyMembership(
  spec: ProofSpec,
  root: Uint8Array,
  proof: CommitmentProof,
  key: Uint8Array,
  value: Uint8Array,
  memo?: NodeMemo,
): void {
  const existence = existenceFor(decompress(proof), key)
  if (!existence) throw errors.wrongKind({ expected: 'an existence proof' })
  verifyExistence(spec, root, existence, key, value, memo)
}

/**
 * Proves that nothing is stored at `key` under `root`. Throws `ics23/3`–`/22`, `/30`–`/35` when it doesn't.
 */
export function verifyNonMembership(
  spec: ProofSpec,
  root: Uint8Array,
  proof: CommitmentProof,
  key: Uint8Array,
  memo?: NodeMemo,
): void {
  const absence = absenceFor(spec, decompress(proof), key)
  if (!absence) throw errors.wrongKind({ expected: 'an absence proof' })
  verifyAbsence(spec, root, absence, key, memo)
}

/**
 * Root that a proof leads to (of a batch, its first entry), unchecked. Throws `ics23/3`, `/4`, `/13`–`/17`,
 * `/30`.
 */
export function calculateRoot(proof: CommitmentProof): Uint8Array {
  const plain = decompress(proof)
  const { exist, nonexist } = plain.batch ? (plain.batch.entries[0] ?? {}) : plain
  if (exist) return existenceRoot(exist)
  if (nonexist) return absenceRoot(nonexist)
  throw errors.wrongKind({ expected: 'a proof' })
}

function existenceFor(proof: CommitmentProof, key: Uint8Array): ExistenceProof | undefined {
  const candidates = proof.batch ? proof.batch.entries : [proof]
  return candidates.find(({ exist }) => exist && equalBytes(exist.key, key))?.exist
}

function absenceFor(spec: ProofSpec, proof: CommitmentProof, key: Uint8Array): NonExistenceProof | undefined {
  const candidates = proof.batch ? proof.batch.entries : [proof]
  return candidates.find(
    ({ nonexist }) =>
      nonexist &&
      namesKey(spec, nonexist, key) &&
      isRightOf(spec, key, nonexist.left) &&
      isLeftOf(spec, key, nonexist.right),
  )?.nonexist
}
