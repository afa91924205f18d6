import { isProtocolError } from '@causeway/primitives'

/** `codespace/code` of the refusal, or `accepted`; an error that is no refusal is passed on. */
export function codeOf(attempt: () => unknown): string {
  try {
    attempt()
    return 'accepted'
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
}
