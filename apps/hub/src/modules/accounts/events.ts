import type { Context } from '../../block/context.ts'

/** Tells that an account came to be. */
export function emitCreated(context: Context, account: string): void {
  context.emit('causeway.accounts.v1.created', { account })
}
