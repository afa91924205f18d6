// Store `accounts`: 0x01 ‖ account id → Account; 0x02 → number of the next account, BE64; 0x03 → FeeParams as
// JSON.
import {
  assert,
  be64,
  canonicalJson,
  concatBytes,
  equalBytes,
  fromBe64,
  fromUtf8,
  prefixEnd,
  utf8,
} from '@causeway/primitives'
import { Account } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { KeyValueReader, KeyValueStore } from '@causeway/state-tree'

/** What a unit of gas costs at least. */
export interface GasPrice {
  readonly denom: string
  /** Base units per 10⁹ gas. */
  readonly priceE9: bigint
}

/** Name of the store. */
export const ACCOUNTS_STORE = 'accounts'

const ACCOUNT_PREFIX = Uint8Array.of(1)
const NEXT_NUMBER_KEY = Uint8Array.of(2)
const GAS_PRICES_KEY = Uint8Array.of(3)

/** The account with this id, if it exists. */
export function readAccount(store: KeyValueReader, id: Uint8Array): Account | undefined {
  const bytes = store.get(accountKey(id))
  return bytes === undefined ? undefined : Account.decode(bytes)
}

/** Whether there is an account with this id. */
export function hasAccount(store: KeyValueReader, id: Uint8Array): boolean {
  return store.has(accountKey(id))
}

/** Writes an account. */
export function writeAccount(store: KeyValueStore, id: Uint8Array, account: Account): void {
  assert(account.number > 0n, 'account numbers start at 1')
  store.set(accountKey(id), Account.encode(account).finish())
}

/** Takes the next account number. */
export function takeAccountNumber(store: KeyValueStore): bigint {
  const bytes = store.get(NEXT_NUMBER_KEY)
  const number = bytes === undefined ? 1n : fromBe64(bytes)
  store.set(NEXT_NUMBER_KEY, be64(number + 1n))
  return number
}

/** All accounts, ascending by id. */
export function* accounts(store: KeyValueReader): Iterable<[Uint8Array, Account]> {
  for (const [key, value] of store.iterate(ACCOUNT_PREFIX, prefixEnd(ACCOUNT_PREFIX))) {
    yield [key.slice(1), Account.decode(value)]
  }
}

/** The denominations that pay for gas. Empty: gas is free. */
export function readGasPrices(store: KeyValueReader): readonly GasPrice[] {
  const bytes = store.get(GAS_PRICES_KEY)
  assert(bytes !== undefined, 'gas prices are written at genesis')
  // Read with every transaction and hardly ever changed.
  if (lastPrices === undefined || !equalBytes(lastPrices.bytes, bytes)) {
    lastPrices = { bytes: bytes.slice(), prices: decodeGasPrices(bytes) }
  }
  return lastPrices.prices
}

let lastPrices: { readonly bytes: Uint8Array; readonly prices: readonly GasPrice[] } | undefined

/** Writes the denominations that pay for gas. */
export function writeGasPrices(store: KeyValueStore, prices: readonly GasPrice[]): void {
  store.set(GAS_PRICES_KEY, utf8(canonicalJson(prices.map(({ denom, priceE9 }) => ({ denom, priceE9 })))))
}

function decodeGasPrices(bytes: Uint8Array): GasPrice[] {
  const list = JSON.parse(fromUtf8(bytes)) as { denom: string; priceE9: string }[]
  return list.map(({ denom, priceE9 }) => ({ denom, priceE9: BigInt(priceE9) }))
}

function accountKey(id: Uint8Array): Uint8Array {
  return concatBytes(ACCOUNT_PREFIX, id)
}
