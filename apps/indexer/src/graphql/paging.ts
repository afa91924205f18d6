import { queryError } from '../read/query-errors.ts'

/** What an argument `owner` may be. */
export const OWNER = '`cway1…`, `cway1…/subaccount`, or an address on a connected chain.'

/** Keyset pages go forward only. Throws `PAGE_SIZE`, `INVALID_CURSOR`. */
export function refuseBackward(page: {
  last?: number | null | undefined
  before?: string | null | undefined
}): void {
  if (page.last !== null && page.last !== undefined) throw queryError('PAGE_SIZE', 'use first and after')
  if (page.before !== null && page.before !== undefined)
    throw queryError('INVALID_CURSOR', 'use first and after')
}
