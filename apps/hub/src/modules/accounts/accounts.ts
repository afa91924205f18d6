// Accounts: who may sign, in which order. An account is created by the first credit to its address.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { equalBytes } from '@causeway/primitives'
import { walletAddress } from '@causeway/protocol'
import type { SigningKey } from '@causeway/protocol'
import type { Account, KeyType, SessionKey } from '@causeway/protocol/causeway/accounts/v1/accounts'
import type { Context, ReadContext } from '../../block/context.ts'
import { bytesKey } from '../../bytes-key.ts'
import type { AddressCodec } from '../../identifiers.ts'
import { takeNonce } from '../../tx/nonces.ts'
import type { NonceRefusal } from '../../tx/nonces.ts'
import { isEquityDue, takeTokens } from '../../tx/token-bucket.ts'
import { emitCreated } from './events.ts'
import {
  ACCOUNTS_STORE,
  hasAccount,
  readAccount,
  readBucket,
  readGasPrices,
  readNonces,
  readSession,
  readWallet,
  takeAccountNumber,
  writeAccount,
  writeBucket,
  writeNonces,
} from './state.ts'
import type { GasPrice } from './state.ts'

/** What other parts of the chain do with accounts. */
export interface Accounts {
  /** The account with this id, if it exists; nothing for the address of a linked wallet. */
  find(context: ReadContext, id: Uint8Array): Account | undefined
  /** The account that an address names: that of a linked wallet, or the address itself. */
  owner(context: ReadContext, address: Uint8Array): Uint8Array
  /** Whether two addresses name one account. */
  linked(context: ReadContext, a: Uint8Array, b: Uint8Array): boolean
  /** Creates the account that an address names unless it exists; gives its id. */
  ensure(context: Context, address: Uint8Array): Uint8Array
  /** A session key of the account, expired or not. */
  findSession(context: ReadContext, account: Uint8Array, key: Uint8Array): SessionKey | undefined
  /** Counts one paid transaction and remembers the key of the account's first wallet. */
  advance(context: Context, id: Uint8Array, account: Account, key: SigningKey | undefined): void
  /** Takes a nonce of a key that signs for an account; why not, when it can't be taken. */
  takeNonce(
    context: Context,
    signer: { readonly account: Uint8Array; readonly id: Uint8Array },
    nonce: bigint,
  ): NonceRefusal | undefined
  /**
   * Takes tokens; false when there are too few. `isWorthEnough` is asked when that has not been known for
   * some blocks; false as well when the account is not.
   */
  takeTokens(context: Context, account: Uint8Array, tokens: number, isWorthEnough: () => boolean): boolean
  /** The denominations that pay for gas. Empty: gas is free. */
  gasPrices(context: ReadContext): readonly GasPrice[]
}

const ADDRESSES_MAX = 20_000
const NANOSECONDS_PER_MILLISECOND = 1_000_000n

/** Makes the accounts of a chain. */
export function createAccounts(addresses: AddressCodec): Accounts {
  const owner: Accounts['owner'] = (context, address) =>
    readWallet(context.store(ACCOUNTS_STORE), address)?.account ?? address
  return {
    find: (context, id) => readAccount(context.store(ACCOUNTS_STORE), id),
    owner,
    linked: (context, a, b) => equalBytes(owner(context, a), owner(context, b)),
    ensure: (context, address) => ensure(context, addresses, address),
    findSession: (context, account, key) => readSession(context.store(ACCOUNTS_STORE), account, key),
    advance,
    takeNonce(context, { account, id }, nonce) {
      const store = context.store(ACCOUNTS_STORE)
      const taken = takeNonce(readNonces(store, account, id), nonce, milliseconds(context))
      if (typeof taken === 'string') return taken
      writeNonces(store, { account, signer: id }, taken)
      return undefined
    },
    takeTokens(context, account, tokens, isWorthEnough) {
      const store = context.store(ACCOUNTS_STORE)
      const bucket = readBucket(store, account)
      const taken = takeTokens(bucket, tokens, milliseconds(context))
      if (taken === undefined) return false
      const isDue = isEquityDue(bucket, context.height)
      if (isDue && !isWorthEnough()) return false
      writeBucket(store, account, isDue ? { ...taken, equityHeight: context.height } : taken)
      return true
    },
    gasPrices: (context) => readGasPrices(context.store(ACCOUNTS_STORE)),
  }
}

/** Milliseconds of block time since 1970. */
export function milliseconds(context: Pick<ReadContext, 'timeNanoseconds'>): bigint {
  return context.timeNanoseconds / NANOSECONDS_PER_MILLISECOND
}

function ensure(context: Context, addresses: AddressCodec, address: Uint8Array): Uint8Array {
  const store = context.store(ACCOUNTS_STORE)
  if (hasAccount(store, address)) return address
  const wallet = readWallet(store, address)
  if (wallet !== undefined) return wallet.account
  const number = takeAccountNumber(store)
  writeAccount(store, address, { number, sequence: 0n, publicKey: new Uint8Array(0), keyType: 0 })
  emitCreated(context, addresses.encode(address))
  return address
}

function advance(context: Context, id: Uint8Array, account: Account, key: SigningKey | undefined): void {
  // The key of a linked wallet stands with its link; only one whose address this is belongs here.
  const isFirst = account.publicKey.length === 0 && key !== undefined && isKeyOf(key, id)
  writeAccount(context.store(ACCOUNTS_STORE), id, {
    ...account,
    sequence: account.sequence + 1n,
    ...(isFirst && key.type !== 'session' ? { publicKey: key.bytes, keyType: key.type } : {}),
  })
}

function isKeyOf(key: SigningKey, id: Uint8Array): boolean {
  if (key.type === 'session') return false
  const address = addressOfKey({ type: key.type, bytes: key.bytes })
  return address !== undefined && equalBytes(address, id)
}

const knownAddresses = new Map<string, Uint8Array | undefined>()

/**
 * The account id of a wallet's key, nothing when it is no point of the curve. Remembers recent ones: an EVM
 * wallet's takes a square root.
 */
export function addressOfKey(key: {
  readonly type: KeyType
  readonly bytes: Uint8Array
}): Uint8Array | undefined {
  const name = `${key.type}${bytesKey(key.bytes)}`
  if (knownAddresses.has(name)) return knownAddresses.get(name)
  const address = computeAddress(key)
  if (knownAddresses.size >= ADDRESSES_MAX) knownAddresses.clear()
  knownAddresses.set(name, address)
  return address
}

function computeAddress(key: { readonly type: KeyType; readonly bytes: Uint8Array }): Uint8Array | undefined {
  try {
    return walletAddress(key, (compressed) => secp256k1.Point.fromBytes(compressed).toBytes(false).slice(1))
  } catch {
    return undefined
  }
}
