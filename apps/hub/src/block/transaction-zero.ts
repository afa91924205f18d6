// Transaction 0 of block h is the ExtendedCommitInfo of h − 1: the vote extensions, proven to every
// validator.
import { equalBytes, isProtocolError, toHex } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import type { CommitInfo, ExtendedVoteInfo, VoteInfo } from '@causeway/protocol/tendermint/abci/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import { voteExtensionSignBytes } from '@causeway/light-clients'
import { errors } from './block-errors.ts'

/** A validator of the set that signed h − 1. */
export interface SetMember {
  readonly address: Uint8Array
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly power: bigint
}

/** What transaction 0 is judged against. */
export interface TransactionZeroFacts {
  readonly chainId: string
  /** h: the height of the block that carries it. */
  readonly height: bigint
  /** The last commit of that block. */
  readonly lastCommit: CommitInfo
  /** The set stored for h − 1. */
  readonly validators: readonly SetMember[]
  /** Whether all Ed25519 signatures hold; else the index of one that does not. */
  readonly verifyExtensions: (
    checks: readonly { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array }[],
  ) => number | undefined
}

/** One vote for the block with its extension. */
export interface ExtendedVote {
  readonly validator: SetMember
  readonly extension: Uint8Array
}

/** Bytes of a vote extension whose content counts. */
export const EXTENSION_BYTES_MAX = 16 * 1024
// No bound but the one of CometBFT on a block: nobody has verified what a precommit carries that arrives
// after the
// decision, and
// a smaller bound would let one validator make every honest proposal refusable.
const TRANSACTION_ZERO_BYTES_MAX = 100 * 1024 * 1024

/** Whether block `height` must carry it: extensions of the height before exist. */
export function needsTransactionZero(height: bigint, initialHeight: bigint, enableHeight: bigint): boolean {
  return enableHeight > 0n && height > enableHeight && height > initialHeight
}

/**
 * Reads and judges transaction 0: the round, and each vote's validator, power and flag equal the last
 * commit's; every extension is signed for h − 1 under the stored key; more than 2/3 of the power stands
 * behind them. An oversize extension counts as an empty one. Throws `block/1` – `block/13`.
 */
export function judgeTransactionZero(
  bytes: Uint8Array | undefined,
  facts: TransactionZeroFacts,
): ExtendedVote[] {
  const { height, lastCommit } = facts
  if (bytes === undefined) throw errors.transactionZeroMissing({ height })
  const { round, votes } = decode(bytes)
  if (round !== lastCommit.round) throw errors.wrongRound({ expected: lastCommit.round, got: round })
  if (votes.length !== lastCommit.votes.length) {
    throw errors.wrongVoteCount({ expected: lastCommit.votes.length, got: votes.length })
  }
  const members = new Map(facts.validators.map((member) => [toHex(member.address), member]))
  const seen = new Set<string>()
  const extended: { index: number; vote: ExtendedVoteInfo; validator: SetMember }[] = []
  for (const [index, vote] of votes.entries()) {
    const address = toHex(vote.validator?.address ?? new Uint8Array(0))
    if (seen.has(address)) throw errors.duplicateVote({ index })
    seen.add(address)
    judgeVote(index, vote, lastCommit.votes[index]!)
    const validator = members.get(address)
    if (validator === undefined) throw errors.unknownValidator({ index })
    const power = vote.validator?.power ?? 0n
    if (validator.power !== power) throw errors.wrongPower({ index, expected: validator.power, got: power })
    if (vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT) extended.push({ index, vote, validator })
  }
  verifySignatures(extended, facts, round)
  requireTwoThirds(extended, facts.validators)
  return extended.map(({ vote, validator }) => ({ validator, extension: contentOf(vote) }))
}

function decode(bytes: Uint8Array): ExtendedCommitInfo {
  try {
    return decodeStrict(ExtendedCommitInfo, 'tendermint.abci.ExtendedCommitInfo', bytes, {
      maxBytes: TRANSACTION_ZERO_BYTES_MAX,
      refuseNonCritical: true,
    })
  } catch (error) {
    if (!isProtocolError(error)) throw error
    throw errors.transactionZeroUndecodable({ reason: error.message })
  }
}

function judgeVote(index: number, vote: ExtendedVoteInfo, committed: VoteInfo): void {
  const got = vote.validator
  const expected = committed.validator
  if (!equalBytes(got?.address ?? new Uint8Array(0), expected?.address ?? new Uint8Array(0))) {
    throw errors.wrongValidator({ index })
  }
  const power = { expected: expected?.power ?? 0n, got: got?.power ?? 0n }
  if (power.got !== power.expected) throw errors.wrongPower({ index, ...power })
  if (vote.blockIdFlag !== committed.blockIdFlag) {
    throw errors.wrongFlag({ index, expected: committed.blockIdFlag, got: vote.blockIdFlag })
  }
  const bytes = vote.voteExtension.length
  const isForBlock = vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT
  if (!isForBlock && bytes + vote.extensionSignature.length > 0) throw errors.extensionOfAbsent({ index })
}

/**
 * What the extension says. Oversize ones are refused as votes, but come in with precommits after the
 * decision.
 */
function contentOf({ voteExtension }: ExtendedVoteInfo): Uint8Array {
  return voteExtension.length > EXTENSION_BYTES_MAX ? new Uint8Array(0) : voteExtension
}

function verifySignatures(
  extended: readonly { index: number; vote: ExtendedVoteInfo; validator: SetMember }[],
  facts: TransactionZeroFacts,
  round: number,
): void {
  const checkAt = (entry: { vote: ExtendedVoteInfo; validator: SetMember }, height: bigint) => ({
    publicKey: entry.validator.publicKey,
    message: voteExtensionSignBytes(facts.chainId, { extension: entry.vote.voteExtension, height, round }),
    signature: entry.vote.extensionSignature,
  })
  const failed = facts.verifyExtensions(extended.map((entry) => checkAt(entry, facts.height - 1n)))
  if (failed === undefined) return
  const entry = extended[failed]!
  const { index } = entry
  // Say so when it is an extension of a neighbouring height: that is a replay, not a forgery.
  for (const height of [facts.height - 2n, facts.height]) {
    if (height < 1n || facts.verifyExtensions([checkAt(entry, height)]) !== undefined) continue
    throw errors.extensionOfOtherHeight({ index, height })
  }
  throw errors.badExtensionSignature({ index })
}

function requireTwoThirds(extended: readonly { validator: SetMember }[], set: readonly SetMember[]): void {
  const total = set.reduce((sum, { power }) => sum + power, 0n)
  const signed = extended.reduce((sum, { validator }) => sum + validator.power, 0n)
  if (signed * 3n <= total * 2n) throw errors.tooLittlePower({ signed, total })
}
