import { concatBytes, le64 } from '@causeway/primitives'

const VOTE_ACCOUNT_BYTES = 3_762
const PRIOR_VOTERS = 32 * 48

/** Who a vote account belongs to. */
export interface VoteAuthorities {
  readonly node: Uint8Array
  readonly withdrawer: Uint8Array
  readonly voter: Uint8Array
}

/**
 * A vote account that has not voted yet; its voter may vote from epoch 0 on. Spec: agave `VoteStateVersions`,
 * version 3 (tag 2).
 */
export function newVoteAccount({ node, withdrawer, voter }: VoteAuthorities): Uint8Array {
  const [commission, noVotes, noRoot, oneVoter] = [Uint8Array.of(0), le64(0n), Uint8Array.of(0), le64(1n)]
  const priorVoters = concatBytes(new Uint8Array(PRIOR_VOTERS), le64(31n), Uint8Array.of(1))
  const [noCredits, lastTimestamp] = [le64(0n), new Uint8Array(16)]
  const state = concatBytes(
    Uint8Array.of(2, 0, 0, 0),
    node,
    withdrawer,
    commission,
    noVotes,
    noRoot,
    oneVoter,
    le64(0n),
    voter,
    priorVoters,
    noCredits,
    lastTimestamp,
  )
  const data = new Uint8Array(VOTE_ACCOUNT_BYTES)
  data.set(state)
  return data
}
