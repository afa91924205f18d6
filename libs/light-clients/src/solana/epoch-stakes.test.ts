import { concatBytes, le64 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../refusal.fixture.ts'
import { encodeEpochStakes, readEpochStakes, voterIndex } from './epoch-stakes.ts'
import type { Voter } from './epoch-stakes.ts'
import { exampleAddress } from './wire.fixture.ts'

const voter = (name: string, stake: bigint, blsKey?: Uint8Array): Voter => ({
  voteAccount: exampleAddress(name),
  node: exampleAddress(`node ${name}`),
  authorizedVoter: exampleAddress(`voter ${name}`),
  blsKey,
  stake,
})
const VOTERS = [voter('a', 5n), voter('b', 7n, new Uint8Array(48).fill(9)), voter('c', 1n)]
const BYTES = encodeEpochStakes(11n, 20n, VOTERS)
const code = (bytes: Uint8Array) => codeOf(() => readEpochStakes(bytes))

describe('recorded stakes', () => {
  it('are read back, ascending by vote account', () => {
    const stakes = readEpochStakes(BYTES)
    expect([stakes.epoch, stakes.totalStake, stakes.recordedStake]).toEqual([11n, 20n, 13n])
    expect(stakes.voters.map((each) => VOTERS.findIndex(({ stake }) => stake === each.stake)).sort()).toEqual(
      [0, 1, 2],
    )
    for (const each of VOTERS) {
      const index = voterIndex(stakes, each.voteAccount)
      expect(stakes.voters[index]).toEqual(each)
    }
    expect(voterIndex(stakes, exampleAddress('nobody'))).toBe(-1)
    expect(stakes.bytes).toEqual(BYTES)
  })

  it('are 40 bytes and 152 a voter; an account may have room for more', () => {
    expect(BYTES.length).toBe(40 + 3 * 152)
    const stakes = readEpochStakes(concatBytes(BYTES, new Uint8Array(500).fill(3)))
    expect(stakes.bytes).toEqual(BYTES)
  })

  it('may be of nobody yet', () => {
    expect(readEpochStakes(encodeEpochStakes(11n, 20n, [])).recordedStake).toBe(0n)
  })

  it('may be all that there are, and no more', () => {
    expect(code(encodeEpochStakes(1n, 13n, VOTERS))).toBe('accepted')
    expect(code(encodeEpochStakes(1n, 12n, VOTERS))).toBe('solana/44')
  })

  it.each([
    ['another magic', BYTES.with(0, 0)],
    ['another version', BYTES.with(8, 2)],
    ['a reserved byte', BYTES.with(15, 1)],
    ['another reserved byte', BYTES.with(36, 1)],
    ['a voter more than there is room for', BYTES.with(32, 4)],
    ['far too many voters', BYTES.with(34, 1)],
    ['a byte missing', BYTES.subarray(0, -1)],
    [
      'voters that do not ascend',
      concatBytes(BYTES.subarray(0, 192), BYTES.subarray(40, 192), BYTES.subarray(344)),
    ],
    ['a voter without stake', concatBytes(BYTES.subarray(0, -8), le64(0n))],
    ['nothing', new Uint8Array()],
  ])('with %s are refused', (_, bytes) => {
    expect(code(bytes)).toBe('solana/44')
  })
})
