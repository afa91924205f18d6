import type {
  BatchEntry,
  CommitmentProof,
  CompressedBatchEntry,
  CompressedExistenceProof,
  ExistenceProof,
  InnerOp,
} from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { errors } from './errors.ts'

/**
 * Replaces the references of a compressed batch by its inner ops; any other proof is passed on. Throws
 * `ics23/4`.
 */
export function decompress(proof: CommitmentProof): CommitmentProof {
  const { compressed } = proof
  if (!compressed) return proof
  const lookup = compressed.lookupInners
  return { batch: { entries: compressed.entries.map((entry) => decompressEntry(entry, lookup)) } }
}

function decompressEntry(entry: CompressedBatchEntry, lookup: readonly InnerOp[]): BatchEntry {
  if (entry.exist) return { exist: decompressExistence(entry.exist, lookup) }
  if (!entry.nonexist) throw errors.badCompression()
  const { key, left, right } = entry.nonexist
  return {
    nonexist: {
      key,
      left: left && decompressExistence(left, lookup),
      right: right && decompressExistence(right, lookup),
    },
  }
}

function decompressExistence(proof: CompressedExistenceProof, lookup: readonly InnerOp[]): ExistenceProof {
  const path = proof.path.map((reference) => {
    const op = lookup[reference]
    if (!op) throw errors.badCompression()
    return op
  })
  return { key: proof.key, value: proof.value, leaf: proof.leaf, path }
}
