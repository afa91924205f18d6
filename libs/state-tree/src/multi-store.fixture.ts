import { iavlSpec, ics23, tendermintSpec, verifyMembership, verifyNonMembership } from '@confio/ics23'
import { compareBytes, isProtocolError, toHex, utf8 } from '@causeway/primitives'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MultiStore } from './multi-store.ts'
import type { KeyProof } from './multi-store.ts'
import type { Storage } from './storage/storage.ts'
import type { Change } from './key-value.ts'

/** UTF-8 of a text. */
export const bytes = (text: string): Uint8Array => utf8(text)
/** The stores of these tests. */
export const NAMES = ['transfer', 'ibc', 'ledger']

/** Opens the stores on a storage. */
export function open(storage: Storage, keepVersions = 100n, nodesInMemoryMax = 1000): MultiStore {
  return MultiStore.open({ storage, storeNames: NAMES, keepVersions, nodesInMemoryMax })
}

/** Changes of stores, sorted, from texts: `-` deletes. */
export function changes(stores: Record<string, Record<string, string>>): Map<string, Change[]> {
  const rows = Object.entries(stores).map(([name, pairs]): [string, Change[]] => {
    const list = Object.entries(pairs).map(([key, value]) => {
      return { key: bytes(key), value: value === '-' ? undefined : bytes(value) }
    })
    return [name, list.sort((a, b) => compareBytes(a.key, b.key))]
  })
  return new Map(rows)
}

/** Finalizes and commits; the app hash in hex. */
export function commit(
  store: MultiStore,
  stores: Record<string, Record<string, string>>,
  version?: bigint,
): string {
  store.finalize(version ?? store.version + 1n, changes(stores))
  store.commit()
  return toHex(store.appHash())
}

/** Codespace and code of what an action throws. */
export function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
  return 'nothing thrown'
}

/** Checks both proofs as an IBC client does: the key in the store's root, that root under the app hash. */
export function isProven(store: string, key: Uint8Array, proven: KeyProof): boolean {
  const [iavl, simple] = proven.proofs.map((proof) => ics23.CommitmentProof.decode(proof)) as [
    ics23.CommitmentProof,
    ics23.CommitmentProof,
  ]
  const root = CommitmentProof.decode(proven.proofs[1]).exist!.value
  if (!verifyMembership(simple, tendermintSpec, proven.appHash, bytes(store), root)) return false
  if (proven.value === undefined) return verifyNonMembership(iavl, iavlSpec, root, key)
  return verifyMembership(iavl, iavlSpec, root, key, proven.value)
}
