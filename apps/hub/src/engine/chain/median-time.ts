import type { Timestamp } from '@causeway/protocol/google/protobuf/timestamp'
import type { Commit } from '@causeway/protocol/tendermint/types/types'
import { BlockIDFlag } from '@causeway/protocol/tendermint/types/validator'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'
import { fromNanoseconds, toNanoseconds } from '@causeway/light-clients'
import { assert } from '@causeway/primitives'

/**
 * BFT time: the median of a commit's timestamps, weighted by power. `validators` signed the commit, in its
 * order. Spec: CometBFT v0.38 spec/consensus/bft-time.md.
 */
export function medianTime(commit: Commit, validators: ValidatorSet): Timestamp {
  assert(
    commit.signatures.length === validators.validators.length,
    'a commit has a signature for each validator',
  )
  const weighted = commit.signatures.flatMap((signature, i) =>
    signature.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_ABSENT
      ? []
      : [{ time: toNanoseconds(signature.timestamp), weight: validators.validators[i]!.votingPower }],
  )
  weighted.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  let rest = weighted.reduce((sum, { weight }) => sum + weight, 0n) / 2n
  for (const { time, weight } of weighted) {
    if (rest <= weight) return fromNanoseconds(time)
    rest -= weight
  }
  throw new RangeError('a commit has at least one signature')
}
