import { describe, expect, it } from 'vitest'
import { utf8 } from '@causeway/primitives'
import { ExtendedCommitInfo } from '@causeway/protocol/tendermint/abci/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import { commitOf, extendedCommit, testValidators, verifyExtensions } from '../testing/validators.fixture.ts'
import { refusal } from '../testing/refusal.fixture.ts'
import { EXTENSION_BYTES_MAX, judgeTransactionZero, needsTransactionZero } from './transaction-zero.ts'
import type { TransactionZeroFacts } from './transaction-zero.ts'

const chainId = 'causeway-1'
const validators = testValidators([10n, 20n, 30n, 40n])
const extensions = validators.map((_, i) => utf8(`extension ${i}`))
const honest = extendedCommit(validators, extensions, { chainId, height: 6n, round: 2 })

function factsFor(commit = honest, changes: Partial<TransactionZeroFacts> = {}): TransactionZeroFacts {
  return { chainId, height: 7n, lastCommit: commitOf(commit), validators, verifyExtensions, ...changes }
}

function judge(commit: ExtendedCommitInfo, facts = factsFor()): string {
  return refusal(() => judgeTransactionZero(ExtendedCommitInfo.encode(commit).finish(), facts))
}

function withVote(
  index: number,
  change: (vote: ExtendedCommitInfo['votes'][number]) => object,
): ExtendedCommitInfo {
  return {
    ...honest,
    votes: honest.votes.map((vote, i) => (i === index ? { ...vote, ...change(vote) } : vote)),
  }
}

