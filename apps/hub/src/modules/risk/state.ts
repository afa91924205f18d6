// Store `risk`:
//   0x01 ‖ BE64 asset → AssetWeight
//   0x02 ‖ account 20 ‖ BE16 subaccount → BelowMaintenance
//   0x03 ‖ account 20 ‖ BE16 subaccount → 0x01, where it is isolated
//   0x04 → Model
import { assert, be16, be64, concatBytes, fromBe16, prefixEnd } from '@causeway/primitives'
import { AssetWeight, BelowMaintenance, Model } from '@causeway/protocol/causeway/risk/v1/risk'
import { decodeOnce } from '../../decode-once.ts'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const RISK_STORE = 'risk'

const PREFIX = {
  weight: Uint8Array.of(1),
  below: Uint8Array.of(2),
  isolated: Uint8Array.of(3),
  model: Uint8Array.of(4),
} as const
const weightOf = decodeOnce(AssetWeight.decode)
const PRESENT = Uint8Array.of(1)

/** How much of an asset counts; nothing of one that isn't listed. */
export function readWeight(store: KeyValueReader, asset: bigint): AssetWeight | undefined {
  const bytes = store.get(concatBytes(PREFIX.weight, be64(asset)))
  return bytes === undefined ? undefined : weightOf(bytes)
}

/** Writes how much of an asset counts. */
export function writeWeight(store: KeyValueStore, weight: AssetWeight): void {
  store.set(concatBytes(PREFIX.weight, be64(weight.asset)), AssetWeight.encode(weight).finish())
}

/** All listed weights, ascending by asset. */
export function weights(store: KeyValueReader): AssetWeight[] {
  return [...store.iterate(PREFIX.weight, prefixEnd(PREFIX.weight))].map(([, value]) => weightOf(value))
}

/** Since when a subaccount has been below maintenance; nothing when it isn't. */
export function readBelow(store: KeyValueReader, holder: Holder): BelowMaintenance | undefined {
  const bytes = store.get(holderKey(PREFIX.below, holder))
  return bytes === undefined ? undefined : BelowMaintenance.decode(bytes)
}

/** Writes it, or, without a value, that it no longer is. */
export function writeBelow(store: KeyValueStore, holder: Holder, below: BelowMaintenance | undefined): void {
  const key = holderKey(PREFIX.below, holder)
  if (below === undefined) store.delete(key)
  else store.set(key, BelowMaintenance.encode(below).finish())
}

/** All subaccounts below maintenance, ascending by holder. */
export function* belowMaintenance(store: KeyValueReader): Iterable<readonly [Holder, BelowMaintenance]> {
  for (const [key, value] of store.iterate(PREFIX.below, prefixEnd(PREFIX.below)))
    yield [holderOf(key), BelowMaintenance.decode(value)]
}

/** Whether a subaccount is isolated. */
export function isIsolated(store: KeyValueReader, holder: Holder): boolean {
  return store.has(holderKey(PREFIX.isolated, holder))
}

/** Makes a subaccount isolated, for as long as its account lasts. */
export function writeIsolated(store: KeyValueStore, holder: Holder): void {
  store.set(holderKey(PREFIX.isolated, holder), PRESENT)
}

/** Forgets an isolated subaccount of an account that ends. */
export function deleteIsolated(store: KeyValueStore, holder: Holder): void {
  store.delete(holderKey(PREFIX.isolated, holder))
}

/** All isolated subaccounts, or those of one account; ascending. */
export function* isolatedHolders(
  store: KeyValueReader,
  account: Uint8Array = new Uint8Array(0),
): Iterable<Holder> {
  const prefix = concatBytes(PREFIX.isolated, account)
  for (const [key] of store.iterate(prefix, prefixEnd(prefix))) yield holderOf(key)
}

/** The preset that margin is required by. */
export function readModel(store: KeyValueReader): Model {
  const bytes = store.get(PREFIX.model)
  assert(bytes !== undefined, 'genesis names the model')
  return Model.decode(bytes)
}

/** Names it. */
export function writeModel(store: KeyValueStore, model: Model): void {
  store.set(PREFIX.model, Model.encode(model).finish())
}

function holderKey(prefix: Uint8Array, { account, subaccount }: Holder): Uint8Array {
  return concatBytes(prefix, account, be16(subaccount))
}

function holderOf(key: Uint8Array): Holder {
  return { account: key.slice(1, 1 + ACCOUNT_ID_BYTES), subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES) }
}
