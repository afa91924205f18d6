import type { ConsensusState } from '@causeway/protocol/causeway/lightclients/solana/v1/solana'
import { equalBytes } from '@causeway/primitives'
import type { ClientStore } from '../../light-client.ts'
import type { Evidence } from './client-message.ts'
import {
  nextConsensusState,
  previousConsensusState,
  readConsensusState,
  readOptimisticHead,
} from './client-storage.ts'

/** Whether two proofs, each valid, settle different banks, or different blocks, for one slot. */
export function provesMisbehaviour({ claim: a }: Evidence, { claim: b }: Evidence): boolean {
  if (a.slot !== b.slot) return false
  if (!equalBytes(a.bankHash, b.bankHash)) return true
  return a.blockId !== undefined && b.blockId !== undefined && !equalBytes(a.blockId, b.blockId)
}

/**
 * Whether a verified header contradicts what the client has stored: another bank for its slot, confirmed or
 * final, or a time that runs backwards, which Solana's Clock never does.
 */
export function contradictsStored(store: ClientStore, slot: bigint, state: ConsensusState): boolean {
  const head = readOptimisticHead(store)
  const known = [readConsensusState(store, slot), head?.slot === slot ? head.state : undefined]
  if (known.some((other) => other && !equalBytes(other.bankHash, state.bankHash))) return true
  const previous = previousConsensusState(store, slot)
  if (previous && previous.timestampSeconds > state.timestampSeconds) return true
  const next = nextConsensusState(store, slot)
  return next !== undefined && next.timestampSeconds < state.timestampSeconds
}
