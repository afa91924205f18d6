import type { CommitmentProof, ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { equalBytes } from '@causeway/primitives'
import { absenceRoot, verifyAbsence } from './absence.ts'
import { errors } from './errors.ts'
import { provenRoot } from './existence.ts'
import type { NodeMemo } from './node-memo.ts'

/*
 * Proofs through several trees, as ibc-go v10 chains them (23-commitment `MerkleProof`): proofs and specs run
 * from the lowest tree to the highest, the path's keys from the highest to the lowest.
 */

/** What many proofs under one root share: one memo a level. Verdicts are the same with and without it. */
export type ProofMemo = readonly NodeMemo[]

/** Proves that `path` has `value` under `root`. Throws `ics23/3`–`/22`, `/40`, `/41`. */
export function verifyChained(
  specs: readonly ProofSpec[],
  root: Uint8Array,
  path: readonly Uint8Array[],
  value: Uint8Array,
  proof: MerkleProof,
  memo?: ProofMemo,
): void {
  checkLengths(specs, root, path, proof)
  if (value.length === 0) throw errors.emptyInput({ what: 'the value' })
  climb(specs, root, path, value, proof.proofs, 0, memo)
}

/**
 * Proves that nothing is stored at `path` under `root`. Throws `ics23/3`–`/22`, `/30`–`/35`, `/40`, `/41`.
 */
export function verifyChainedAbsence(
  specs: readonly ProofSpec[],
  root: Uint8Array,
  path: readonly Uint8Array[],
  proof: MerkleProof,
  memo?: ProofMemo,
): void {
  checkLengths(specs, root, path, proof)
  const absence = proof.proofs[0]!.nonexist
  if (!absence) throw errors.wrongKind({ expected: 'an absence proof' })
  const subroot = absenceRoot(absence)
  verifyAbsence(specs[0]!, subroot, absence, path[path.length - 1]!, memo?.[0])
  climb(specs, root, path, subroot, proof.proofs, 1, memo)
}

function checkLengths(
  specs: readonly ProofSpec[],
  root: Uint8Array,
  path: readonly Uint8Array[],
  proof: MerkleProof,
): void {
  if (root.length === 0) throw errors.emptyRoot()
  const proofs = proof.proofs.length
  if (proofs === 0 || specs.length !== proofs || path.length !== proofs) {
    throw errors.lengthMismatch({ specs: specs.length, path: path.length, proofs })
  }
}

/** Each tree's root is the value in the next; the last must be `root`. */
function climb(
  specs: readonly ProofSpec[],
  root: Uint8Array,
  path: readonly Uint8Array[],
  lowest: Uint8Array,
  proofs: readonly CommitmentProof[],
  from: number,
  memo: ProofMemo | undefined,
): void {
  let value = lowest
  for (let i = from; i < proofs.length; i++) {
    const existence = proofs[i]!.exist
    if (!existence) throw errors.wrongKind({ expected: 'an existence proof' })
    value = provenRoot(specs[i]!, existence, path[path.length - 1 - i]!, value, memo?.[i])
  }
  if (!equalBytes(root, value)) throw errors.rootMismatch()
}
