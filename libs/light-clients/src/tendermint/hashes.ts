import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import {
  DuplicateVoteEvidence,
  LightClientAttackEvidence,
  type Evidence,
} from '@causeway/protocol/tendermint/types/evidence'
import type { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import type { Commit, CommitSig, Header } from '@causeway/protocol/tendermint/types/types'
import { EMPTY_BYTES, assert, merkleRoot, sha256, utf8 } from '@causeway/primitives'
import { encodeBlockId } from './block-id.ts'
import { encodeTimestamp } from './timestamps.ts'
import { WireWriter } from './wire.ts'

/**
 * Hash of a header: Merkle root over its fourteen fields, each encoded by itself. Empty when it has no
 * validators hash, as in CometBFT, so that it equals no block id.
 */
export function hashHeader(header: Header): Uint8Array {
  if (header.validatorsHash.length === 0) return EMPTY_BYTES
  const version = new WireWriter()
    .varint(1, header.version?.block ?? 0n)
    .varint(2, header.version?.app ?? 0n)
    .finish()
  return merkleRoot([
    version,
    wrapped(utf8(header.chainId)),
    new WireWriter().varint(1, header.height).finish(),
    encodeTimestamp(header.time),
    encodeBlockId(header.lastBlockId),
    wrapped(header.lastCommitHash),
    wrapped(header.dataHash),
    wrapped(header.validatorsHash),
    wrapped(header.nextValidatorsHash),
    wrapped(header.consensusHash),
    wrapped(header.appHash),
    wrapped(header.lastResultsHash),
    wrapped(header.evidenceHash),
    wrapped(header.proposerAddress),
  ])
}

/** Hash of a commit (`last_commit_hash` of the next header): Merkle root over its signatures. */
export function hashCommit(commit: Commit): Uint8Array {
  return merkleRoot(commit.signatures.map(encodeCommitSignature))
}

/** Hash of the consensus parameters that headers commit to: block size and gas only. */
export function hashConsensusParams(params: ConsensusParams): Uint8Array {
  const hashed = new WireWriter()
    .varint(1, params.block?.maxBytes ?? 0n)
    .varint(2, params.block?.maxGas ?? 0n)
    .finish()
  return sha256(hashed)
}

/** Hash of a block's transactions (`data_hash`): Merkle root over the transactions' hashes. */
export function hashTransactions(transactions: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(transactions.map((transaction) => sha256(transaction)))
}

/** Hash of a block's results (`last_results_hash` of the next header): only what is deterministic in them. */
export function hashResults(results: readonly ExecTxResult[]): Uint8Array {
  return merkleRoot(
    results.map((result) =>
      new WireWriter()
        .varint(1, result.code)
        .data(2, result.data)
        .varint(5, result.gasWanted)
        .varint(6, result.gasUsed)
        .finish(),
    ),
  )
}

/** Hash of a block's evidence (`evidence_hash`): Merkle root over the pieces, without their wrapper. */
export function hashEvidence(evidence: readonly Evidence[]): Uint8Array {
  return merkleRoot(
    evidence.map((piece) => {
      if (piece.duplicateVoteEvidence)
        return DuplicateVoteEvidence.encode(piece.duplicateVoteEvidence).finish()
      assert(piece.lightClientAttackEvidence, 'evidence is of one of two kinds')
      return LightClientAttackEvidence.encode(piece.lightClientAttackEvidence).finish()
    }),
  )
}

/** As `google.protobuf.{String,Bytes}Value`; nothing when it is empty. */
function wrapped(value: Uint8Array): Uint8Array {
  return new WireWriter().data(1, value).finish()
}

function encodeCommitSignature(signature: CommitSig): Uint8Array {
  return new WireWriter()
    .varint(1, signature.blockIdFlag)
    .data(2, signature.validatorAddress)
    .message(3, encodeTimestamp(signature.timestamp))
    .data(4, signature.signature)
    .finish()
}
