// Store `risk`:
//   0x01 ‖ BE64 asset → AssetWeight
//   0x02 ‖ account 20 ‖ BE16 subaccount → MarginLevel, where it isn't healthy
//   0x03 ‖ account 20 ‖ BE16 subaccount → 0x01, where it is isolated
//   0x04 → Model
//   0x05 ‖ client → BE64 time since when it is known to be dead
//   0x06 → HaircutParams
import {
  assert,
  be16,
  be64,
  concatBytes,
  fromBe16,
  fromBe64,
  fromUtf8,
  prefixEnd,
  utf8,
} from '@causeway/primitives'
import { AssetWeight, HaircutParams, MarginLevel, Model } from '@causeway/protocol/causeway/risk/v1/risk'
import { decodeOnce } from '../../decode-once.ts'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'
import type { Holder } from '../../identifiers.ts'

/** Name of the store. */
export const RISK_STORE = 'risk'

const PREFIX = {
  weight: Uint8Array.of(1),
  level: Uint8Array.of(2),
  isolated: Uint8Array.of(3),
  model: Uint8Array.of(4),
  deadClient: Uint8Array.of(5),
  haircut: Uint8Array.of(6),
} as const
const weightOf = decodeOnce(AssetWeight.decode)
const levelOf = decodeOnce(MarginLevel.decode)
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

/** Where a subaccount stands that isn't healthy, and since when; nothing of one that is. */
export function readLevel(store: KeyValueReader, holder: Holder): MarginLevel | undefined {
  const bytes = store.get(holderKey(PREFIX.level, holder))
  return bytes === undefined ? undefined : levelOf(bytes)
}

/** Writes it, or, without a value, that it is healthy. */
export function writeLevel(store: KeyValueStore, holder: Holder, level: MarginLevel | undefined): void {
  const key = holderKey(PREFIX.level, holder)
  if (level === undefined) store.delete(key)
  else store.set(key, MarginLevel.encode(level).finish())
}

/** All subaccounts that aren't healthy, ascending by holder. */
export function* unhealthy(store: KeyValueReader): Iterable<readonly [Holder, MarginLevel]> {
  for (const [key, value] of store.iterate(PREFIX.level, prefixEnd(PREFIX.level)))
    yield [holderOf(key), levelOf(value)]
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

/** Since when a client is known to be dead, in seconds; nothing of one that lives. */
export function readDeadSince(store: KeyValueReader, client: string): bigint | undefined {
  const bytes = store.get(concatBytes(PREFIX.deadClient, utf8(client)))
  return bytes && fromBe64(bytes)
}

/** Writes it, or, without a time, that the client lives. */
export function writeDeadSince(store: KeyValueStore, client: string, since: bigint | undefined): void {
  const key = concatBytes(PREFIX.deadClient, utf8(client))
  if (since === undefined) store.delete(key)
  else store.set(key, be64(since))
}

/** Clients that are known to be dead, and since when; ascending by client. */
export function deadClients(store: KeyValueReader): (readonly [client: string, since: bigint])[] {
  const { deadClient } = PREFIX
  return [...store.iterate(deadClient, prefixEnd(deadClient))].map(
    ([key, value]) => [fromUtf8(key.subarray(1)), fromBe64(value)] as const,
  )
}

/**
 * Half of what counts initially at once, a tenth more a day; of what counts toward maintenance a tenth a day.
 */
export const DEFAULT_HAIRCUT: HaircutParams = {
  deadInitialBps: 5_000n,
  deadInitialStepBps: 1_000n,
  deadMaintenanceStepBps: 1_000n,
  deadStepSeconds: 86_400n,
}

/** What collateral loses whose client is dead. */
export function readHaircut(store: KeyValueReader): HaircutParams {
  const bytes = store.get(PREFIX.haircut)
  assert(bytes !== undefined, 'genesis says what dead clients take off')
  return HaircutParams.decode(bytes)
}

/** Writes it. */
export function writeHaircut(store: KeyValueStore, params: HaircutParams): void {
  store.set(PREFIX.haircut, HaircutParams.encode(params).finish())
}

function holderKey(prefix: Uint8Array, { account, subaccount }: Holder): Uint8Array {
  return concatBytes(prefix, account, be16(subaccount))
}

function holderOf(key: Uint8Array): Holder {
  return { account: key.slice(1, 1 + ACCOUNT_ID_BYTES), subaccount: fromBe16(key, 1 + ACCOUNT_ID_BYTES) }
}
