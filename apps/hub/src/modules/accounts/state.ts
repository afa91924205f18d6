// Store `accounts`; its keys stand in docs/hub.md.
import {
  assert,
  be64,
  canonicalJson,
  equalBytes,
  fromBe64,
  fromUtf8,
  prefixEnd,
  utf8,
} from '@causeway/primitives'
import { encodeMessage } from '@causeway/protocol'
import {
  Account,
  LinkedWallet,
  SessionKey,
  TokenBucket,
} from '@causeway/protocol/causeway/accounts/v1/accounts'
import { decodeOnce } from '../../decode-once.ts'
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
const WALLET_PREFIX = Uint8Array.of(4)
const WALLETS_OF_PREFIX = Uint8Array.of(5)
const SESSION_PREFIX = Uint8Array.of(6)
const NONCES_PREFIX = Uint8Array.of(7)
const BUCKET_PREFIX = Uint8Array.of(8)
const accountOf = decodeOnce(Account.decode)
const sessionOf = decodeOnce(SessionKey.decode)
const bucketOf = decodeOnce(TokenBucket.decode)
const PRESENT = Uint8Array.of(1)

/** The account with this id, if it exists. */
export function readAccount(store: KeyValueReader, id: Uint8Array): Account | undefined {
  const bytes = store.get(accountKey(id))
  return bytes === undefined ? undefined : accountOf(bytes)
}

/** Whether there is an account with this id. */
export function hasAccount(store: KeyValueReader, id: Uint8Array): boolean {
  return store.has(accountKey(id))
}

/** Writes an account. */
export function writeAccount(store: KeyValueStore, id: Uint8Array, account: Account): void {
  assert(account.number > 0n, 'account numbers start at 1')
  store.set(accountKey(id), encodeMessage(Account, account))
}

/**
 * Forgets an account that became a wallet of another one: with its session keys, nonces, and what it might do
 * for free. No account has its id ever again, so nothing that was signed for it can be sent once more.
 */
export function deleteAccount(store: KeyValueStore, id: Uint8Array): void {
  store.delete(accountKey(id))
  if (readBucket(store, id) !== undefined) store.delete(stateKey(BUCKET_PREFIX, id))
  for (const kind of [SESSION_PREFIX, NONCES_PREFIX]) {
    const prefix = stateKey(kind, id)
    for (const [key] of [...store.iterate(prefix, prefixEnd(prefix))]) store.delete(key)
  }
}

/** Takes the next account number. */
export function takeAccountNumber(store: KeyValueStore): bigint {
  const number = nextAccountNumber(store)
  writeNextAccountNumber(store, number + 1n)
  return number
}

/** The number that the next account will have. */
export function nextAccountNumber(store: KeyValueReader): bigint {
  const bytes = store.get(NEXT_NUMBER_KEY)
  return bytes === undefined ? 1n : fromBe64(bytes)
}

/** Writes it; the first is given without. */
export function writeNextAccountNumber(store: KeyValueStore, number: bigint): void {
  assert(number > 0n, 'account numbers start at 1')
  if (number > 1n) store.set(NEXT_NUMBER_KEY, be64(number))
}

