import { compareBytes, toHex } from '@causeway/primitives'
import type { EpochStakes, Voter } from '../epoch-stakes.ts'
import { errors } from '../errors.ts'

/** Voters by their rank, which is their bit in certificates. */
export interface RankMap {
  readonly ranked: readonly (Voter & { readonly blsKey: Uint8Array })[]
  /** Stake of those that have a rank, in lamports. */
  readonly totalStake: bigint
}

/**
 * Ranks of an epoch: voters with a BLS key, most stake first, then by key; of accounts that share a key or a
 * node none has a rank. Throws `solana/31` unless the whole set was recorded: a gap would shift every rank.
 * Spec: agave `runtime/src/epoch_stakes.rs` `BLSPubkeyToRankMap`.
 */
export function rankMap({ voters, recordedStake, totalStake }: EpochStakes): RankMap {
  if (recordedStake !== totalStake) throw errors.incompleteSet()
  const candidates = voters.flatMap((voter) => (voter.blsKey ? [{ ...voter, blsKey: voter.blsKey }] : []))
  const [keys, nodes] = [new Map<string, number>(), new Map<string, number>()]
  for (const { blsKey, node } of candidates) {
    count(keys, blsKey)
    count(nodes, node)
  }
  const ranked = candidates
    .filter(({ blsKey, node }) => keys.get(toHex(blsKey)) === 1 && nodes.get(toHex(node)) === 1)
    .sort((a, b) => compareStakes(b.stake, a.stake) || compareBytes(a.blsKey, b.blsKey))
  return { ranked, totalStake: ranked.reduce((sum, { stake }) => sum + stake, 0n) }
}

function count(counts: Map<string, number>, key: Uint8Array): void {
  const text = toHex(key)
  counts.set(text, (counts.get(text) ?? 0) + 1)
}

function compareStakes(a: bigint, b: bigint): -1 | 0 | 1 {
  if (a === b) return 0
  return a < b ? -1 : 1
}
