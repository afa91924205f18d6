import { describe, expect, it } from 'vitest'
import type { Commit, CommitSig, Header } from '@causeway/protocol/tendermint/types/types'
import { codeOf } from '../refusal.fixture.ts'
import { CHAIN_ID, absentSignature, equalSet, exampleCommit, exampleHeader } from './example-chain.fixture.ts'
import { ZERO_TIME } from './timestamps.ts'
import { MAX_VALIDATORS, validateSignedHeader, validateValidatorSet } from './validate-basic.ts'

const set = equalSet(4)
const header = exampleHeader(7n, set)
const commit = exampleCommit(header, set, (i) => i !== 2)

const bytes = (length: number) => new Uint8Array(length).fill(1)
/** Verdict on the header changed, with a commit that fits it. */
const withHeader = (change: Partial<Header>) => {
  const changed = { ...header, ...change }
  const own = { ...exampleCommit(changed, set), height: changed.height }
  return codeOf(() => validateSignedHeader({ header: changed, commit: own }, changed.chainId))
}
const withCommit = (change: Partial<Commit>) =>
  codeOf(() => validateSignedHeader({ header, commit: { ...commit, ...change } }, CHAIN_ID))
const withSignature = (at: number, change: Partial<CommitSig>) =>
  withCommit({ signatures: commit.signatures.map((each, i) => (i === at ? { ...each, ...change } : each)) })

describe('validateSignedHeader', () => {
  it('accepts a sound one', () => {
    expect(codeOf(() => validateSignedHeader({ header, commit }, CHAIN_ID))).toBe('accepted')
    expect(withHeader({})).toBe('accepted')
  })

  it('wants both halves', () => {
    expect(codeOf(() => validateSignedHeader(undefined, CHAIN_ID))).toBe('07-tendermint/6')
    expect(codeOf(() => validateSignedHeader({ header: undefined, commit }, CHAIN_ID))).toBe(
      '07-tendermint/6',
    )
    expect(codeOf(() => validateSignedHeader({ header, commit: undefined }, CHAIN_ID))).toBe(
      '07-tendermint/46',
    )
  })

  it.each<[string, Partial<Header>]>([
    ['block protocol 10', { version: { block: 10n, app: 0n } }],
    ['no version', { version: undefined }],
    ['a chain id of 51 bytes', { chainId: 'x'.repeat(51) }],
    ['a chain id of 51 bytes in fewer characters', { chainId: '€'.repeat(17) }],
    ['height 0', { height: 0n }],
    ['a negative height', { height: -5n }],
    ['a time before year 1', { time: { seconds: ZERO_TIME.seconds - 1n, nanos: 0 } }],
    ['a time with too many nanoseconds', { time: { seconds: 1n, nanos: 1_000_000_000 } }],
    ['a last block id of the wrong length', { lastBlockId: { hash: bytes(31), partSetHeader: undefined } }],
    [
      'a last part set hash of the wrong length',
      { lastBlockId: { hash: bytes(32), partSetHeader: { total: 1, hash: bytes(33) } } },
    ],
    ['a last commit hash of the wrong length', { lastCommitHash: bytes(20) }],
    ['a data hash of the wrong length', { dataHash: bytes(33) }],
    ['an evidence hash of the wrong length', { evidenceHash: bytes(1) }],
    ['a validators hash of the wrong length', { validatorsHash: bytes(31) }],
    ['a next validators hash of the wrong length', { nextValidatorsHash: bytes(31) }],
    ['a consensus hash of the wrong length', { consensusHash: bytes(31) }],
    ['a results hash of the wrong length', { lastResultsHash: bytes(31) }],
    ['a proposer address of the wrong length', { proposerAddress: bytes(32) }],
  ])('refuses %s', (_, change) => {
    expect(withHeader(change)).toBe('07-tendermint/6')
  })

  it('takes an app hash of any length, and empty hashes', () => {
    expect(withHeader({ appHash: bytes(5) })).toBe('accepted')
    expect(withHeader({ appHash: bytes(0), dataHash: bytes(0), lastBlockId: undefined })).toBe('accepted')
  })

  it('refuses commits of another height, for no block, of another block, without signatures', () => {
    expect(withCommit({ height: 8n })).toBe('07-tendermint/46')
    expect(withCommit({ height: -7n })).toBe('07-tendermint/46')
    expect(withCommit({ round: -1 })).toBe('07-tendermint/46')
    expect(withCommit({ blockId: undefined })).toBe('07-tendermint/46')
    expect(withCommit({ blockId: { hash: bytes(31), partSetHeader: undefined } })).toBe('07-tendermint/46')
    expect(withCommit({ blockId: { hash: bytes(32), partSetHeader: undefined } })).toBe('07-tendermint/34')
    expect(withCommit({ signatures: [] })).toBe('07-tendermint/46')
  })

  it('a header without a validators hash has no hash: nothing commits to it', () => {
    const bare = { ...header, validatorsHash: bytes(0) }
    const own = { ...commit, blockId: { hash: bytes(0), partSetHeader: { total: 1, hash: bytes(32) } } }
    // CometBFT too compares two empty hashes here; later the validator set's hash is never empty.
    expect(codeOf(() => validateSignedHeader({ header: bare, commit: own }, CHAIN_ID))).toBe('accepted')
    expect(withHeader({ validatorsHash: bytes(0) })).toBe('accepted')
  })

  it('judges each signature', () => {
    expect(withSignature(0, { blockIdFlag: 0 })).toBe('07-tendermint/46')
    expect(withSignature(0, { blockIdFlag: 4 as 3 })).toBe('07-tendermint/46')
    expect(withSignature(0, { validatorAddress: bytes(19) })).toBe('07-tendermint/46')
    expect(withSignature(0, { signature: bytes(0) })).toBe('07-tendermint/46')
    expect(withSignature(0, { signature: bytes(3310) })).toBe('07-tendermint/46')
    expect(withSignature(0, { timestamp: { seconds: 0n, nanos: -1 } })).toBe('07-tendermint/46')
    expect(withSignature(0, { blockIdFlag: 3 })).toBe('accepted')
    // An absent one carries nothing.
    expect(withSignature(2, absentSignature())).toBe('accepted')
    expect(withSignature(2, { timestamp: undefined })).toBe('accepted')
    expect(withSignature(2, { timestamp: { seconds: 0n, nanos: 0 } })).toBe('07-tendermint/46')
    expect(withSignature(2, { validatorAddress: bytes(20) })).toBe('07-tendermint/46')
    expect(withSignature(2, { signature: bytes(64) })).toBe('07-tendermint/46')
  })
})

