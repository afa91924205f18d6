// Where the hub keeps what the indexer proves. These layouts are consensus: the hub's state files say the
// same.

import { be16, be64, concatBytes, fromBech32 } from '@causeway/primitives'

/** Stores of the hub that are read with proof. */
export const HUB_STORES = {
  accounts: 'accounts',
  cash: 'cash',
  ledger: 'ledger',
  markets: 'markets',
} as const

const PREFIX = 'cway'
const ACCOUNT = Uint8Array.of(1)
const BALANCE = Uint8Array.of(1)
const ASSET = Uint8Array.of(2)
const AMOUNT_BYTES_MAX = 32

/** Key of an account in the store `accounts`. */
export function accountKey(account: string): Uint8Array {
  return concatBytes(ACCOUNT, fromBech32(account, PREFIX))
}

/** Key of a balance in the store `ledger`. */
export function balanceKey(account: string, subaccount: number, asset: bigint): Uint8Array {
  return concatBytes(BALANCE, fromBech32(account, PREFIX), be16(subaccount), be64(asset))
}

/** Key of an asset in the store `ledger`. */
export function assetKey(asset: bigint): Uint8Array {
  return concatBytes(ASSET, be64(asset))
}

/** A balance from its stored bytes: big-endian, absent when zero. Undefined when it is no amount. */
export function readAmount(value: Uint8Array | undefined): bigint | undefined {
  if (value === undefined) return 0n
  if (value.length > AMOUNT_BYTES_MAX || value[0] === 0) return undefined
  return value.reduce((amount, byte) => amount * 256n + BigInt(byte), 0n)
}
