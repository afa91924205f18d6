import { assert, compareBytes, concatBytes, equalBytes, fromHex } from '@causeway/primitives'
import type { ClientStore } from '../../light-client.ts'
import type { BlsScheme, VerifySyncAggregate } from '../bls/verify-sync-aggregate.ts'
import { EXPANDED_KEY_BYTES, createCommitteeVerifier } from '../bls/verify-sync-aggregate.ts'
import type { SyncCommittee } from '../consensus/containers.ts'
import { errors } from '../errors.ts'
import { readCommitteeBytes } from './client-storage.ts'

/**
 * A client's committees. They are stored with expanded keys: decoding and validating 512 keys takes 50 ms,
 * reading them back one. So what an update costs does not depend on what this process remembers, and nobody
 * makes it dear by taking turns with more clients than are remembered.
 */
export interface Committees {
  readonly verifySyncAggregate: VerifySyncAggregate
  /** The committee of a period; `undefined` when it isn't known. */
  load(store: ClientStore, period: bigint): SyncCommittee | undefined
  /** What is stored of a committee. Throws `ethereum/16` when a key is none. */
  stored(committee: SyncCommittee): Uint8Array
}

const KEY_BYTES = 48
/** Committees that are remembered: two a chain are in use. */
const COMMITTEES_MAX = 8
/** (p − 1) / 2 of BLS12-381's base field: a larger y is told by a flag. */
const HALF_FIELD = fromHex(
  '0d0088f51cbff34d258dd3db21a5d66bb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555',
)
const COMPRESSED = 0x80
const LARGER_Y = 0x20

/** Committees over an implementation of BLS. */
export function createCommittees<Key>(bls: BlsScheme<Key>): Committees {
  const verifier = createCommitteeVerifier(bls)
  // By content, so that neither can change an answer.
  const loaded = new Recent<SyncCommittee>()
  const expanded = new Recent<Uint8Array>()
  return {
    verifySyncAggregate: verifier.verify,
    load(store, period) {
      const bytes = readCommitteeBytes(store, period)
      return bytes && loaded.get(bytes, (own) => decodeCommittee(own, verifier.loadKeys))
    },
    stored(committee) {
      return expanded.get(concatBytes(committee.aggregatePubkey, committee.pubkeys), () => {
        const keys = verifier.expandKeys(committee)
        if (!keys) throw errors.invalidCommitteeKey()
        return concatBytes(committee.aggregatePubkey, keys)
      })
    },
  }
}

function decodeCommittee(
  bytes: Uint8Array,
  loadKeys: (committee: SyncCommittee, expanded: Uint8Array) => void,
): SyncCommittee {
  const keys = bytes.subarray(KEY_BYTES)
  assert(keys.length % EXPANDED_KEY_BYTES === 0, 'a committee is stored whole')
  const pubkeys = new Uint8Array(keys.length / 2)
  for (let i = 0; i < keys.length; i += EXPANDED_KEY_BYTES) {
    pubkeys.set(compress(keys.subarray(i, i + EXPANDED_KEY_BYTES)), i / 2)
  }
  const committee = { aggregatePubkey: bytes.subarray(0, KEY_BYTES), pubkeys }
  loadKeys(committee, keys)
  return committee
}

function compress(key: Uint8Array): Uint8Array {
  const x = key.slice(0, KEY_BYTES)
  const isLarger = compareBytes(key.subarray(KEY_BYTES), HALF_FIELD) > 0
  x[0]! |= isLarger ? COMPRESSED | LARGER_Y : COMPRESSED
  return x
}

/** Remembers the last few results by the bytes that they are of. */
class Recent<Result> {
  readonly #entries: { bytes: Uint8Array; result: Result }[] = []

  get(bytes: Uint8Array, compute: (own: Uint8Array) => Result): Result {
    const known = this.#entries.find((entry) => equalBytes(entry.bytes, bytes))
    if (known) return known.result
    // Results may be views: of our own copy, which nobody writes to.
    const own = bytes.slice()
    const result = compute(own)
    if (this.#entries.length >= COMMITTEES_MAX) this.#entries.shift()
    this.#entries.push({ bytes: own, result })
    return result
  }
}
