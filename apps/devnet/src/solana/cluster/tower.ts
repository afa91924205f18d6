import { assert } from '@causeway/primitives'

/** A slot that was voted for: nothing beside its fork is voted for until 2^confirmations slots later. */
export interface Lockout {
  readonly slot: bigint
  readonly confirmations: number
}

/** A validator's tower. Spec: agave `vote_state` `process_next_vote_slot`, `double_lockouts`. */
export interface Tower {
  readonly root: bigint | undefined
  /** Oldest first. */
  readonly lockouts: readonly Lockout[]
}

/** Votes above the root in Solana's own tower. */
export const TOWER_DEPTH = 31

/** The tower after one vote more; with more votes than `depth` the oldest becomes the root. */
export function voteFor({ root, lockouts }: Tower, slot: bigint, depth: number): Tower {
  assert(slot > (lockouts.at(-1)?.slot ?? -1n), 'votes ascend')
  const kept = [...lockouts]
  while (kept.length > 0 && lastLockedOut(kept.at(-1)!) < slot) kept.pop()
  const rooted = kept.length === depth ? kept.shift()!.slot : root
  kept.push({ slot, confirmations: 1 })
  return {
    root: rooted,
    lockouts: kept.map((lockout, i) =>
      kept.length > i + lockout.confirmations
        ? { ...lockout, confirmations: lockout.confirmations + 1 }
        : lockout,
    ),
  }
}

function lastLockedOut({ slot, confirmations }: Lockout): bigint {
  return slot + (1n << BigInt(confirmations))
}
