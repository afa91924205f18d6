// What CosmJS reads from the RPC, as the protobuf messages that light clients take.
import type { comet38 } from '@cosmjs/tendermint-rpc'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import type { Timestamp } from '@causeway/protocol'
import type { BlockID, Header } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'

type TimeWithNanoseconds = { getTime(): number; readonly nanoseconds?: number | undefined }

/** A time with its nanoseconds. */
export function timestampOf(time: TimeWithNanoseconds | undefined): Timestamp {
  if (time === undefined) return { seconds: -62_135_596_800n, nanos: 0 }
  const milliseconds = time.getTime()
  const seconds = BigInt(Math.floor(milliseconds / 1000))
  return { seconds, nanos: (((milliseconds % 1000) + 1000) % 1000) * 1_000_000 + (time.nanoseconds ?? 0) }
}

/** A block id. */
export function blockIdOf(id: comet38.BlockId | null): BlockID {
  const none = { hash: new Uint8Array(0), partSetHeader: { total: 0, hash: new Uint8Array(0) } }
  return id === null ? none : { hash: id.hash, partSetHeader: { total: id.parts.total, hash: id.parts.hash } }
}

/** A header. */
export function headerOf(header: comet38.Header): Header {
  return {
    version: { block: BigInt(header.version.block), app: BigInt(header.version.app) },
    chainId: header.chainId,
    height: BigInt(header.height),
    time: timestampOf(header.time),
    lastBlockId: blockIdOf(header.lastBlockId),
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

/** A validator set; light clients don't use who proposes. */
export function validatorSetOf(validators: readonly comet38.Validator[]): ValidatorSet {
  const list = validators.map((validator) => ({
    address: validator.address,
    pubKey: { ed25519: validator.pubkey!.data },
    votingPower: BigInt(validator.votingPower),
    proposerPriority: BigInt(validator.proposerPriority ?? 0),
  }))
  return {
    validators: list,
    proposer: list[0],
    totalVotingPower: list.reduce((sum, v) => sum + v.votingPower, 0n),
  }
}

/** The flag of a vote. CosmJS gives a vote for nil a name, CometBFT a number: they agree. */
export function flagOf(flag: number): BlockIDFlag {
  const known = Object.values(BlockIDFlag).find((value) => value === flag)
  return known ?? BlockIDFlag.BLOCK_ID_FLAG_UNKNOWN
}
