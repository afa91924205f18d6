// Cash and positions of a subaccount as they lie in the hub's state. These layouts are consensus: the hub's
// state files say the same.

import { be16, concatBytes, fromBech32 } from '@causeway/primitives'
import { decodeStrict } from '@causeway/protocol'
import { CashAccount, Pool } from '@causeway/protocol/causeway/cash/v1/cash'
import { cashOfShares } from '../read/cash.ts'
import { signed } from './signed.ts'

/** A position in the state. */
export type StoredPosition = { readonly market: bigint; readonly sizeE9: bigint; readonly quoteE6: bigint }

/** Key of the pool's record in the store `cash`. */
export const POOL_KEY = Uint8Array.of(1)

const CASH = Uint8Array.of(2)
const POSITIONS = Uint8Array.of(3)
const POSITION_BYTES = 48

/** Key of a subaccount's cash in the store `cash`. */
export function cashKey(account: string, subaccount: number): Uint8Array {
  return concatBytes(CASH, fromBech32(account, 'cway'), be16(subaccount))
}

/** Key of a subaccount's positions in the store `markets`. */
export function positionsKey(account: string, subaccount: number): Uint8Array {
  return concatBytes(POSITIONS, fromBech32(account, 'cway'), be16(subaccount))
}

/** Signed micro-cash that two proven values say a subaccount has. Throws a `ProtocolError`. */
export function readCash(
  account: string,
  cash: Uint8Array | undefined,
  pool: Uint8Array | undefined,
): bigint {
  if (cash === undefined) return 0n
  const shares = signed(decodeStrict(CashAccount, 'causeway.cash.v1.CashAccount', cash).shares)
  if (pool === undefined) return cashOfShares(account, shares, undefined)
  const { debtIndex, creditIndex } = decodeStrict(Pool, 'causeway.cash.v1.Pool', pool)
  return cashOfShares(account, shares, { debt: signed(debtIndex), credit: signed(creditIndex) })
}

/** The positions in a proven value; undefined when it holds none that can be read. */
export function readPositions(value: Uint8Array | undefined): StoredPosition[] | undefined {
  if (value === undefined) return []
  if (value.length % POSITION_BYTES !== 0) return undefined
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  return Array.from({ length: value.length / POSITION_BYTES }, (_, index) => {
    const offset = index * POSITION_BYTES
    const quoteE6 = (view.getBigInt64(offset + 16) << 64n) | view.getBigUint64(offset + 24)
    return { market: view.getBigUint64(offset), sizeE9: view.getBigInt64(offset + 8), quoteE6 }
  })
}
