import { isProtocolError, toHex } from '@causeway/primitives'

/** Throws, saying what was expected, unless the two byte strings are the same. */
export function expectBytes(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (toHex(got) !== toHex(expected)) throw new Error(`${what} is ${toHex(got)}, expected ${toHex(expected)}`)
}

/** Throws unless the two values are the same. */
export function expectSame(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what} is ${String(got)}, expected ${String(expected)}`)
}

/**
 * Throws unless `attempt` is refused with a `ProtocolError`; any other error is passed on as the bug that it
 * is.
 */
export function expectRefusal(what: string, attempt: () => unknown): void {
  if (!isRefused(attempt)) throw new Error(`${what} was accepted`)
}

/** Whether `attempt` is refused with a `ProtocolError`. */
export function isRefused(attempt: () => unknown): boolean {
  try {
    attempt()
    return false
  } catch (error) {
    if (isProtocolError(error)) return true
    throw error
  }
}
