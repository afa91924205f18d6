import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { Block } from '@causeway/protocol/tendermint/types/block'
import { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { BlockID, Commit, Header } from '@causeway/protocol/tendermint/types/types'
import { hashCommit, hashConsensusParams, hashEvidence, hashHeader } from '@causeway/light-clients'
import { merkleRoot } from '@causeway/primitives'
import { emptyBlockId, nextHeight } from './chain-state.ts'
import type { ChainState } from './chain-state.ts'
import { medianTime } from './median-time.ts'
import { partSetHeader } from './part-set-header.ts'

/** CometBFT's block protocol. */
export const BLOCK_PROTOCOL = 11n

/** A block with what is derived from it. */
export interface MadeBlock {
  readonly block: Block
  readonly header: Header
  readonly blockId: BlockID
  readonly bytes: Uint8Array
  readonly txHashes: readonly Uint8Array[]
}

/** What a proposer puts into a block. */
export interface BlockContent {
  readonly txs: Uint8Array[]
  /** SHA-256 of each transaction. */
  readonly txHashes: readonly Uint8Array[]
  readonly evidence: Evidence[]
  /** The commit of the block before; `undefined` for the first block. */
  readonly lastCommit: Commit | undefined
  readonly proposerAddress: Uint8Array
}

/** Makes the next block of a chain. Spec: CometBFT v0.38 state.MakeBlock. */
export function makeBlock(state: ChainState, content: BlockContent): MadeBlock {
  const lastCommit = content.lastCommit ?? emptyCommit()
  const header: Header = {
    version: { block: BLOCK_PROTOCOL, app: state.appVersion },
    chainId: state.chainId,
    height: nextHeight(state),
    time: blockTime(state, content.lastCommit),
    lastBlockId: state.lastBlockId,
    lastCommitHash: hashCommit(lastCommit),
    dataHash: merkleRoot(content.txHashes),
    validatorsHash: state.validatorsHash,
    nextValidatorsHash: state.nextValidatorsHash,
    consensusHash: hashConsensusParams(state.params),
    appHash: state.appHash,
    lastResultsHash: state.lastResultsHash,
    evidenceHash: hashEvidence(content.evidence),
    proposerAddress: content.proposerAddress,
  }
  const block: Block = {
    header,
    data: { txs: content.txs },
    evidence: { evidence: content.evidence },
    lastCommit,
  }
  const bytes = Block.encode(block).finish()
  const blockId = { hash: hashHeader(header), partSetHeader: partSetHeader(bytes) }
  return { block, header, blockId, bytes, txHashes: content.txHashes }
}

/** The time of the next block: the genesis time first, then the median of the last commit. */
export function blockTime(state: ChainState, lastCommit: Commit | undefined): Timestamp {
  return lastCommit ? medianTime(lastCommit, state.lastValidators) : state.lastTime
}

/** The commit in the first block. */
export function emptyCommit(): Commit {
  return { height: 0n, round: 0, blockId: emptyBlockId(), signatures: [] }
}

const HEADER_BYTES_MAX = 626n
const BLOCK_OVERHEAD_BYTES_MAX = 11n
const COMMIT_OVERHEAD_BYTES_MAX = 94n
/** With the largest signature that CometBFT 0.38 knows (ML-DSA-65) and the framing of a repeated field. */
const COMMIT_SIGNATURE_BYTES_MAX = 3309n + 20n + 1n + 14n + 11n + 3n

/** Bytes that transactions may take, framing included. Spec: CometBFT v0.38 types.MaxDataBytes. */
export function dataBytesMax(blockBytes: bigint, evidenceBytes: bigint, validatorCount: number): bigint {
  const commit = COMMIT_OVERHEAD_BYTES_MAX + COMMIT_SIGNATURE_BYTES_MAX * BigInt(validatorCount)
  const rest = blockBytes - BLOCK_OVERHEAD_BYTES_MAX - HEADER_BYTES_MAX - commit - evidenceBytes
  return rest < 0n ? 0n : rest
}

/** Bytes that a transaction takes in a block: itself, a tag and its length. */
export function txBytesInBlock(length: number): number {
  let size = length + 2
  for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) size++
  return size
}

/** Bytes that a piece of evidence takes in a block. */
export function evidenceBytesInBlock(evidence: Evidence): number {
  return txBytesInBlock(Evidence.encode(evidence).finish().length)
}
