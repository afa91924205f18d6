import { isProtocolError } from '@causeway/primitives'

/**
 * `codespace/code` of what a call throws, 'nothing' when it returns; anything that is no `ProtocolError` is
 * rethrown.
 */
export function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isProtocolError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
  return 'nothing'
}

/** `codespace/code` of a result, '0' when it succeeded. */
export function codeOf(result: { code: number; codespace: string } | undefined): string {
  if (result === undefined) return 'missing'
  return result.code === 0 ? '0' : `${result.codespace}/${result.code}`
}
