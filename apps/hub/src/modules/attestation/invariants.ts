import { equalBytes } from '@causeway/primitives'
import type { ReadContext } from '../../block/context.ts'
import { readRecord, readMembership, ATTESTATION_STORE } from './state.ts'
import type { Sets } from './sets.ts'

/** The set that signs next is the one that staking decided, and the newest record names it. */
export function invariants(sets: Sets, context: ReadContext): readonly string[] {
  const store = context.store(ATTESTATION_STORE)
  const { height } = context
  const next = height + 1n
  const stored = sets.stored(context, next)
  const decided = sets.decided(context, next)
  const broken: string[] = []
  if (stored?.hash === undefined || decided === undefined) {
    if (stored !== undefined || decided !== undefined)
      broken.push(`attestation: the set of height ${next} is not the one that staking decided`)
  } else if (!equalBytes(stored.hash, decided.hash)) {
    broken.push(`attestation: the set of height ${next} is not the one that staking decided`)
  }
  const record = readRecord(store, height)
  if (record !== undefined && (stored === undefined || !equalBytes(record.nextSetHash, stored.hash))) {
    broken.push(`attestation: height ${height} names another set than the next`)
  }
  for (const { key, operator } of stored?.attestors ?? []) {
    const membership = readMembership(store, key)
    if (membership?.lastHeight !== 0n || !equalBytes(membership.operator, operator))
      broken.push(`attestation: a key of the set of height ${next} has no membership`)
  }
  return broken
}
