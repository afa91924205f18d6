import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { BlockID, SignedMsgType, Vote } from '@causeway/protocol/tendermint/types/types'
import { fromBase64, fromHex, isProtocolError } from '@causeway/primitives'
import { parseTime } from '../chain/time.ts'
import { errors } from '../errors.ts'

/** Reads evidence as `broadcast_evidence` takes it: a duplicate vote, type and value. Throws `engine/63`. */
export function evidenceFromJson(json: unknown): Evidence {
  try {
    const { type, value } = object(json)
    if (type !== 'tendermint/DuplicateVoteEvidence') {
      throw errors.badEvidence({ reason: 'only tendermint/DuplicateVoteEvidence is taken' })
    }
    const given = object(value)
    return {
      duplicateVoteEvidence: {
        voteA: vote(given['vote_a']),
        voteB: vote(given['vote_b']),
        totalVotingPower: int64(given['TotalVotingPower']),
        validatorPower: int64(given['ValidatorPower']),
        timestamp: time(given['Timestamp']),
      },
    }
  } catch (error) {
    if (isProtocolError(error) && error.codespace === 'engine') throw error
    throw errors.badEvidence({ reason: 'it is not as CometBFT writes it' })
  }
}

function vote(json: unknown): Vote {
  const given = object(json)
  return {
    type: int32(given['type']) as SignedMsgType,
    height: int64(given['height']),
    round: int32(given['round']),
    blockId: blockId(given['block_id']),
    timestamp: time(given['timestamp']),
    validatorAddress: fromHex(text(given['validator_address'])),
    validatorIndex: int32(given['validator_index']),
    signature: bytes(given['signature']),
    extension: bytes(given['extension']),
    extensionSignature: bytes(given['extension_signature']),
  }
}

function blockId(json: unknown): BlockID {
  const { hash, parts } = object(json)
  const header = object(parts)
  return {
    hash: fromHex(text(hash)),
    partSetHeader: { total: int32(header['total']), hash: fromHex(text(header['hash'])) },
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object')
  return value as Record<string, unknown>
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text')
  return value
}

function int64(value: unknown): bigint {
  if (!/^\d{1,18}$/.test(text(value))) throw new TypeError('no int64')
  return BigInt(text(value))
}

function int32(value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0x7fffffff)
    throw new TypeError('no int32')
  return value as number
}

function bytes(value: unknown): Uint8Array {
  return value === null || value === undefined ? new Uint8Array(0) : fromBase64(text(value))
}

function time(value: unknown): Timestamp {
  return parseTime(text(value))
}
