import { equalBytes } from '@causeway/primitives'
import type { AccountState } from '@causeway/light-clients'

/** An address or a signature as the key of a map. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** The bytes of a map's key. */
export function bytesOf(key: string): Uint8Array {
  return Uint8Array.from(Buffer.from(key, 'hex'))
}

/** Whether two states of an account are the same; absent: there is none. */
export function isSameAccount(a: AccountState | undefined, b: AccountState | undefined): boolean {
  if (!a || !b) return a === b
  return (
    a.lamports === b.lamports &&
    a.isExecutable === b.isExecutable &&
    equalBytes(a.owner, b.owner) &&
    equalBytes(a.data, b.data)
  )
}
