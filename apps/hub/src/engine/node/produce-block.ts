import type { Steps } from '@causeway/primitives'
import { applyBlock } from './apply-block.ts'
import type { AppliedBlock } from './apply-block.ts'
import type { EngineCore } from './core.ts'
import { decideBlock } from './decide.ts'
import { collectVotes } from './vote.ts'

/**
 * Makes the next block, or finishes the one that a crash interrupted: its bytes and its votes' time were
 * stored before anybody signed, so the same votes come out. The steps are those of its execution; between
 * them nothing may be admitted to the mempool. Throws `engine/40`–`/48` and what the application throws.
 */
export function* produceBlock(core: EngineCore): Steps<AppliedBlock> {
  if (!core.pending) {
    const decided = decideBlock(core)
    core.store.savePending(decided.made, decided.round, decided.voteTimeNanoseconds)
    core.pending = decided
  }
  const extendedCommit = collectVotes(core, core.pending)
  return yield* applyBlock(core, core.pending.made, extendedCommit)
}
