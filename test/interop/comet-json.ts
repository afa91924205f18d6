// CometBFT's JSON read into protobuf messages, and our hash functions on them.
import { expect } from 'vitest'
import {
  hashCommit,
  hashConsensusParams,
  hashEvidence,
  hashHeader,
  hashResults,
  hashTransactions,
  hashValidatorSet,
  newValidator,
  partSet,
  verifyEd25519,
  voteSignBytes,
} from '@causeway/light-clients'
import { fromBase64, fromHex } from '@causeway/primitives'
import type { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { Block } from '@causeway/protocol/tendermint/types/block'
import type { BlockID, Commit, Header } from '@causeway/protocol/tendermint/types/types'

/** A block id of CometBFT's RPC. */
export interface RealBlockId {
  hash: string
  parts: { total: number; hash: string }
}

/** A header of CometBFT's RPC. */
export interface RealHeader {
  [name: string]: unknown
  last_results_hash: string
}

/** A commit of CometBFT's RPC. */
export interface RealCommit {
  height: string
  round: number
  block_id: RealBlockId
  signatures: {
    block_id_flag: 1 | 2
    validator_address: string
    timestamp: string
    signature: string | null
  }[]
}

/** A block of CometBFT's RPC. */
export interface RealBlock {
  block_id: RealBlockId
  block: { header: RealHeader; data: { txs: string[] }; last_commit: RealCommit }
}

/** A result of CometBFT's RPC. */
export interface RealResult {
  code: number
  data: string | null
  gas_wanted: string
  gas_used: string
}

/** A validator of CometBFT's RPC. */
export interface RealValidator {
  pub_key: { value: string }
  voting_power: string
}

/**
 * Recomputes every hash that CometBFT put into a block and the header after it, and checks the last commit.
 */
export function verifyBlock(
  real: RealBlock,
  results: RealResult[],
  next: RealHeader,
  validators: RealValidator[],
): void {
  const header = headerOf(real.block.header)
  const txs = real.block.data.txs.map(fromBase64)
  const lastCommit = commitOf(real.block.last_commit)
  expect(hashHeader(header)).toEqual(fromHex(real.block_id.hash))
  expect(hashTransactions(txs)).toEqual(header.dataHash)
  expect(hashCommit(lastCommit)).toEqual(header.lastCommitHash)
  expect(hashEvidence([])).toEqual(header.evidenceHash)
  expect(hashResults(results.map(resultOf))).toEqual(fromHex(next.last_results_hash))
  const set = {
    validators: validators.map(({ pub_key, voting_power }) =>
      newValidator({ ed25519: fromBase64(pub_key.value) }, BigInt(voting_power)),
    ),
    proposer: undefined,
    totalVotingPower: 0n,
  }
  expect(hashValidatorSet(set)).toEqual(header.validatorsHash)
  const params = { block: { maxBytes: 22_020_096n, maxGas: -1n } } as Parameters<
    typeof hashConsensusParams
  >[0]
  expect(hashConsensusParams(params)).toEqual(header.consensusHash)
  const bytes = Block.encode({ header, data: { txs }, evidence: { evidence: [] }, lastCommit }).finish()
  expect(partSet(bytes).header).toEqual(blockIdOf(real.block_id).partSetHeader)
  for (const [i, { blockIdFlag, timestamp, signature }] of lastCommit.signatures.entries()) {
    if (blockIdFlag !== 2) continue
    const { height, round, blockId } = lastCommit
    const vote = { type: 2 as const, height, round, blockId, timestamp }
    const key = validators[i]!.pub_key.value
    expect(verifyEd25519(fromBase64(key), voteSignBytes(header.chainId, vote), signature)).toBe(true)
  }
}

function headerOf(json: RealHeader): Header {
  const text = (name: string): string => json[name] as string
  const version = json['version'] as { block: string; app?: string }
  return {
    version: { block: BigInt(version.block), app: BigInt(version.app ?? 0) },
    chainId: text('chain_id'),
    height: BigInt(text('height')),
    time: timeOf(text('time')),
    lastBlockId: blockIdOf(json['last_block_id'] as RealBlockId),
    lastCommitHash: fromHex(text('last_commit_hash')),
    dataHash: fromHex(text('data_hash')),
    validatorsHash: fromHex(text('validators_hash')),
    nextValidatorsHash: fromHex(text('next_validators_hash')),
    consensusHash: fromHex(text('consensus_hash')),
    appHash: fromHex(text('app_hash')),
    lastResultsHash: fromHex(text('last_results_hash')),
    evidenceHash: fromHex(text('evidence_hash')),
    proposerAddress: fromHex(text('proposer_address')),
  }
}

function commitOf(json: RealCommit): Commit {
  return {
    height: BigInt(json.height),
    round: json.round,
    blockId: blockIdOf(json.block_id),
    signatures: json.signatures.map((signature) => ({
      blockIdFlag: signature.block_id_flag,
      validatorAddress: fromHex(signature.validator_address),
      timestamp: timeOf(signature.timestamp),
      signature: fromBase64(signature.signature ?? ''),
    })),
  }
}

function blockIdOf({ hash, parts }: RealBlockId): BlockID {
  return { hash: fromHex(hash), partSetHeader: { total: parts.total, hash: fromHex(parts.hash) } }
}

function resultOf(json: RealResult): ExecTxResult {
  return {
    code: json.code,
    log: '',
    info: '',
    events: [],
    codespace: '',
    data: fromBase64(json.data ?? ''),
    gasWanted: BigInt(json.gas_wanted),
    gasUsed: BigInt(json.gas_used),
  }
}

function timeOf(text: string): { seconds: bigint; nanos: number } {
  const [whole, decimals = ''] = text.replace('Z', '').split('.')
  return { seconds: BigInt(Date.parse(`${whole}Z`) / 1000), nanos: Number(decimals.padEnd(9, '0')) }
}
