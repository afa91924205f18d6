import { hash } from 'node:crypto'

/** SHA-256 of a transaction. */
export function txHash(tx: Uint8Array): Uint8Array {
  const digest = hash('sha256', tx, 'buffer')
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength)
}

/** A hash as a map's key. */
export function hashKey(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('latin1')
}
