import { isClientError } from '../errors.ts'

/** `codespace/code` of what an action throws; `nothing` when it does not. */
export function errorCode(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isClientError(error)) return `${error.codespace}/${error.code}`
    throw error
  }
  return 'nothing'
}
