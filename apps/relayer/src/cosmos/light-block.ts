import { toSeconds } from '@cosmjs/tendermint-rpc'
import type { Comet38Client, comet38 } from '@cosmjs/tendermint-rpc'
import type { BlockID, CommitSig, SignedHeader } from '@causeway/protocol/tendermint/types/types'
import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { RelayError } from '../errors.ts'

/** A header with its commit and the set that signed it: what a light client needs of one height. */
export interface LightBlock {
  readonly signedHeader: SignedHeader
  readonly validatorSet: ValidatorSet
}

/** Go's zero time, which a commit writes for a validator that did not vote. */
const ZERO_TIME: Timestamp = { seconds: -62_135_596_800n, nanos: 0 }
const FLAG_ABSENT = 1
const VALIDATORS_PER_PAGE = 100
const VALIDATORS_MAX = 10_000

/** Fetches and converts one height from one endpoint. */
export async function fetchLightBlock(client: Comet38Client, height: bigint): Promise<LightBlock> {
  const [commit, validators] = await Promise.all([
    client.commit(Number(height)),
    fetchValidators(client, height),
  ])
  if (BigInt(commit.header.height) !== height) {
    throw new RelayError('endpoint', 'now', `asked for the commit of ${height}, got ${commit.header.height}`)
  }
  return {
    signedHeader: { header: readHeader(commit.header), commit: readCommit(commit.commit) },
    validatorSet: toValidatorSet(validators, commit.header.proposerAddress),
  }
}

/** The validators of a height, page after page, in the set's own order. */
export async function fetchValidators(client: Comet38Client, height: bigint): Promise<Validator[]> {
  const validators: Validator[] = []
  for (let page = 1; ; page += 1) {
    const answer = await client.validators({ height: Number(height), page, per_page: VALIDATORS_PER_PAGE })
    validators.push(...answer.validators.map(readValidator))
    if (validators.length >= answer.total || answer.validators.length === 0) return validators
    if (validators.length > VALIDATORS_MAX)
      throw new RelayError('endpoint', 'now', 'validator set without end')
  }
}

/** A set with its proposer (any member serves: clients check membership, not turn) and total power. */
export function toValidatorSet(validators: readonly Validator[], proposerAddress?: Uint8Array): ValidatorSet {
  const isProposer = (one: Validator) =>
    proposerAddress !== undefined && one.address.every((byte, index) => byte === proposerAddress[index])
  return {
    validators: [...validators],
    proposer: validators.find(isProposer) ?? validators[0],
    totalVotingPower: validators.reduce((sum, one) => sum + one.votingPower, 0n),
  }
}

function readHeader(header: comet38.Header): NonNullable<SignedHeader['header']> {
  return {
    version: { block: BigInt(header.version.block), app: BigInt(header.version.app) },
    chainId: header.chainId,
    height: BigInt(header.height),
    time: readTime(header.time),
    lastBlockId: readBlockId(header.lastBlockId),
    lastCommitHash: header.lastCommitHash,
    dataHash: header.dataHash,
    validatorsHash: header.validatorsHash,
    nextValidatorsHash: header.nextValidatorsHash,
    consensusHash: header.consensusHash,
    appHash: header.appHash,
    lastResultsHash: header.lastResultsHash,
    evidenceHash: header.evidenceHash,
    proposerAddress: header.proposerAddress,
  }
}

function readCommit(commit: comet38.Commit): NonNullable<SignedHeader['commit']> {
  return {
    height: BigInt(commit.height),
    round: commit.round,
    blockId: readBlockId(commit.blockId),
    signatures: commit.signatures.map(readSignature),
  }
}

function readSignature(signature: comet38.Commit['signatures'][number]): CommitSig {
  const blockIdFlag = signature.blockIdFlag as number as CommitSig['blockIdFlag']
  if ((blockIdFlag as number) === FLAG_ABSENT) {
    return {
      blockIdFlag,
      validatorAddress: new Uint8Array(),
      timestamp: ZERO_TIME,
      signature: new Uint8Array(),
    }
  }
  return {
    blockIdFlag,
    validatorAddress: signature.validatorAddress ?? new Uint8Array(),
    timestamp: signature.timestamp === undefined ? ZERO_TIME : readTime(signature.timestamp),
    signature: signature.signature ?? new Uint8Array(),
  }
}

function readBlockId(blockId: comet38.BlockId | null): BlockID {
  return {
    hash: blockId?.hash ?? new Uint8Array(),
    partSetHeader: { total: blockId?.parts.total ?? 0, hash: blockId?.parts.hash ?? new Uint8Array() },
  }
}

/** A protobuf timestamp from CosmJS's date, to the nanosecond. */
export function readTime(time: Parameters<typeof toSeconds>[0]): Timestamp {
  const { seconds, nanos } = toSeconds(time)
  return { seconds: BigInt(seconds), nanos }
}

function readValidator(validator: comet38.Validator): Validator {
  const { pubkey } = validator
  const key = pubkey?.data
  return {
    address: validator.address,
    pubKey:
      pubkey?.algorithm === 'secp256k1'
        ? { ed25519: undefined, secp256k1: key }
        : { ed25519: key, secp256k1: undefined },
    votingPower: validator.votingPower,
    proposerPriority: 0n,
  }
}
