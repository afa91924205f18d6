// Nonces of trade transactions: milliseconds, in any order. Of each signing key the highest 100 are kept, so
// a nonce is either new and above the least of them, or refused.
import { assert } from '@causeway/primitives'

/** Nonces that are remembered of a key. */
export const NONCES_MAX = 100
/** How far before the block's time a nonce may lie, in milliseconds. */
export const NONCE_AGE_MS_MAX = 2n * 86_400_000n
/** How far after it. */
export const NONCE_LEAD_MS_MAX = 86_400_000n
/** Bytes of a stored nonce: enough until the year 10889. */
export const NONCE_BYTES = 6

/** Why a nonce is refused. */
export type NonceRefusal = 'too old' | 'too far ahead' | 'used' | 'below the highest 100'

/**
 * Takes a nonce: the record with it, big-endian and ascending, or why not. Spec: design hub.md, Transactions.
 */
export function takeNonce(
  record: Uint8Array | undefined,
  nonce: bigint,
  nowMilliseconds: bigint,
): Uint8Array | NonceRefusal {
  if (nonce < nowMilliseconds - NONCE_AGE_MS_MAX) return 'too old'
  if (nonce > nowMilliseconds + NONCE_LEAD_MS_MAX) return 'too far ahead'
  const bytes = nonceBytes(nonce)
  if (record === undefined) return bytes
  assert(record.length % NONCE_BYTES === 0 && record.length > 0, 'a record is whole nonces')
  // Most come in order: look from the end.
  const value = Number(nonce)
  let index = record.length
  while (index > 0 && nonceAt(record, index) > value) index -= NONCE_BYTES
  if (index > 0 && nonceAt(record, index) === value) return 'used'
  const isFull = record.length === NONCES_MAX * NONCE_BYTES
  if (isFull && index === 0) return 'below the highest 100'
  // No views: a record is copied with every order
  const start = isFull ? index - NONCE_BYTES : index
  const taken = new Uint8Array(isFull ? record.length : record.length + NONCE_BYTES)
  taken.set(record)
  if (isFull) taken.copyWithin(0, NONCE_BYTES, index)
  else taken.copyWithin(index + NONCE_BYTES, index, record.length)
  taken.set(bytes, start)
  return taken
}

/** The highest nonce of a record. */
export function highestNonce(record: Uint8Array): bigint {
  return record.subarray(record.length - NONCE_BYTES).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
}

/** The nonce that ends before `end`: 48 bits, so that a number is exact. */
function nonceAt(record: Uint8Array, end: number): number {
  let value = 0
  for (let i = end - NONCE_BYTES; i < end; i++) value = value * 256 + record[i]!
  return value
}

function nonceBytes(nonce: bigint): Uint8Array {
  assert(nonce >= 0n && nonce < 1n << 48n, 'a nonce near the time of a block has 48 bits')
  const bytes = new Uint8Array(NONCE_BYTES)
  let rest = Number(nonce)
  for (let i = NONCE_BYTES - 1; i >= 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}
