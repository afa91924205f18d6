// Amounts in state: big-endian bytes without leading zeros, 1 to 32 of them; an amount of zero is an absent
// key.
import { U256_MAX, assert, parseDecimal } from '@causeway/primitives'
import { errors } from './errors.ts'

/** Bytes of a positive amount. */
export function encodeAmount(amount: bigint): Uint8Array {
  assert(amount > 0n && amount <= U256_MAX, 'stored amounts lie within 1 to 2^256 - 1')
  const hex = amount.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  const bytes = new Uint8Array(even.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(even.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** The amount of these bytes; 0 when absent. */
export function decodeAmount(bytes: Uint8Array | undefined): bigint {
  if (bytes === undefined) return 0n
  let amount = 0n
  let chunk = 0
  let bits = 0n
  for (const byte of bytes) {
    chunk = chunk * 256 + byte
    bits += 8n
    if (bits < 48n) continue
    amount = (amount << bits) | BigInt(chunk)
    chunk = 0
    bits = 0n
  }
  return (amount << bits) | BigInt(chunk)
}

/** Reads an amount that somebody asks to move: 1 to 2²⁵⁶ − 1. Throws `ledger/1`. */
export function parseAmount(text: string, what: string): bigint {
  let amount: bigint
  try {
    amount = parseDecimal(text, what)
  } catch {
    throw errors.badAmount({ what })
  }
  if (amount === 0n || amount > U256_MAX) throw errors.badAmount({ what })
  return amount
}
