import { isProtocolError } from '@causeway/primitives'

/** The code that a call is refused with, or 'none'; anything else that it throws is a bug. */
export function refusalOf(call: () => unknown): string {
  try {
    call()
    return 'none'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}
