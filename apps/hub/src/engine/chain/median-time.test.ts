import { describe, expect, it } from 'vitest'
import type { Commit } from '@causeway/protocol/tendermint/types/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { ZERO_TIME, fromNanoseconds, toNanoseconds } from '@causeway/light-clients'
import { emptyBlockId } from './chain-state.ts'
import { medianTime } from './median-time.ts'

/** Pairs of a vote's nanoseconds (`undefined`: absent) and a power. */
function median(votes: readonly (readonly [bigint | undefined, bigint])[]): bigint {
  const validators: ValidatorSet = {
    validators: votes.map(([, votingPower], i) => ({
      address: Uint8Array.of(i),
      pubKey: undefined,
      votingPower,
      proposerPriority: 0n,
    })),
    proposer: undefined,
    totalVotingPower: 0n,
  }
  const commit: Commit = {
    height: 1n,
    round: 0,
    blockId: emptyBlockId(),
    signatures: votes.map(([time], i) => ({
      blockIdFlag: time === undefined ? BlockIDFlag.BLOCK_ID_FLAG_ABSENT : BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
      validatorAddress: Uint8Array.of(i),
      timestamp: time === undefined ? ZERO_TIME : fromNanoseconds(time),
      signature: Uint8Array.of(1),
    })),
  }
  return toNanoseconds(medianTime(commit, validators))
}

describe('medianTime', () => {
  it('is the time of the middle of power', () => {
    expect(median([[5n, 10n]])).toBe(5n)
    expect(
      median([
        [3n, 10n],
        [1n, 10n],
        [2n, 10n],
      ]),
    ).toBe(2n)
    // A third of the power can't move it
    expect(
      median([
        [100n, 10n],
        [101n, 10n],
        [9_000_000n, 10n],
      ]),
    ).toBe(101n)
    expect(
      median([
        [100n, 10n],
        [101n, 10n],
        [0n, 10n],
      ]),
    ).toBe(100n)
    expect(
      median([
        [1n, 1n],
        [2n, 1n],
        [1000n, 100n],
      ]),
    ).toBe(1000n)
  })

  it('takes the lower one where two share the middle, as CometBFT does', () => {
    expect(
      median([
        [1n, 10n],
        [2n, 10n],
      ]),
    ).toBe(1n)
    expect(
      median([
        [2n, 10n],
        [1n, 10n],
      ]),
    ).toBe(1n)
    // Half of three is one in Go
    expect(
      median([
        [3n, 1n],
        [1n, 1n],
        [2n, 1n],
      ]),
    ).toBe(1n)
  })

  it('leaves out who is absent', () => {
    expect(
      median([
        [undefined, 50n],
        [7n, 10n],
        [9n, 10n],
        [8n, 10n],
      ]),
    ).toBe(8n)
  })
})