describe('validateValidatorSet', () => {
  const [first, ...rest] = set.validators
  const judge = (change: Partial<typeof set>) => codeOf(() => validateValidatorSet({ ...set, ...change }))

  it('accepts a sound one', () => {
    expect(judge({})).toBe('accepted')
    expect(judge({ validators: [{ ...first!, votingPower: 0n }, ...rest] })).toBe('accepted')
  })

  it('refuses none and an empty one', () => {
    expect(codeOf(() => validateValidatorSet(undefined))).toBe('07-tendermint/14')
    expect(judge({ validators: [] })).toBe('07-tendermint/14')
  })

  it('refuses a missing proposer, one outside the set and an unsound one', () => {
    expect(judge({ proposer: undefined })).toBe('07-tendermint/14')
    expect(judge({ proposer: equalSet(1, 1n, 99).validators[0] })).toBe('07-tendermint/14')
    expect(judge({ proposer: { ...first!, address: bytes(20) } })).toBe('07-tendermint/14')
  })

  it('refuses addresses that are not the key’s, negative powers, bad keys, too much power, twins', () => {
    expect(judge({ validators: [{ ...first!, address: bytes(20) }, ...rest] })).toBe('07-tendermint/14')
    expect(judge({ validators: [{ ...first!, votingPower: -1n }, ...rest] })).toBe('07-tendermint/14')
    expect(judge({ validators: [{ ...first!, pubKey: undefined }, ...rest] })).toBe('07-tendermint/47')
    expect(judge({ validators: [{ ...first!, votingPower: 1n << 61n }, ...rest] })).toBe('07-tendermint/48')
    expect(judge({ validators: [first!, first!, ...rest] })).toBe('07-tendermint/14')
  })
})

describe('sizes', () => {
  it('of sets and commits are bounded as CometBFT bounds votes, before anything is hashed', () => {
    const [first] = set.validators
    const many = (count: number) => Array.from({ length: count }, () => first!)
    // Within the bound the next check speaks: a validator is listed twice.
    const verdict = (count: number) => codeOf(() => validateValidatorSet({ ...set, validators: many(count) }))
    expect([verdict(4), verdict(MAX_VALIDATORS + 1)]).toEqual(['07-tendermint/14', '07-tendermint/49'])
    const foreign = { ...first!, address: bytes(20) }
    const junk = Array.from({ length: MAX_VALIDATORS + 1 }, () => foreign)
    expect(codeOf(() => validateValidatorSet({ ...set, validators: junk }))).toBe('07-tendermint/49')
    const signatures = Array.from({ length: MAX_VALIDATORS + 1 }, absentSignature)
    expect(withCommit({ signatures })).toBe('07-tendermint/49')
    expect(withCommit({ signatures: signatures.slice(1) })).toBe('accepted')
    expect(MAX_VALIDATORS).toBe(10_000)
  })
})
