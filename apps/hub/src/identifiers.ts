// Account ids, their text form, and u64 ids that carry the zone.
import { assert, compareBytes, equalBytes, fromBech32, toBech32 } from '@causeway/primitives'
import { keyText } from '@causeway/state-tree'
import { errors } from './identifier-errors.ts'

/** One subaccount: the 20 bytes of the account and a number; 0 is the cross-margin account. */
export interface Holder {
  readonly account: Uint8Array
  readonly subaccount: number
}

/** Reads and writes addresses of one chain. */
export interface AddressCodec {
  readonly prefix: string
  /** `cway1…` of a 20-byte account id. */
  encode(account: Uint8Array): string
  /** Reads `cway1…` and nothing else. Throws `identifiers/1`. */
  decode(text: string): Uint8Array
  /** `cway1…`, or `cway1…/3` for a subaccount other than 0. */
  encodeHolder(holder: Holder): string
  /** Reads `cway1…` or `cway1…/3`. Throws `identifiers/1` or `identifiers/2`. */
  decodeHolder(text: string): Holder
}

/** Bytes in an account id. */
export const ACCOUNT_ID_BYTES = 20
/** The greatest subaccount. */
export const SUBACCOUNT_MAX = 0xffff
const ADDRESS_LENGTH_MAX = 128
const CACHE_SIZE_MAX = 20_000
const ZONE_SHIFT = 48n

/**
 * Makes the codec of one bech32 prefix. It remembers recent texts: bech32 checksums are dear in a block of
 * transfers.
 */
export function createAddressCodec(prefix: string): AddressCodec {
  const decode = remember(
    (text: string) => text,
    (text) => decodeAddress(prefix, text),
  )
  const encode = remember(accountKey, (account: Uint8Array) => toBech32(prefix, account))
  return {
    prefix,
    encode,
    decode,
    encodeHolder: (holder) => holderText(encode(holder.account), holder.subaccount),
    decodeHolder: (text) => decodeHolder(text, decode),
  }
}

/** Whether two holders are the same subaccount. */
export function sameHolder(a: Holder, b: Holder): boolean {
  return a.subaccount === b.subaccount && equalBytes(a.account, b.account)
}

/** Below 0 where the first comes first in stores: by account, then subaccount. */
export function compareHolders(a: Holder, b: Holder): number {
  return compareBytes(a.account, b.account) || a.subaccount - b.subaccount
}

/** The u64 id with this zone in its top 16 bits and this number below. */
export function zoneId(zone: number, number: bigint): bigint {
  assert(Number.isInteger(zone) && zone >= 0 && zone <= 0xffff, 'a zone is a u16')
  assert(number > 0n && number < 1n << ZONE_SHIFT, 'ids of a zone are positive and below 2^48')
  return (BigInt(zone) << ZONE_SHIFT) | number
}

/** A function that remembers its recent results. */
function remember<Argument, Result>(
  keyOf: (argument: Argument) => string,
  compute: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const results = new Map<string, Result>()
  return (argument) => {
    const key = keyOf(argument)
    const known = results.get(key)
    if (known !== undefined) return known
    const result = compute(argument)
    if (results.size >= CACHE_SIZE_MAX) results.clear()
    results.set(key, result)
    return result
  }
}

function accountKey(account: Uint8Array): string {
  assert(account.length === ACCOUNT_ID_BYTES, 'an account id has 20 bytes')
  return keyText(account)
}

function decodeAddress(prefix: string, text: string): Uint8Array {
  if (text.length > ADDRESS_LENGTH_MAX || !text.startsWith(`${prefix}1`)) throw errors.badAddress({ prefix })
  let account: Uint8Array
  try {
    account = fromBech32(text, prefix)
  } catch {
    throw errors.badAddress({ prefix })
  }
  if (account.length !== ACCOUNT_ID_BYTES) throw errors.badAddress({ prefix })
  return account
}

function holderText(address: string, subaccount: number): string {
  return subaccount === 0 ? address : `${address}/${subaccount}`
}

function decodeHolder(text: string, decode: (text: string) => Uint8Array): Holder {
  const slash = text.indexOf('/')
  if (slash < 0) return { account: decode(text), subaccount: 0 }
  const digits = text.slice(slash + 1)
  if (!/^(0|[1-9][0-9]{0,4})$/.test(digits)) throw errors.badSubaccount()
  const subaccount = Number(digits)
  if (subaccount > SUBACCOUNT_MAX) throw errors.badSubaccount()
  return { account: decode(text.slice(0, slash)), subaccount }
}
