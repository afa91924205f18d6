// Store `exit`: 0x01 ‖ account 20 ‖ BE64 asset → what the account holds of it, decimal, where a claim is
// registered, and after a space the fees that its claims don't reflect yet; 0x02 ‖ account 20 ‖ BE64 asset ‖
// BE64 line → recipient 32; 0x03 → the registration that the refresh after an epoch goes on with (a key of
// 0x02), while one is under way.
import { assert, be64, concatBytes, fromBe64, fromUtf8, prefixEnd, utf8 } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'
import { ACCOUNT_ID_BYTES } from '../../identifiers.ts'

/** Name of the store. */
export const EXIT_STORE = 'exit'

const HOLDING_PREFIX = Uint8Array.of(1)
const REGISTRATION_PREFIX = Uint8Array.of(2)
const CURSOR_KEY = Uint8Array.of(3)

/** Who wants to be paid where, should the other chain's client of this one die. */
export interface Registration {
  readonly account: Uint8Array
  readonly asset: bigint
  readonly line: bigint
  /** 32 bytes: an EVM address left-padded. */
  readonly recipient: Uint8Array
}

/** What an account with a claim holds of an asset. */
export interface Holding {
  /** Over all subaccounts. */
  readonly held: bigint
  /** Fees that it has paid since its claims were written. */
  readonly feesSince: bigint
}

/** What an account holds of an asset; nothing unless it has registered a claim. */
export function readHolding(store: KeyValueReader, account: Uint8Array, asset: bigint): Holding | undefined {
  const bytes = store.get(holdingKey(account, asset))
  return bytes === undefined ? undefined : decodeHolding(bytes)
}

/** Writes what an account with a claim holds. */
export function writeHolding(
  store: KeyValueStore,
  account: Uint8Array,
  asset: bigint,
  { held, feesSince }: Holding,
): void {
  assert(held >= 0n && feesSince >= 0n, 'nobody holds less than nothing')
  const text = feesSince === 0n ? held.toString() : `${held} ${feesSince}`
  store.set(holdingKey(account, asset), utf8(text))
}

/** All holdings of accounts with claims. */
export function* holdings(
  store: KeyValueReader,
): Iterable<Holding & { readonly account: Uint8Array; readonly asset: bigint }> {
  for (const [key, value] of store.iterate(HOLDING_PREFIX, prefixEnd(HOLDING_PREFIX))) {
    const end = 1 + ACCOUNT_ID_BYTES
    yield { account: key.slice(1, end), asset: fromBe64(key, end), ...decodeHolding(value) }
  }
}

/** Forgets what an account holds, whose last claim was taken back. */
export function deleteHolding(store: KeyValueStore, account: Uint8Array, asset: bigint): void {
  store.delete(holdingKey(account, asset))
}

/** Writes a registration. */
export function writeRegistration(store: KeyValueStore, registration: Registration): void {
  store.set(registrationKey(registration), registration.recipient)
}

/** Deletes a registration. */
export function deleteRegistration(
  store: KeyValueStore,
  registration: Omit<Registration, 'recipient'>,
): void {
  store.delete(registrationKey(registration))
}

/** Whether a claim over this line is registered. */
export function hasRegistration(
  store: KeyValueReader,
  registration: Omit<Registration, 'recipient'>,
): boolean {
  return store.has(registrationKey(registration))
}

/** Registrations of an account, or of one asset of it; ascending by asset and line. */
export function registrationsOf(store: KeyValueReader, account: Uint8Array, asset?: bigint): Registration[] {
  const scope = asset === undefined ? new Uint8Array(0) : be64(asset)
  const prefix = concatBytes(REGISTRATION_PREFIX, account, scope)
  return [...store.iterate(prefix, prefixEnd(prefix))].map(decodeRegistration)
}

/** All registrations from a key on. */
export function* registrationsFrom(
  store: KeyValueReader,
  start: Uint8Array = REGISTRATION_PREFIX,
): Iterable<Registration> {
  for (const entry of store.iterate(start, prefixEnd(REGISTRATION_PREFIX))) yield decodeRegistration(entry)
}

/** Where the refresh goes on; nothing when none is under way. */
export function readCursor(store: KeyValueReader): Uint8Array | undefined {
  return store.get(CURSOR_KEY)
}

/** Begins a refresh, goes on with it from a registration, or ends it. */
export function writeCursor(store: KeyValueStore, next: Registration | 'first' | undefined): void {
  if (next === undefined) store.delete(CURSOR_KEY)
  else store.set(CURSOR_KEY, next === 'first' ? REGISTRATION_PREFIX : registrationKey(next))
}

function decodeRegistration([key, recipient]: [Uint8Array, Uint8Array]): Registration {
  const end = 1 + ACCOUNT_ID_BYTES
  return { account: key.slice(1, end), asset: fromBe64(key, end), line: fromBe64(key, end + 8), recipient }
}

function decodeHolding(bytes: Uint8Array): Holding {
  const [held, fees = '0'] = fromUtf8(bytes).split(' ')
  return { held: BigInt(held!), feesSince: BigInt(fees) }
}

function holdingKey(account: Uint8Array, asset: bigint): Uint8Array {
  return concatBytes(HOLDING_PREFIX, account, be64(asset))
}

function registrationKey({ account, asset, line }: Omit<Registration, 'recipient'>): Uint8Array {
  return concatBytes(REGISTRATION_PREFIX, account, be64(asset), be64(line))
}
