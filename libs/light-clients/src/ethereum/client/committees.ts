import { equalBytes } from '@causeway/primitives'
import type { ClientStore } from '../../light-client.ts'
import type { SyncCommittee } from '../consensus/containers.ts'
import { decodeSyncCommittee } from '../consensus/ssz-update.ts'
import { readCommitteeBytes } from './client-storage.ts'

/** The committee of a period as a client stores it; `undefined` when it isn't known. */
export type LoadCommittee = (store: ClientStore, period: bigint) => SyncCommittee | undefined

const COMMITTEES_MAX = 8

/**
 * Loads committees so that the same bytes give the same object, by which a verifier knows again whose keys it
 * has decoded. It goes by the bytes, so it can't change an answer.
 */
export function createCommitteeLoader(): LoadCommittee {
  const loaded: { bytes: Uint8Array; committee: SyncCommittee }[] = []
  return (store, period) => {
    const bytes = readCommitteeBytes(store, period)
    if (!bytes) return undefined
    const known = loaded.find((one) => equalBytes(one.bytes, bytes))
    if (known) return known.committee
    // Fields are views: of our own copy, which nobody writes to.
    const copy = bytes.slice()
    const committee = decodeSyncCommittee(copy)
    if (loaded.length >= COMMITTEES_MAX) loaded.shift()
    loaded.push({ bytes: copy, committee })
    return committee
  }
}
