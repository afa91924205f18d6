// Store `risk`: 0x01 ‖ BE64 asset → AssetWeight; 0x02 ‖ account 20 ‖ BE16 subaccount → Requirement.
import { be16, be64, concatBytes, fromBe16, prefixEnd } from '@causeway/primitives'
import { AssetWeight, Requirement } from '@causeway/protocol/causeway/risk/v1/risk'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const RISK_STORE = 'risk'

const WEIGHT_PREFIX = Uint8Array.of(1)
const REQUIREMENT_PREFIX = Uint8Array.of(2)

/** How much of an asset counts; nothing of one that isn't listed. */
export function readWeight(store: KeyValueReader, asset: bigint): AssetWeight | undefined {
  const bytes = store.get(concatBytes(WEIGHT_PREFIX, be64(asset)))
  return bytes === undefined ? undefined : AssetWeight.decode(bytes)
}

/** Writes how much of an asset counts. */
export function writeWeight(store: KeyValueStore, weight: AssetWeight): void {
  store.set(concatBytes(WEIGHT_PREFIX, be64(weight.asset)), AssetWeight.encode(weight).finish())
}

/** All listed weights, ascending by asset. */
export function weights(store: KeyValueReader): AssetWeight[] {
  return [...store.iterate(WEIGHT_PREFIX, prefixEnd(WEIGHT_PREFIX))].map(([, value]) =>
    AssetWeight.decode(value),
  )
}

/** What must stay covered in a subaccount. */
export function readRequirement(store: KeyValueReader, holder: Holder): Requirement | undefined {
  const bytes = store.get(requirementKey(holder))
  return bytes === undefined ? undefined : Requirement.decode(bytes)
}

/** Writes what must stay covered in a subaccount. */
export function writeRequirement(store: KeyValueStore, holder: Holder, requirement: Requirement): void {
  store.set(requirementKey(holder), Requirement.encode(requirement).finish())
}

/** Whether any subaccount of an account has something to keep covered. */
export function hasRequirement(store: KeyValueReader, account: Uint8Array): boolean {
  const prefix = concatBytes(REQUIREMENT_PREFIX, account)
  for (const [, value] of store.iterate(prefix, prefixEnd(prefix))) {
    const { initialE6, maintenanceE6 } = Requirement.decode(value)
    if (initialE6 !== '0' || maintenanceE6 !== '0') return true
  }
  return false
}

/** All requirements, ascending by holder. */
export function* requirements(store: KeyValueReader): Iterable<[Holder, Requirement]> {
  for (const [key, value] of store.iterate(REQUIREMENT_PREFIX, prefixEnd(REQUIREMENT_PREFIX))) {
    const account = key.slice(1, 1 + ACCOUNT_ID_BYTES)
    yield [{ account, subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES) }, Requirement.decode(value)]
  }
}

function requirementKey(holder: Holder): Uint8Array {
  return concatBytes(REQUIREMENT_PREFIX, holder.account, be16(holder.subaccount))
}
