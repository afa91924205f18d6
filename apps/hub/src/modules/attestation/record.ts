// The chain's own word on each height, written before anybody's signature over it is looked at, and forgotten
// when nobody can be slashed for another one.
import { assert } from '@causeway/primitives'
import type { Context, ParentBlock } from '../../block/context.ts'
import { attestedAt, isRotation } from './attestations.ts'
import type { AttestationOptions, AttestorPorts } from './ports.ts'
import type { Sets } from './sets.ts'
import { StoredAttestors } from '@causeway/protocol/causeway/attestation/v1/attestation'
import {
  ATTESTATION_STORE,
  aggregateKey,
  deleteRecord,
  deleteSet,
  nextSetHeight,
  readMembership,
  readSetEntry,
  records,
  setHeights,
  writeMembership,
  writeRecord,
} from './state.ts'

// More than one a block, so that a backlog shrinks.
const FORGOTTEN_AT_ONCE = 4

/** Writes what the attestors of this height sign; nothing in the first block, and where there are none. */
export function record(sets: Sets, context: Context, parent: ParentBlock | undefined): void {
  const { height } = context
  const set = sets.stored(context, height)
  const next = sets.stored(context, height + 1n)
  if (parent === undefined || set === undefined || next === undefined) return
  writeRecord(context.store(ATTESTATION_STORE), height, { ...parent, nextSetHash: next.hash })
}

/**
 * Forgets the oldest heights whose attestors have all been free to leave since, and whatever belonged to them
 * alone; and the aggregate that is older than the state it proves, unless clients need it to go on.
 */
export function forget(
  sets: Sets,
  context: Context,
  options: Pick<AttestationOptions, 'aside' | 'keepAggregates'> & { readonly attestors: AttestorPorts },
): void {
  const { aside, attestors, keepAggregates } = options
  const store = context.store(ATTESTATION_STORE)
  const stale = context.height - 1n - keepAggregates
  const attested = stale > 0n ? attestedAt(sets, context, stale) : undefined
  if (attested !== undefined && !isRotation(attested)) aside.set(aggregateKey(stale), undefined)
  const unbonding = attestors.unbondingSeconds(context)
  const expired: bigint[] = []
  for (const { height, record: oldest } of records(store)) {
    if (expired.length === FORGOTTEN_AT_ONCE || oldest.timeSeconds + unbonding >= context.timeSeconds) break
    expired.push(height)
  }
  for (const height of expired) {
    deleteRecord(store, height)
    aside.set(aggregateKey(height), undefined)
  }
  const newest = expired.at(-1)
  if (newest !== undefined) forgetSets(context, newest + 1n)
}

/** Forgets sets that end below a height, and keys that belonged to no later one. */
function forgetSets(context: Context, oldest: bigint): void {
  const store = context.store(ATTESTATION_STORE)
  for (const firstHeight of setHeights(store)) {
    const next = nextSetHeight(store, firstHeight)
    if (next === undefined || next > oldest) return
    const entry = readSetEntry(store, firstHeight)
    assert(entry !== undefined, 'a height of a set has a set')
    for (const { key } of StoredAttestors.decode(entry.bytes.slice()).attestors) {
      const membership = readMembership(store, key)
      if (membership === undefined || membership.lastHeight === 0n || membership.lastHeight >= oldest)
        continue
      writeMembership(store, key, undefined)
    }
    deleteSet(store, firstHeight)
  }
}