describe('transaction 0', () => {
  it('is due from the height after the one that enables extensions, never at the first height', () => {
    expect(needsTransactionZero(1n, 1n, 1n)).toBe(false)
    expect(needsTransactionZero(2n, 1n, 1n)).toBe(true)
    expect(needsTransactionZero(5n, 1n, 5n)).toBe(false)
    expect(needsTransactionZero(6n, 1n, 5n)).toBe(true)
    expect(needsTransactionZero(100n, 100n, 1n)).toBe(false)
    expect(needsTransactionZero(101n, 100n, 1n)).toBe(true)
    expect(needsTransactionZero(100n, 1n, 0n)).toBe(false)
  })

  it('gives the votes for the block with their extensions', () => {
    const votes = judgeTransactionZero(ExtendedCommitInfo.encode(honest).finish(), factsFor())
    expect(votes.map(({ validator, extension }) => [validator.power, extension])).toEqual(
      validators.map(({ power }, i) => [power, extensions[i]]),
    )
  })

  it('may lack less than a third of the power', () => {
    const some = extendedCommit(validators, [undefined, undefined, extensions[2], extensions[3]], {
      chainId,
      height: 6n,
      round: 2,
    })
    expect(judge(some, factsFor(some))).toBe('nothing')
  })

  it('takes an empty extension with its signature', () => {
    const empty = extendedCommit(
      validators,
      validators.map(() => new Uint8Array(0)),
      { chainId, height: 6n, round: 2 },
    )
    expect(judge(empty, factsFor(empty))).toBe('nothing')
  })

  it('missing is refused', () => {
    expect(refusal(() => judgeTransactionZero(undefined, factsFor()))).toBe('block/1')
  })

  it('that is no extended commit is refused', () => {
    for (const bytes of [utf8('hello'), Uint8Array.of(0x0a, 1, 1), new Uint8Array(5_000_000)]) {
      expect(refusal(() => judgeTransactionZero(bytes, factsFor()))).toBe('block/2')
    }
    const trailing = Uint8Array.of(...ExtendedCommitInfo.encode(honest).finish(), 0)
    expect(refusal(() => judgeTransactionZero(trailing, factsFor()))).toBe('block/2')
  })

  it('of another round is refused', () => {
    expect(judge({ ...honest, round: 1 })).toBe('block/3')
  })

  it('with a vote too few or too many is refused', () => {
    expect(judge({ ...honest, votes: honest.votes.slice(1) })).toBe('block/4')
    expect(judge({ ...honest, votes: [...honest.votes, honest.votes[0]!] })).toBe('block/4')
    expect(judge({ round: 2, votes: [] })).toBe('block/4')
  })

  it('with a validator twice is refused', () => {
    const twice = {
      ...honest,
      votes: [honest.votes[0]!, honest.votes[0]!, honest.votes[2]!, honest.votes[3]!],
    }
    expect(judge(twice)).toBe('block/5')
  })

  it('with votes in another order is refused', () => {
    const [first, second, ...rest] = honest.votes
    expect(judge({ ...honest, votes: [second!, first!, ...rest] })).toBe('block/6')
    expect(judge(withVote(0, () => ({ validator: undefined })))).toBe('block/6')
  })

  it('with a wrong power is refused', () => {
    const raised = withVote(0, ({ validator }) => ({ validator: { ...validator!, power: 1_000n } }))
    expect(judge(raised)).toBe('block/7')
    // Also when the last commit says the same: the stored set decides.
    expect(judge(raised, factsFor(raised))).toBe('block/7')
  })

  it('with a flag other than the last commit says is refused', () => {
    expect(judge(withVote(1, () => ({ blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_NIL })))).toBe('block/8')
    const absent = extendedCommit(validators, [undefined, ...extensions.slice(1)], {
      chainId,
      height: 6n,
      round: 2,
    })
    expect(judge(honest, factsFor(absent))).toBe('block/8')
  })

  it('with an extension of a vote that is not for the block is refused', () => {
    const absent = extendedCommit(validators, [undefined, ...extensions.slice(1)], {
      chainId,
      height: 6n,
      round: 2,
    })
    const smuggled = {
      ...absent,
      votes: absent.votes.map((vote, i) => (i === 0 ? { ...vote, voteExtension: utf8('x') } : vote)),
    }
    expect(judge(smuggled, factsFor(absent))).toBe('block/9')
    const signed = {
      ...absent,
      votes: absent.votes.map((vote, i) =>
        i === 0 ? { ...vote, extensionSignature: new Uint8Array(64) } : vote,
      ),
    }
    expect(judge(signed, factsFor(absent))).toBe('block/9')
  })

  it('of a validator outside the stored set is refused', () => {
    const strangers = testValidators([10n, 20n, 30n, 40n, 50n])
    const commit = extendedCommit(
      strangers,
      strangers.map(() => utf8('x')),
      { chainId, height: 6n, round: 2 },
    )
    expect(judge(commit, factsFor(commit))).toBe('block/10')
  })

  it('with a forged extension is refused', () => {
    expect(judge(withVote(3, () => ({ voteExtension: utf8('price 1000000') })))).toBe('block/11')
    expect(judge(withVote(3, () => ({ extensionSignature: new Uint8Array(64) })))).toBe('block/11')
    expect(judge(withVote(3, () => ({ extensionSignature: new Uint8Array(0) })))).toBe('block/11')
    expect(judge(honest, factsFor(honest, { chainId: 'causeway-2' }))).toBe('block/11')
    const round = extendedCommit(validators, extensions, { chainId, height: 6n, round: 1 })
    expect(judge({ ...round, round: 2 })).toBe('block/11')
  })

  it('of another height is refused', () => {
    for (const height of [5n, 7n]) {
      const other = extendedCommit(validators, extensions, { chainId, height, round: 2 })
      expect(judge(other)).toBe('block/12')
    }
  })

  it('with two thirds of the power or less is refused', () => {
    const equal = testValidators([1n, 1n, 1n])
    const two = extendedCommit(equal, [utf8('a'), utf8('b'), undefined], { chainId, height: 6n, round: 0 })
    expect(judge(two, factsFor(two, { validators: equal }))).toBe('block/13')
    const none = extendedCommit(equal, [undefined, undefined, undefined], { chainId, height: 6n, round: 0 })
    expect(judge(none, factsFor(none, { validators: equal }))).toBe('block/13')
  })

  it('counts power against the whole stored set, also where the commit names fewer', () => {
    const set = testValidators([10n, 10n, 10n, 10n, 10n, 10n, 10n])
    const few = set.slice(0, 4)
    const commit = extendedCommit(
      few,
      few.map(() => utf8('x')),
      { chainId, height: 6n, round: 0 },
    )
    expect(judge(commit, factsFor(commit, { validators: set }))).toBe('block/13')
  })

  it.each([EXTENSION_BYTES_MAX, EXTENSION_BYTES_MAX + 1, 1_000_000])(
    'with an extension of %d bytes is accepted, its content only where votes may have it',
    (length) => {
      // Such a vote comes in after the decision, unverified; refusing it would let one validator halt the
      // chain
      const large = validators.map((_, i) => (i === 0 ? new Uint8Array(length).fill(1) : utf8('x')))
      const commit = extendedCommit(validators, large, { chainId, height: 6n, round: 2 })
      const bytes = ExtendedCommitInfo.encode(commit).finish()
      const [first, second] = judgeTransactionZero(bytes, factsFor(commit))
      expect(first?.extension.length).toBe(length > EXTENSION_BYTES_MAX ? 0 : length)
      expect(second?.extension).toEqual(utf8('x'))
    },
  )
})
