import type { LodestarUpdate } from './lodestar.ts'
import type { Verdicts } from './two-clients.ts'

/** Two clients' verdicts on one update, by itself and in their stores. */
export interface Seen {
  readonly proofs: Verdicts
  readonly stores: Verdicts
  /** What our store has finalised. */
  readonly finalizedSlot: number
  readonly slotsPerPeriod: number
  /** From when on states have one level more. */
  readonly electraSlot: number
  /** Periods in which finality has reached an update that names the next committee. */
  readonly settledPeriods: ReadonlySet<number>
  update(): LodestarUpdate
}

/** Why the stores' optimistic heads differ though both accept an update; see `TwoClients`. */
export const OTHER_COUNT =
  "Lodestar counts the most active participants by the signature's period, the specification by the store's"

/** Whether both say the same. */
export function isSame({ ours, theirs }: Verdicts): boolean {
  return ours.accepted === theirs.accepted
}

/**
 * Why the two differ, where that is known: in each case our client keeps to the specification and Lodestar's
 * leaves the check to its caller. `undefined` when nothing explains it.
 */
export function explain(seen: Seen): string | undefined {
  const { proofs, stores } = seen
  if (!isSame(proofs))
    return proofs.theirs.accepted && !proofs.ours.accepted ? explainProofs(seen) : undefined
  if (!stores.theirs.accepted || stores.ours.accepted || !proofs.ours.accepted) return undefined
  return explainStores(seen, stores.ours.reason)
}

function explainProofs({ proofs, update, electraSlot }: Seen): string | undefined {
  const { attestedHeader, finalizedHeader, finalityBranch } = update()
  const { nextSyncCommittee, nextSyncCommitteeBranch } = update()
  const reason = proofs.ours.accepted ? undefined : proofs.ours.reason
  const isDeep = attestedHeader.beacon.slot >= electraSlot
  const hasOtherDepth =
    (reason === 'ethereum/25' && isDeep !== (finalityBranch.length === FINALITY_DEPTH_ELECTRA)) ||
    (reason === 'ethereum/26' && isDeep !== (nextSyncCommitteeBranch.length === COMMITTEE_DEPTH_ELECTRA))
  if (hasOtherDepth) {
    return 'Lodestar finds what a branch proves by its length, the specification by the attested slot'
  }
  if (reason === 'ethereum/25' && isZero(finalizedHeader.beacon.bodyRoot)) {
    return 'Lodestar takes a finalised header for absent when its body root is zero'
  }
  const isFirstKeyZero = nextSyncCommitteeBranch.every(isZero) && isZero(nextSyncCommittee.pubkeys[0]!)
  if (reason !== 'ethereum/26' || !isFirstKeyZero) return undefined
  return 'Lodestar takes a next committee without a branch for absent when its first key is zero'
}

/** What Lodestar's store does not ask of an update whose proofs hold. */
function explainStores(seen: Seen, reason: string): string | undefined {
  const { finalizedSlot, slotsPerPeriod, settledPeriods } = seen
  const { attestedHeader, signatureSlot } = seen.update()
  const { slot } = attestedHeader.beacon
  const periodOf = (of: number) => Math.floor(of / slotsPerPeriod)
  const ahead = periodOf(signatureSlot) - periodOf(finalizedSlot)
  if (reason === 'ethereum/23' && ahead < 0) {
    return "Lodestar accepts what a committee before the store's period signed, while it remembers that"
  }
  const isTooEarly = ahead > 1 || (ahead === 1 && !settledPeriods.has(periodOf(finalizedSlot)))
  if (reason === 'ethereum/23' && isTooEarly) {
    return 'Lodestar learns a next committee from any finality, the specification once its period is reached'
  }
  if (reason === 'ethereum/24' && slot <= finalizedSlot)
    return 'Lodestar accepts updates that bring nothing new'
  if (reason === 'ethereum/26' && periodOf(slot) === periodOf(finalizedSlot)) {
    return 'Lodestar does not compare a next committee with the one that it knows'
  }
  return undefined
}

const FINALITY_DEPTH_ELECTRA = 7
const COMMITTEE_DEPTH_ELECTRA = 6

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
