import type { LodestarUpdate } from './lodestar.ts'
import type { Verdicts } from './two-clients.ts'

/** Two clients' verdicts on one update, by itself and in their stores. */
export interface Seen {
  readonly proofs: Verdicts
  readonly stores: Verdicts
  update(): LodestarUpdate
}

/** Whether both say the same. */
export function isSame({ ours, theirs }: Verdicts): boolean {
  return ours.accepted === theirs.accepted
}

/**
 * Why the two differ, where that is known: in each case our client keeps to the specification and Lodestar's
 * leaves the check to its caller. `undefined` when nothing explains it.
 */
export function explain({ proofs, stores, update }: Seen): string | undefined {
  if (!isSame(proofs)) {
    if (!proofs.theirs.accepted || proofs.ours.accepted) return undefined
    const { finalizedHeader, nextSyncCommittee, nextSyncCommitteeBranch } = update()
    const isNone = (branch: readonly Uint8Array[]) => branch.every(isZero)
    if (proofs.ours.reason === 'ethereum/25' && isZero(finalizedHeader.beacon.bodyRoot)) return ABSENT_HEADER
    if (
      proofs.ours.reason === 'ethereum/26' &&
      isNone(nextSyncCommitteeBranch) &&
      isZero(nextSyncCommittee.pubkeys[0]!)
    )
      return ABSENT_COMMITTEE
    return undefined
  }
  if (!stores.theirs.accepted || stores.ours.accepted || !proofs.ours.accepted) return undefined
  return STORE_RULES[stores.ours.reason]
}

const ABSENT_HEADER = 'Lodestar takes a finalised header for absent when its body root is zero'
const ABSENT_COMMITTEE =
  'Lodestar takes a next committee without a branch for absent when its first key is zero'

/** What Lodestar's store does not ask of an update whose proofs hold. */
const STORE_RULES: Readonly<Record<string, string>> = {
  'ethereum/23':
    "Lodestar accepts what a committee before the store's period signed, while it remembers that",
  'ethereum/24': 'Lodestar accepts updates that bring nothing new',
  'ethereum/26': 'Lodestar does not compare a next committee with the one that it knows',
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
