import { isProtocolError } from '@causeway/primitives'

/** The `codespace/code` with which something is refused; fails when it isn't. */
export function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
  return 'accepted'
}
