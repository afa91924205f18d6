import { describe, expect, it } from 'vitest'
import { Commit, Proposal, Vote } from '@causeway/protocol/tendermint/types/types'
import { fromHex, readUvarint, toHex } from '@causeway/primitives'
import { golden } from './golden-values.fixture.ts'
import { commitSignBytes, proposalSignBytes, voteExtensionSignBytes, voteSignBytes } from './sign-bytes.ts'
import { isZeroTime, fromNanoseconds, isValidTimestamp, toNanoseconds, ZERO_TIME } from './timestamps.ts'

const chainId = 'causeway-1'
const commit = Commit.decode(fromHex(golden.commit.commit))
const vote = Vote.decode(fromHex(golden.vote.vote))

describe('sign bytes equal CometBFT’s', () => {
  it('of a commit’s precommits, both ways', () => {
    const bytesAt = commitSignBytes(chainId, commit)
    for (const [i, { timestamp }] of commit.signatures.entries()) {
      expect(toHex(bytesAt(timestamp))).toBe(golden.commit.signBytes[i])
      const precommit = {
        type: 2 as const,
        height: commit.height,
        round: commit.round,
        blockId: commit.blockId,
        timestamp,
      }
      expect(toHex(voteSignBytes(chainId, precommit))).toBe(golden.commit.signBytes[i])
    }
  })

  it('of a prevote for nil: no block id at all', () => {
    expect(toHex(voteSignBytes(chainId, vote))).toBe(golden.vote.signBytes)
    const empty = { hash: new Uint8Array(0), partSetHeader: { total: 0, hash: new Uint8Array(0) } }
    expect(toHex(voteSignBytes(chainId, { ...vote, blockId: empty }))).toBe(golden.vote.signBytes)
    expect(toHex(voteSignBytes(chainId, { ...vote, blockId: undefined }))).toBe(golden.vote.signBytes)
  })

  it('of a vote extension', () => {
    expect(toHex(voteExtensionSignBytes(chainId, vote))).toBe(golden.vote.extensionSignBytes)
  })

  it('of a proposal without a proof of lock (round −1)', () => {
    const proposal = Proposal.decode(fromHex(golden.proposal.proposal))
    expect(proposal.polRound).toBe(-1)
    expect(toHex(proposalSignBytes(chainId, proposal))).toBe(golden.proposal.signBytes)
  })

  it('say their own length, also beyond 127 bytes', () => {
    for (const id of ['c', 'a-chain-id-of-fifty-characters-so-that-it-is-long', 'x'.repeat(5000)]) {
      for (const bytes of [commitSignBytes(id, commit)(vote.timestamp), voteExtensionSignBytes(id, vote)]) {
        const { value, next } = readUvarint(bytes, 0)
        expect(BigInt(bytes.length - next)).toBe(value)
      }
    }
  })

  it('differ by chain, height, round, kind, block and time', () => {
    const base = {
      type: 2 as const,
      height: 5n,
      round: 1,
      blockId: commit.blockId,
      timestamp: vote.timestamp,
    }
    const all = [
      voteSignBytes(chainId, base),
      voteSignBytes('causeway-2', base),
      voteSignBytes(chainId, { ...base, type: 1 }),
      voteSignBytes(chainId, { ...base, height: 6n }),
      voteSignBytes(chainId, { ...base, round: 2 }),
      voteSignBytes(chainId, { ...base, blockId: undefined }),
      voteSignBytes(chainId, { ...base, timestamp: { seconds: 1n, nanos: 0 } }),
    ]
    expect(new Set(all.map(toHex)).size).toBe(all.length)
  })
})

describe('timestamps', () => {
  it('count nanoseconds on both sides of 1970', () => {
    for (const nanoseconds of [
      0n,
      1n,
      -1n,
      1_000_000_000n,
      -1_000_000_000n,
      -1_000_000_001n,
      123_456_789_012_345_678n,
    ]) {
      const time = fromNanoseconds(nanoseconds)
      expect(toNanoseconds(time)).toBe(nanoseconds)
      expect(isValidTimestamp(time)).toBe(true)
    }
  })

  it('an absent one is Go’s zero time', () => {
    expect(toNanoseconds(undefined)).toBe(toNanoseconds(ZERO_TIME))
    expect(isZeroTime(undefined)).toBe(true)
    expect(isZeroTime(ZERO_TIME)).toBe(true)
    expect(isZeroTime({ seconds: 0n, nanos: 0 })).toBe(false)
  })

  it('are refused outside the years 1 to 9999', () => {
    expect(isValidTimestamp({ seconds: ZERO_TIME.seconds - 1n, nanos: 0 })).toBe(false)
    expect(isValidTimestamp({ seconds: 253402300799n, nanos: 999_999_999 })).toBe(true)
    expect(isValidTimestamp({ seconds: 253402300800n, nanos: 0 })).toBe(false)
    expect(isValidTimestamp({ seconds: 0n, nanos: 1_000_000_000 })).toBe(false)
    expect(isValidTimestamp({ seconds: 0n, nanos: -1 })).toBe(false)
  })
})
