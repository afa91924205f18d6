import { concatBytes, fromHex, fromUtf8, toHexUpper, utf8 } from '@causeway/primitives'
import type { KeyValueReader, KeyValueStore } from '../store.ts'
import { denominationHash, parseDenomination, voucherOf } from './denomination.ts'
import { errors } from './transfer-errors.ts'

/** 0x03 ‖ hash → full path. Spec: ibc-go v10 transfer `DenomKey`. */
export const DENOMINATION_PREFIX: Uint8Array = Uint8Array.of(3)

const HASH = /^[0-9a-fA-F]{64}$/

/**
 * Remembers the path of a token that comes in, so that its voucher can be resolved. Returns whether it is
 * new.
 */
export function rememberDenomination(store: KeyValueStore, path: string): boolean {
  const key = denominationKey(denominationHash(path))
  if (store.has(key)) return false
  store.set(key, utf8(path))
  return true
}

/** Full path of a hash in hex, or nothing. */
export function findDenomination(reader: KeyValueReader, hash: string): string | undefined {
  if (!HASH.test(hash)) return undefined
  const bytes = reader.get(denominationKey(fromHex(hash)))
  return bytes === undefined ? undefined : fromUtf8(bytes)
}

/**
 * * Full path of what a bank calls a token: `ibc/…` is looked up, anything else is a token made here. Throws
 * `transfer/20`, `transfer/21`.
 */
export function resolveVoucher(reader: KeyValueReader, voucher: string): string {
  if (!voucher.startsWith('ibc/')) {
    const { base } = parseDenomination(voucher)
    if (base !== voucher)
      throw errors.malformedDenomination({ reason: `name it ${voucherOf(voucher)}, not by its path` })
    return base
  }
  const path = findDenomination(reader, voucher.slice(4))
  if (path === undefined || voucher !== `ibc/${toHexUpper(denominationHash(path))}`) {
    throw errors.unknownVoucher({ voucher: voucher.slice(0, 80) })
  }
  return path
}

function denominationKey(hash: Uint8Array): Uint8Array {
  return concatBytes(DENOMINATION_PREFIX, hash)
}
