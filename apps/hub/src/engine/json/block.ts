import type { Block } from '@causeway/protocol/tendermint/types/block'
import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type {
  BlockID,
  BlockMeta,
  Commit,
  CommitSig,
  Header,
  Vote,
} from '@causeway/protocol/tendermint/types/types'
import { formatTime } from '../chain/time.ts'
import { base64, base64OrNull, hex } from './scalars.ts'
import type { Json } from './scalars.ts'

/** JSON of a block id. */
export function blockIdJson(id: BlockID | undefined): Json {
  return {
    hash: hex(id?.hash),
    parts: { total: id?.partSetHeader?.total ?? 0, hash: hex(id?.partSetHeader?.hash) },
  }
}

/** JSON of a header. */
export function headerJson(header: Header): Json {
  return {
    version: {
      block: String(header.version?.block ?? 0n),
      // Go leaves out the application's version 0
      ...(header.version?.app ? { app: String(header.version.app) } : {}),
    },
    chain_id: header.chainId,
    height: String(header.height),
    time: formatTime(header.time),
    last_block_id: blockIdJson(header.lastBlockId),
    last_commit_hash: hex(header.lastCommitHash),
    data_hash: hex(header.dataHash),
    validators_hash: hex(header.validatorsHash),
    next_validators_hash: hex(header.nextValidatorsHash),
    consensus_hash: hex(header.consensusHash),
    app_hash: hex(header.appHash),
    last_results_hash: hex(header.lastResultsHash),
    evidence_hash: hex(header.evidenceHash),
    proposer_address: hex(header.proposerAddress),
  }
}

/** JSON of a commit. */
export function commitJson(commit: Commit): Json {
  return {
    height: String(commit.height),
    round: commit.round,
    block_id: blockIdJson(commit.blockId),
    signatures: commit.signatures.map(commitSignatureJson),
  }
}

/** JSON of a block. */
export function blockJson(block: Block): Json {
  return {
    header: headerJson(block.header!),
    data: { txs: (block.data?.txs ?? []).map(base64) },
    evidence: { evidence: (block.evidence?.evidence ?? []).map(evidenceJson) },
    last_commit: block.lastCommit ? commitJson(block.lastCommit) : null,
  }
}

/** JSON of a block's id, size and header. */
export function blockMetaJson(meta: BlockMeta): Json {
  return {
    block_id: blockIdJson(meta.blockId),
    block_size: String(meta.blockSize),
    header: headerJson(meta.header!),
    num_txs: String(meta.numTxs),
  }
}

/** JSON of a piece of evidence, type and value. */
export function evidenceJson({ duplicateVoteEvidence: duplicate }: Evidence): Json {
  return {
    type: 'tendermint/DuplicateVoteEvidence',
    value: {
      vote_a: voteJson(duplicate!.voteA!),
      vote_b: voteJson(duplicate!.voteB!),
      TotalVotingPower: String(duplicate!.totalVotingPower),
      ValidatorPower: String(duplicate!.validatorPower),
      Timestamp: formatTime(duplicate!.timestamp),
    },
  }
}

function commitSignatureJson(signature: CommitSig): Json {
  return {
    block_id_flag: signature.blockIdFlag,
    validator_address: hex(signature.validatorAddress),
    timestamp: formatTime(signature.timestamp),
    signature: base64OrNull(signature.signature),
  }
}

function voteJson(vote: Vote): Json {
  return {
    type: vote.type,
    height: String(vote.height),
    round: vote.round,
    block_id: blockIdJson(vote.blockId),
    timestamp: formatTime(vote.timestamp),
    validator_address: hex(vote.validatorAddress),
    validator_index: vote.validatorIndex,
    signature: base64OrNull(vote.signature),
    extension: base64OrNull(vote.extension),
    extension_signature: base64OrNull(vote.extensionSignature),
  }
}
