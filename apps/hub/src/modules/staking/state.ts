// Store `staking`: 0x01 → ChainParams; 0x02 ‖ BE64 height → ValidatorSet that signs from this height on.
import { assert, be64, compareBytes, concatBytes, fromBe64, prefixEnd } from '@causeway/primitives'
import { ChainParams, ValidatorSet } from '@causeway/protocol/causeway/staking/v1/staking'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** Name of the store. */
export const STAKING_STORE = 'staking'

const PARAMS_KEY = Uint8Array.of(1)
const SET_PREFIX = Uint8Array.of(2)

/** What genesis fixed about heights. */
export function readParams(store: KeyValueReader): ChainParams {
  const bytes = store.get(PARAMS_KEY)
  assert(bytes !== undefined, 'chain parameters are written at genesis')
  return ChainParams.decode(bytes)
}

/** Writes what genesis fixed about heights. */
export function writeParams(store: KeyValueStore, params: ChainParams): void {
  store.set(PARAMS_KEY, ChainParams.encode(params).finish())
}

/** The set that signs the block of a height. */
export function readSet(store: KeyValueReader, height: bigint): ValidatorSet {
  const end = concatBytes(SET_PREFIX, be64(height + 1n))
  for (const [, value] of store.iterate(SET_PREFIX, end, true)) return ValidatorSet.decode(value)
  assert(false, `a validator set is stored for height ${height}`)
}

/** Writes the set that signs from a height on, ordered by key. */
export function writeSet(store: KeyValueStore, height: bigint, set: ValidatorSet): void {
  const validators = [...set.validators].sort((a, b) => compareBytes(a.publicKey, b.publicKey))
  assert(validators.length > 0, 'a validator set has a member')
  store.set(concatBytes(SET_PREFIX, be64(height)), ValidatorSet.encode({ validators }).finish())
}

/** Heights from which stored sets hold, ascending. */
export function setHeights(store: KeyValueReader): bigint[] {
  return [...store.iterate(SET_PREFIX, prefixEnd(SET_PREFIX))].map(([key]) => fromBe64(key, 1))
}
