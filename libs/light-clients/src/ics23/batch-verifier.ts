import type { ProofSpec } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import type { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { verifyChained, verifyChainedAbsence } from './chained.ts'
import { NodeMemo } from './node-memo.ts'

/** Verifies many chained proofs under one root; nodes that they share are hashed once. */
export interface BatchVerifier {
  /** As `verifyChained`, with the same refusals. */
  verifyMembership(path: readonly Uint8Array[], value: Uint8Array, proof: MerkleProof): void
  /** As `verifyChainedAbsence`, with the same refusals. */
  verifyNonMembership(path: readonly Uint8Array[], proof: MerkleProof): void
}

/** A batch verifier for one root. It keeps hashes only; drop it with the batch. */
export function createBatchVerifier(specs: readonly ProofSpec[], root: Uint8Array): BatchVerifier {
  const memo = specs.map(() => new NodeMemo())
  return {
    verifyMembership: (path, value, proof) => verifyChained(specs, root, path, value, proof, memo),
    verifyNonMembership: (path, proof) => verifyChainedAbsence(specs, root, path, proof, memo),
  }
}
