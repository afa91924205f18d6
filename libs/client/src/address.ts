// Names of accounts and subaccounts: `cway1…` and `cway1…/3`.
import { fromBech32, toBech32 } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Bech32 prefix of a hub's addresses. */
export const PREFIX = 'cway'
const ID_BYTES = 20
const LENGTH_MAX = 128
const SUBACCOUNT_MAX = 0xffff

/** The address of a 20-byte id. */
export function addressOf(id: Uint8Array): string {
  return toBech32(PREFIX, id)
}

/** The 20 bytes of an address. Throws `client/20`. */
export function addressBytes(address: string, name = 'address'): Uint8Array {
  const expected = 'an address of the hub, cway1…'
  if (typeof address !== 'string' || address.length > LENGTH_MAX) throw errors.badArgument({ name, expected })
  let id: Uint8Array
  try {
    id = fromBech32(address, PREFIX)
  } catch {
    throw errors.badArgument({ name, expected })
  }
  if (id.length !== ID_BYTES) throw errors.badArgument({ name, expected })
  return id
}

/** A subaccount's number. Throws `client/20`. */
export function checkSubaccount(subaccount: number): number {
  if (!Number.isInteger(subaccount) || subaccount < 0 || subaccount > SUBACCOUNT_MAX) {
    throw errors.badArgument({ name: 'subaccount', expected: `a number from 0 to ${SUBACCOUNT_MAX}` })
  }
  return subaccount
}

/** `cway1…`, or `cway1…/3` for a subaccount other than 0. Throws `client/20`. */
export function holderText(address: string, subaccount = 0): string {
  addressBytes(address)
  return checkSubaccount(subaccount) === 0 ? address : `${address}/${subaccount}`
}
