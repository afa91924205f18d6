import type { BlockID, Commit, Proposal, Vote } from '@causeway/protocol/tendermint/types/types'
import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import { utf8 } from '@causeway/primitives'
import { encodeBlockId, isZeroBlockId } from './block-id.ts'
import { encodeTimestamp } from './timestamps.ts'
import { WireWriter } from './wire.ts'

const PRECOMMIT = 2
const PROPOSAL = 32

/** What of a vote is signed. */
export type SignedVote = Pick<Vote, 'type' | 'height' | 'round' | 'blockId' | 'timestamp'>
/** What of a vote the signature over its extension covers. */
export type ExtendedVote = Pick<Vote, 'height' | 'round' | 'extension'>
/** What of a proposal is signed. */
export type SignedProposal = Pick<Proposal, 'height' | 'round' | 'polRound' | 'blockId' | 'timestamp'>

/** The bytes that a validator signs for a vote: a length-delimited `CanonicalVote`. */
export function voteSignBytes(chainId: string, vote: SignedVote): Uint8Array {
  return new WireWriter()
    .raw(voteStart(vote.type, vote.height, vote.round, vote.blockId))
    .message(5, encodeTimestamp(vote.timestamp))
    .data(6, utf8(chainId))
    .finishDelimited()
}

/** The bytes that a validator signs for a vote extension: a length-delimited `CanonicalVoteExtension`. */
export function voteExtensionSignBytes(chainId: string, vote: ExtendedVote): Uint8Array {
  return new WireWriter()
    .data(1, vote.extension)
    .fixed64(2, vote.height)
    .fixed64(3, BigInt(vote.round))
    .data(4, utf8(chainId))
    .finishDelimited()
}

/** The bytes that a proposer signs: a length-delimited `CanonicalProposal`. */
export function proposalSignBytes(chainId: string, proposal: SignedProposal): Uint8Array {
  const writer = new WireWriter()
    .varint(1, PROPOSAL)
    .fixed64(2, proposal.height)
    .fixed64(3, BigInt(proposal.round))
    .varint(4, proposal.polRound)
  if (!isZeroBlockId(proposal.blockId)) writer.message(5, encodeBlockId(proposal.blockId))
  return writer.message(6, encodeTimestamp(proposal.timestamp)).data(7, utf8(chainId)).finishDelimited()
}

/**
 * Sign bytes of a commit's precommits for its block. They differ by the timestamp only, so everything else is
 * encoded once per commit.
 */
export function commitSignBytes(
  chainId: string,
  commit: Commit,
): (timestamp: Timestamp | undefined) => Uint8Array {
  const start = voteStart(PRECOMMIT, commit.height, commit.round, commit.blockId)
  const end = new WireWriter().data(6, utf8(chainId)).finish()
  return (timestamp) => {
    const time = encodeTimestamp(timestamp)
    const length = start.length + 2 + time.length + end.length
    const prefix = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
    const bytes = new Uint8Array(prefix.length + length)
    bytes.set(prefix)
    let at = prefix.length
    bytes.set(start, at)
    at += start.length
    bytes[at++] = 0x2a // field 5, a message
    bytes[at++] = time.length
    bytes.set(time, at)
    bytes.set(end, at + time.length)
    return bytes
  }
}

function voteStart(type: number, height: bigint, round: number, blockId: BlockID | undefined): Uint8Array {
  const writer = new WireWriter().varint(1, type).fixed64(2, height).fixed64(3, BigInt(round))
  // A canonical block id has the fields and numbers of a block id; a vote for nil has none.
  if (!isZeroBlockId(blockId)) writer.message(4, encodeBlockId(blockId))
  return writer.finish()
}