/** All accounts, ascending by id. */
export function* accounts(store: KeyValueReader): Iterable<[Uint8Array, Account]> {
  for (const [key, value] of store.iterate(ACCOUNT_PREFIX, prefixEnd(ACCOUNT_PREFIX))) {
    yield [key.slice(1), accountOf(value)]
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
  return stateKey(ACCOUNT_PREFIX, id)
}

/** The linked wallet with this address. */
export function readWallet(store: KeyValueReader, wallet: Uint8Array): LinkedWallet | undefined {
  const bytes = store.get(stateKey(WALLET_PREFIX, wallet))
  return bytes === undefined ? undefined : LinkedWallet.decode(bytes)
}

/** Links a wallet for ever. */
export function writeWallet(store: KeyValueStore, wallet: Uint8Array, link: LinkedWallet): void {
  store.set(stateKey(WALLET_PREFIX, wallet), LinkedWallet.encode(link).finish())
  store.set(stateKey(WALLETS_OF_PREFIX, link.account, wallet), PRESENT)
}

/** Addresses of the wallets that were linked to an account, ascending. */
export function* walletsOf(store: KeyValueReader, account: Uint8Array): Iterable<Uint8Array> {
  const prefix = stateKey(WALLETS_OF_PREFIX, account)
  for (const [key] of store.iterate(prefix, prefixEnd(prefix))) yield key.slice(prefix.length)
}

/** All linked wallets, ascending by address. */
export function* linkedWallets(store: KeyValueReader): Iterable<[Uint8Array, LinkedWallet]> {
  for (const [key, value] of store.iterate(WALLET_PREFIX, prefixEnd(WALLET_PREFIX))) {
    yield [key.slice(1), LinkedWallet.decode(value)]
  }
}

/** A session key of an account, expired or not. */
export function readSession(
  store: KeyValueReader,
  account: Uint8Array,
  sessionKey: Uint8Array,
): SessionKey | undefined {
  const bytes = store.get(stateKey(SESSION_PREFIX, account, sessionKey))
  return bytes === undefined ? undefined : sessionOf(bytes)
}

/** Writes a session key, or deletes it. */
export function writeSession(
  store: KeyValueStore,
  { account, sessionKey }: { readonly account: Uint8Array; readonly sessionKey: Uint8Array },
  session: SessionKey | undefined,
): void {
  const key = stateKey(SESSION_PREFIX, account, sessionKey)
  if (session === undefined) store.delete(key)
  else store.set(key, SessionKey.encode(session).finish())
}

/** Session keys, expired or not, ascending; of one account, or of all. */
export function* sessions(
  store: KeyValueReader,
  account: Uint8Array = new Uint8Array(0),
): Iterable<{ readonly account: Uint8Array; readonly sessionKey: Uint8Array; readonly session: SessionKey }> {
  const prefix = stateKey(SESSION_PREFIX, account)
  for (const [key, value] of store.iterate(prefix, prefixEnd(prefix))) {
    yield { account: key.slice(1, 21), sessionKey: key.slice(21), session: SessionKey.decode(value) }
  }
}

/** The nonces that are remembered of a signing key of an account. */
export function readNonces(
  store: KeyValueReader,
  account: Uint8Array,
  signer: Uint8Array,
): Uint8Array | undefined {
  return store.get(stateKey(NONCES_PREFIX, account, signer))
}

/** Writes them, or forgets them. */
export function writeNonces(
  store: KeyValueStore,
  { account, signer }: { readonly account: Uint8Array; readonly signer: Uint8Array },
  nonces: Uint8Array | undefined,
): void {
  const key = stateKey(NONCES_PREFIX, account, signer)
  if (nonces === undefined) store.delete(key)
  else store.set(key, nonces)
}

/** All remembered nonces, ascending by account and signing key. */
export function* allNonces(
  store: KeyValueReader,
): Iterable<{ readonly account: Uint8Array; readonly signer: Uint8Array; readonly nonces: Uint8Array }> {
  for (const [key, nonces] of store.iterate(NONCES_PREFIX, prefixEnd(NONCES_PREFIX))) {
    yield { account: key.slice(1, 21), signer: key.slice(21), nonces }
  }
}

/** What an account may do for free; nothing for one that has not done anything for free yet. */
export function readBucket(store: KeyValueReader, account: Uint8Array): TokenBucket | undefined {
  const bytes = store.get(stateKey(BUCKET_PREFIX, account))
  return bytes === undefined ? undefined : bucketOf(bytes)
}

/** Writes it. */
export function writeBucket(store: KeyValueStore, account: Uint8Array, bucket: TokenBucket): void {
  const bytes = encodeMessage(TokenBucket, bucket)
  bucketOf.remember(bytes, bucket)
  store.set(stateKey(BUCKET_PREFIX, account), bytes)
}

/** A key of its parts, in one allocation: keys of accounts are made several times a transaction. */
function stateKey(prefix: Uint8Array, first: Uint8Array, second?: Uint8Array): Uint8Array {
  const key = new Uint8Array(prefix.length + first.length + (second?.length ?? 0))
  key.set(prefix)
  key.set(first, prefix.length)
  if (second !== undefined) key.set(second, prefix.length + first.length)
  return key
}
