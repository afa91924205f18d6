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

/** A bank that a verified header showed, and what of it the client would store. */
export interface ShownBank {
  readonly slot: bigint
  readonly isFinal: boolean
  readonly state: ConsensusState
}

/**
 * Whether a verified header and what the client has stored prove a third of the stake faulty: a final bank
 * against a final one, or votes for a slot against other votes for it. A confirmed bank against a final one
 * proves nothing: voters may leave what they have not rooted (docs/decisions/0015-solana-finality.md).
 */
export function contradictsStored(store: ClientStore, bank: ShownBank): boolean {
  return bank.isFinal ? contradictsFinal(store, bank) : contradictsHead(store, bank)
}

/** Whether a confirmed bank can't stand on what is final, and is no evidence against the stored head. */
export function isAbandoned(store: ClientStore, bank: ShownBank): boolean {
  return !bank.isFinal && contradictsFinal(store, bank) && !contradictsHead(store, bank)
}

/** Another bank of a final slot, or a time that runs backwards, which the Clock of one chain never does. */
function contradictsFinal(store: ClientStore, { slot, state }: ShownBank): boolean {
  const known = readConsensusState(store, slot)
  if (known && !equalBytes(known.bankHash, state.bankHash)) return true
  const previous = previousConsensusState(store, slot)
  if (previous && previous.timestampSeconds > state.timestampSeconds) return true
  const next = nextConsensusState(store, slot)
  return next !== undefined && next.timestampSeconds < state.timestampSeconds
}

/** Another confirmed bank of the head's slot; a head stays stored, and so evidence, below what is final. */
function contradictsHead(store: ClientStore, { slot, state }: ShownBank): boolean {
  const head = readOptimisticHead(store)
  return head?.state !== undefined && head.slot === slot && !equalBytes(head.state.bankHash, state.bankHash)
}
