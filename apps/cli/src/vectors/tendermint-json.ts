import type { Timestamp } from '@causeway/protocol'
import type { PublicKey } from '@causeway/protocol/tendermint/crypto/keys'
import type { Validator, ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import type {
  BlockID,
  Commit,
  CommitSig,
  Header,
  SignedHeader,
} from '@causeway/protocol/tendermint/types/types'
import { sortValidators } from '@causeway/light-clients'
import { EMPTY_BYTES, fromBase64, fromHex } from '@causeway/primitives'
import { integerAt, isObject, objectAt, textAt, type JsonObject } from './json-shape.ts'

/*
 * Blocks as CometBFT's RPC writes them. Everything here throws a plain error when a text is not what it
 * should be.
 */

/** A light block: a signed header, its validators and those of the next height. */
export interface LightBlock {
  readonly signedHeader: SignedHeader & { header: Header; commit: Commit }
  readonly validators: ValidatorSet
  readonly nextValidators: ValidatorSet
}

/** Reads `{signed_header, validator_set, next_validator_set}`; an absent set is empty. */
export function lightBlock(json: JsonObject): LightBlock {
  const signed = objectAt(json, 'signed_header')
  return {
    signedHeader: { header: header(objectAt(signed, 'header')), commit: commit(objectAt(signed, 'commit')) },
    validators: validatorSet(json.validator_set),
    nextValidators: validatorSet(json.next_validator_set),
  }
}

/** Reads a validator set and brings it into the order in which it is hashed. */
export function validatorSet(json: unknown): ValidatorSet {
  const list = isObject(json) && Array.isArray(json.validators) ? (json.validators as JsonObject[]) : []
  const proposer = isObject(json) && isObject(json.proposer) ? validator(json.proposer) : undefined
  return { validators: sortValidators(list.map(validator)), proposer, totalVotingPower: 0n }
}

/** Reads an RFC 3339 time, to the nanosecond. */
export function timestamp(text: string): Timestamp {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  const milliseconds = match ? Date.parse(`${match[1]}${match[3]}`) : NaN
  if (!match || Number.isNaN(milliseconds)) throw new Error(`${text} is no RFC 3339 time`)
  return { seconds: BigInt(milliseconds) / 1000n, nanos: Number((match[2] ?? '').padEnd(9, '0')) }
}

function validator(json: JsonObject): Validator {
  return {
    address: fromHex(textAt(json, 'address')),
    pubKey: publicKey(objectAt(json, 'pub_key')),
    votingPower: integerAt(json, Object.hasOwn(json, 'voting_power') ? 'voting_power' : 'power'),
    proposerPriority: integerAt(json, 'proposer_priority'),
  }
}

function publicKey(json: JsonObject): PublicKey {
  const type = textAt(json, 'type')
  const bytes = fromBase64(textAt(json, 'value'))
  if (type === 'tendermint/PubKeyEd25519') return { ed25519: bytes }
  if (type === 'tendermint/PubKeySecp256k1') return { secp256k1: bytes }
  throw new Error(`${type} is no known key type`)
}

function header(json: JsonObject): Header {
  const version = objectAt(json, 'version')
  return {
    version: { block: integerAt(version, 'block'), app: integerAt(version, 'app') },
    chainId: textAt(json, 'chain_id'),
    height: integerAt(json, 'height'),
    time: timestamp(textAt(json, 'time')),
    lastBlockId: isObject(json.last_block_id) ? blockId(json.last_block_id) : undefined,
    lastCommitHash: hashAt(json, 'last_commit_hash'),
    dataHash: hashAt(json, 'data_hash'),
    validatorsHash: hashAt(json, 'validators_hash'),
    nextValidatorsHash: hashAt(json, 'next_validators_hash'),
    consensusHash: hashAt(json, 'consensus_hash'),
    appHash: hashAt(json, 'app_hash'),
    lastResultsHash: hashAt(json, 'last_results_hash'),
    evidenceHash: hashAt(json, 'evidence_hash'),
    proposerAddress: hashAt(json, 'proposer_address'),
  }
}

function commit(json: JsonObject): Commit {
  const signatures = Array.isArray(json.signatures) ? (json.signatures as JsonObject[]) : []
  return {
    height: integerAt(json, 'height'),
    round: Number(integerAt(json, 'round')),
    blockId: isObject(json.block_id) ? blockId(json.block_id) : undefined,
    signatures: signatures.map(commitSignature),
  }
}

function commitSignature(json: JsonObject): CommitSig {
  // Some writers leave a time or an address in the place of an absent signature: nothing in it counts.
  if (integerAt(json, 'block_id_flag') === 1n) {
    return { blockIdFlag: 1, validatorAddress: EMPTY_BYTES, timestamp: undefined, signature: EMPTY_BYTES }
  }
  return {
    blockIdFlag: Number(integerAt(json, 'block_id_flag')) as CommitSig['blockIdFlag'],
    validatorAddress: hashAt(json, 'validator_address'),
    timestamp: typeof json.timestamp === 'string' ? timestamp(json.timestamp) : undefined,
    signature: typeof json.signature === 'string' ? fromBase64(json.signature) : EMPTY_BYTES,
  }
}

function blockId(json: JsonObject): BlockID {
  // The RPC says `parts`; older writers say `part_set_header`.
  const parts = isObject(json.part_set_header)
    ? json.part_set_header
    : isObject(json.parts)
      ? json.parts
      : undefined
  return {
    hash: hashAt(json, 'hash'),
    partSetHeader: parts && { total: Number(integerAt(parts, 'total')), hash: hashAt(parts, 'hash') },
  }
}

function hashAt(json: JsonObject, name: string): Uint8Array {
  const value = json[name]
  return typeof value === 'string' ? fromHex(value) : EMPTY_BYTES
}
